"""Where Home Assistant looks for integrations; HACS installs only the folder below."""
