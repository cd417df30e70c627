"""The connection to a vendor: requests, answers, sign-in."""

from .auth import Auth
from .budgets import Rate
from .connection import Connection
from .limits import Limiter, Limits
from .message import Answer, AnswerKind, Body, BodyKind, Request
from .retry import Retry
from .settings import Settings
from .share import Share
from .sharing import Limiters

__all__ = [
    "Answer",
    "AnswerKind",
    "Auth",
    "Body",
    "BodyKind",
    "Connection",
    "Limiter",
    "Limiters",
    "Limits",
    "Rate",
    "Request",
    "Retry",
    "Settings",
    "Share",
]
