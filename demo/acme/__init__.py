"""Acme Home, a vendor that does not exist: its HTTP API, and a house behind it that lives."""
