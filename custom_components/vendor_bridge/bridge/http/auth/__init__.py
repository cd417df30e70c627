"""The ways to sign in, one file a kind."""

from .base import UNAUTHORIZED, Auth, Outgoing, Rejection, Send
from .basic import BasicAuth
from .consent import ConsentAuth, Prompt, WaitingAuth
from .cookies import cookies_of
from .device_code import DeviceCodeAuth
from .digest import DigestAuth
from .hashing import Digest, Writing, hash_of
from .jwt import jwt_life
from .key import KeyAuth
from .login import LoginAuth, Step, StepsAuth
from .oauth2 import (
    Authorization,
    AuthorizationCodeAuth,
    ClientCredentialsAuth,
    Endpoint,
    TokenServer,
    parse_tokens,
)
from .pairing import PairingAuth
from .place import BEARER, Place, Where
from .renewing import Renewal, RenewingAuth
from .signature import SignatureAuth, Signing, ToSign, in_header
from .tokens import Tokens

__all__ = [
    "BEARER",
    "UNAUTHORIZED",
    "Auth",
    "Authorization",
    "AuthorizationCodeAuth",
    "BasicAuth",
    "ClientCredentialsAuth",
    "ConsentAuth",
    "DeviceCodeAuth",
    "Digest",
    "DigestAuth",
    "Endpoint",
    "KeyAuth",
    "LoginAuth",
    "Outgoing",
    "PairingAuth",
    "Place",
    "Prompt",
    "Rejection",
    "Renewal",
    "RenewingAuth",
    "Send",
    "SignatureAuth",
    "Signing",
    "Step",
    "StepsAuth",
    "ToSign",
    "TokenServer",
    "Tokens",
    "WaitingAuth",
    "Where",
    "Writing",
    "cookies_of",
    "hash_of",
    "in_header",
    "jwt_life",
    "parse_tokens",
]
