"""Profiles: from a YAML file to a client."""
