"""The Python client of one vendor."""
