"""Names that several rooms of the integration use."""

from logging import Logger, getLogger
from typing import Final

DOMAIN: Final = "vendor_bridge"
LOGGER: Logger = getLogger(__package__)

# Config entry data
CONF_VENDOR: Final = "vendor"
"""The id of the vendor's profile."""
CONF_ACCOUNT_ID: Final = "account_id"
"""What the account was called when it was added; devices and entities are known by it for good."""
CONF_SETUP: Final = "setup"
"""What the user filled in, by the names in the profile's ``setup``."""
CONF_TOKENS: Final = "tokens"
"""What the client wants to find again after a restart."""

CONF_CERTIFICATES: Final = "certificates"
"""The SHA-256 of certificates that the user accepted, in hex, by "host:port"."""

# Forms
CONF_ACCEPT: Final = "accept"
"""Whether the user accepts the certificate that is shown."""

# Config entry options
CONF_CHOSEN: Final = "chosen"
"""Vendor ids of the devices that the user took."""
CONF_EXCLUDED: Final = "excluded"
"""Vendor ids of the devices that the user saw and left out."""
CONF_ADD_NEW: Final = "add_new"
"""Whether devices that nobody has decided about are taken by themselves."""
CONF_INTERVALS: Final = "intervals"
"""Monitor key to seconds, where the user wants another interval than the profile's."""
CONF_SCHEDULES: Final = "schedules"
"""Monitor key to lines of a schedule, where the user wants another than the profile's; none of them
for the interval."""
CONF_OUTAGE_AFTER: Final = "report_outage_after"
"""Minutes that an account has to be down before Repairs says so; 0 for never."""
DEFAULT_OUTAGE_AFTER: Final = 60
CONF_FILL: Final = "fill"
"""Whether hours that Home Assistant has missed are filled from what the vendor remembers."""
CONF_VOICE_UNLOCKS: Final = "voice_unlocks"
"""Whether a voice assistant may unlock the account's locks, and not only lock them."""
