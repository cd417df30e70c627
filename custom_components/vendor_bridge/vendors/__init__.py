"""The vendors that the suite ships: a profile each, and a Python client where it takes one."""
