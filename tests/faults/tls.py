"""Certificates of an authority that the test trusts, and some that nobody should."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "acme.test"
"""The name by which the vendor is known where a test needs one."""

LOCAL = "localhost"
"""The name by which another process can find it."""

type _Made = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


class Shown(StrEnum):
    """Which certificate a server shows."""

    GOOD = "good"
    EXPIRED = "expired"
    WRONG_HOST = "wrong-host"
    SELF_SIGNED = "self-signed"


class Authority:
    """An authority with its certificate in a file, and the servers that it vouches for."""

    def __init__(self, folder: Path) -> None:
        """Make all certificates; it takes a few milliseconds."""
        now = datetime.now(UTC)
        life = (now - timedelta(days=1), now + timedelta(days=1))
        over = (now - timedelta(days=3), now - timedelta(days=2))
        authority = _made("Test authority", None, life)
        self.file = folder / "authority.pem"
        self.file.write_bytes(authority[1].public_bytes(serialization.Encoding.PEM))
        made = {
            Shown.GOOD: _made(HOST, authority, life),
            Shown.EXPIRED: _made(HOST, authority, over),
            Shown.WRONG_HOST: _made("somebody.test", authority, life),
            Shown.SELF_SIGNED: _made(HOST, None, life),
        }
        self._contexts = {
            shown: _context(folder / f"{shown}.pem", *one) for shown, one in made.items()
        }

    def context(self, shown: Shown) -> ssl.SSLContext:
        """Return what a server needs in order to show a certificate."""
        return self._contexts[shown]


def _made(name: str, issuer: _Made | None, life: tuple[datetime, datetime]) -> _Made:
    names = (name, LOCAL) if name == HOST else (name,)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    key_usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    signing_key, signer = issuer if issuer is not None else (key, None)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer.subject if signer is not None else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(life[0])
        .not_valid_after(life[1])
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(identifier, critical=False)
    )
    if issuer is None:
        builder = builder.add_extension(key_usage, critical=True)
    return key, builder.sign(signing_key, hashes.SHA256())


def _context(file: Path, key: ec.EllipticCurvePrivateKey, cert: x509.Certificate) -> ssl.SSLContext:
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + cert.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
