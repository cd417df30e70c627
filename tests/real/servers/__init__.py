"""Real vendor servers from PyPI and npm, started on loopback for tests.

Each is an async context manager (`async with HomebridgeServer() as server:`) and has an address,
credentials, and helpers that look at the server itself. See README.md beside this file.
"""

from .base import Answer, RealServer, run_apart
from .errors import MissingToolError, ServerError, ServerFailedError
from .home_assistant import HomeAssistantServer
from .homebridge import HomebridgeServer
from .node_wot import NodeWotServer
from .webthing import WebThingServer

__all__ = [
    "Answer",
    "HomeAssistantServer",
    "HomebridgeServer",
    "MissingToolError",
    "NodeWotServer",
    "RealServer",
    "ServerError",
    "ServerFailedError",
    "WebThingServer",
    "run_apart",
]
