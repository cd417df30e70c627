"""The vendor half: from a vendor's API to devices, observations and commands.

Nothing below this folder imports anything of Home Assistant.
"""
