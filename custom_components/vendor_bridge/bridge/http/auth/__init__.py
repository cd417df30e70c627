"""The ways to sign in, one file a kind."""

from .base import UNAUTHORIZED, Auth, Outgoing, Rejection, Send
from .basic import BasicAuth
from .key import KeyAuth
from .place import BEARER, Place, Where

__all__ = [
    "BEARER",
    "UNAUTHORIZED",
    "Auth",
    "BasicAuth",
    "KeyAuth",
    "Outgoing",
    "Place",
    "Rejection",
    "Send",
    "Where",
]
