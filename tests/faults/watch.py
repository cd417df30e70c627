"""What the log may say during a fault, and what it must not."""

from collections import Counter
import logging
import re
from typing import Final, override

ALLOWED: Final = re.compile(
    r"Error fetching .* data: "
    r"|^Authentication failed while fetching "
    r"|was not understood: "
    r"|not ready yet: .*; Retrying in "
    r"|could not authenticate: "
    r"|^We found a custom integration "
    r"|^Executing .* took "
)
ONCE: Final = re.compile(r" fetching .* data: |was not understood: ")


class Watch(logging.Handler):
    """Keeps what is logged on Home Assistant's thread."""

    def __init__(self) -> None:
        """Watch one thread only: the vendor and the proxy may complain as they like."""
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.threadName != "outside":
            self.records.append(record)

    def complaints(self) -> list[str]:
        """Return what should not have been logged, or not more than once."""
        bad = [
            f"{record.levelname} {record.name}: {record.getMessage()}"
            + (f" {record.exc_info[1]!r}" if record.exc_info else "")
            for record in self.records
            if record.exc_info or not ALLOWED.search(record.getMessage())
        ]
        told = Counter(
            record.getMessage() for record in self.records if ONCE.search(record.getMessage())
        )
        return bad + [f"logged {count} times: {text}" for text, count in told.items() if count > 1]
