"""``./scripts/demo``, which Ctrl-C ends from its first moment on.

Modules that are being imported may swallow a KeyboardInterrupt, so until the demo handles signals
itself, they end it as the system does. Nothing has been started by then.
"""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

from .main import main  # noqa: E402 - takes most of a second

sys.exit(main())
