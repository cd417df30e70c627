"""The ways to sign in, one file a kind."""

from .base import UNAUTHORIZED, Auth, Outgoing, Rejection, Send
from .basic import BasicAuth
from .cookies import cookies_of
from .digest import DigestAuth
from .hashing import Digest, Writing, hash_of
from .jwt import jwt_life
from .key import KeyAuth
from .login import LoginAuth, Step, StepsAuth
from .oauth2 import client_credentials, parse_tokens
from .place import BEARER, Place, Where
from .renewing import Renewal, RenewingAuth
from .signature import SignatureAuth, Signing, ToSign, in_header
from .tokens import Tokens

__all__ = [
    "BEARER",
    "UNAUTHORIZED",
    "Auth",
    "BasicAuth",
    "Digest",
    "DigestAuth",
    "KeyAuth",
    "LoginAuth",
    "Outgoing",
    "Place",
    "Rejection",
    "Renewal",
    "RenewingAuth",
    "Send",
    "SignatureAuth",
    "Signing",
    "Step",
    "StepsAuth",
    "ToSign",
    "Tokens",
    "Where",
    "Writing",
    "client_credentials",
    "cookies_of",
    "hash_of",
    "in_header",
    "jwt_life",
    "parse_tokens",
]
