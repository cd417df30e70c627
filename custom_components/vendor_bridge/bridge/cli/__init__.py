"""The command line of the vendor half: check profiles and try them, without Home Assistant."""
