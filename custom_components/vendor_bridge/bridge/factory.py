"""From a profile and what the user filled in to a client."""

from collections.abc import Callable
import importlib
import importlib.util

from .client import Context, VendorClient
from .profile.client import ProfileClient
from .profile.plans import CompiledProfile

type MakeClient = Callable[[CompiledProfile, Context], VendorClient]

_ROOT = __package__.rsplit(".", 1)[0]


def load_client(vendor_id: str) -> MakeClient:
    """Return what makes a vendor's clients: its own Python client where the suite ships one.

    Imports, and so blocks on the disk, the first time.
    """
    name = f"{_ROOT}.vendors.{vendor_id}.client"
    try:
        found = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return ProfileClient
    if found is None:
        return ProfileClient
    client: MakeClient = importlib.import_module(name).Client
    return client


def create_client(profile: CompiledProfile, context: Context) -> VendorClient:
    """Return a client for an account. Raises SetupValueError for what cannot be used."""
    return load_client(profile.id)(profile, context)
