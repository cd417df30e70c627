"""What voice assistants understand of the vendor's devices, and what they do to them."""
