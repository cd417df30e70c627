"""Where an account is reached, how certificates are checked there, and which one is shown."""

from collections.abc import Mapping, Sequence
import os
from pathlib import Path
import ssl
import tempfile
from typing import Any

from yarl import URL

from ..errors import SetupValueError
from ..http.wire import Tls
from .compiler.api import ASK
from .plans import CertificatePlan, CompiledProfile
from .signin.base import filled
from .templates import Template
from .values import MISSING


def asks_about_certificates(profile: CompiledProfile, setup: Mapping[str, Any]) -> bool:
    """Return whether the user may accept a certificate that nobody vouches for."""
    return bool(profile.verify_ssl.fill({"setup": setup}) == ASK)


def addresses_of(profile: CompiledProfile, setup: Mapping[str, Any]) -> Sequence[URL]:
    """Return the base addresses, in the order in which they are tried.

    Raises SetupValueError where none is filled in, or one can't be asked.
    """
    filled_in = [plan.fill({"setup": setup}) for plan in profile.base_urls]
    addresses = [
        _address(profile, str(text)) for text in filled_in if text not in {None, MISSING, ""}
    ]
    if not addresses:
        raise SetupValueError("base", "no address is filled in")
    return addresses


def _address(profile: CompiledProfile, text: str) -> URL:
    """Return a base address. Raises SetupValueError for one that can't be asked."""
    field = next(
        (name for name, spec in profile.setup.items() if spec.type in {"url", "host"}), "base"
    )
    try:
        url = URL(text)
        if url.scheme not in {"http", "https"} or not url.host or url.user or url.query_string:
            message = "expected http:// or https://, a host, and perhaps a port and a path"
            raise SetupValueError(field, message)
    except ValueError as error:
        raise SetupValueError(field, "this is not an address") from error
    return url


def tls_of(profile: CompiledProfile, setup: Mapping[str, Any]) -> Tls:
    """Return how certificates are checked. Blocks where there is a client's certificate.

    Raises SetupValueError for a certificate or a key that cannot be used.
    """
    checked = profile.verify_ssl.fill({"setup": setup}) is not False
    plan = profile.client_certificate
    if plan is None:
        return checked
    context = ssl.create_default_context()
    if not checked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    _load(context, plan, setup)
    return context


def _load(context: ssl.SSLContext, plan: CertificatePlan, setup: Mapping[str, Any]) -> None:
    """Give the connection a certificate to show."""
    scope = {"setup": setup}
    certificate, key = filled(plan.certificate, scope), filled(plan.key, scope)
    password = filled(plan.password, scope)
    if not certificate and not key:
        return  # both may be optional
    asked = False

    def tell_password() -> str:
        # Without this, OpenSSL would ask on the terminal.
        nonlocal asked
        asked = True
        return password

    # Python takes them from a file alone; it is gone before anything else happens.
    handle, name = tempfile.mkstemp(prefix="vendor_bridge")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{key}\n{certificate}\n")
        context.load_cert_chain(name, password=tell_password)
    except ssl.SSLError, ValueError:
        raise _unusable(plan, certificate, key, encrypted=asked, password=password) from None
    finally:
        Path(name).unlink()


def _unusable(
    plan: CertificatePlan, certificate: str, key: str, *, encrypted: bool, password: str
) -> SetupValueError:
    """Return what is wrong, as well as that can be told."""
    if "-----BEGIN CERTIFICATE-----" not in certificate:
        reason = 'it is no PEM: that begins with "-----BEGIN CERTIFICATE-----"'
        return SetupValueError(_field(plan.certificate), reason)
    if "PRIVATE KEY-----" not in key:
        return SetupValueError(_field(plan.key), 'it is no PEM: that has "PRIVATE KEY-----"')
    if encrypted and not password:
        return SetupValueError(_field(plan.key), "it is encrypted, and there is no password")
    if encrypted:
        return SetupValueError(_field(plan.password), "the key cannot be decrypted with it")
    return SetupValueError(_field(plan.key), "it does not belong to the certificate, or is broken")


def _field(template: Template) -> str:
    names = (name.removeprefix("setup.") for name in template.names if name.startswith("setup."))
    return min(names, default="base")
