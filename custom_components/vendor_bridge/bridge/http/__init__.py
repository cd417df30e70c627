"""The connection to a vendor: requests, answers, sign-in."""

from .auth import Auth
from .connection import Connection
from .limits import Limiter, Limits, Rate
from .message import Answer, AnswerKind, Body, BodyKind, Request
from .retry import Retry
from .settings import Settings

__all__ = [
    "Answer",
    "AnswerKind",
    "Auth",
    "Body",
    "BodyKind",
    "Connection",
    "Limiter",
    "Limits",
    "Rate",
    "Request",
    "Retry",
    "Settings",
]
