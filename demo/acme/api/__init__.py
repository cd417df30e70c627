"""The vendor's API, version 1: what docs/acme-api.md describes."""
