"""Put the uv wheel's binary into a folder, with nothing but a Python 3 and a package index.

Usage: python3 fetch_uv.py VERSION FOLDER

Debian's Python often comes without pip and venv, so this asks the package index itself: the one in
UV_DEFAULT_INDEX, UV_INDEX_URL or PIP_INDEX_URL, else PyPI. Runs on any Python from 3.5.
"""

import base64
import hashlib
import io
import os
import platform
import re
import sys
import urllib.parse
import urllib.request
import zipfile

INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")


def wheel_tag() -> str:
    """Return the regular expression that this machine's uv wheel name ends with."""
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if sys.platform == "darwin":
        machine = {"aarch64": "arm64"}.get(machine, machine)
        return r"macosx_\d+_\d+_" + machine
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return r"[a-z0-9_.]*" + libc + r"[a-z0-9_.]*" + machine + r"[a-z0-9_.]*"


def download(url: str, credentials: str) -> bytes:
    """Return what is at a web address, or exit with a sentence."""
    request = urllib.request.Request(url)  # noqa: S310
    if credentials:
        encoded = base64.b64encode(urllib.parse.unquote(credentials).encode()).decode()
        request.add_header("Authorization", "Basic " + encoded)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.read()
    except (OSError, ValueError) as error:
        sys.exit("cannot read %s: %s" % (url, error))


def main() -> None:
    """Download, verify and unpack uv; exit with a sentence where that cannot be done."""
    version, folder = sys.argv[1:3]
    index = next(filter(None, map(os.environ.get, INDEX_VARIABLES)), "https://pypi.org/simple")
    parts = urllib.parse.urlsplit(index.rstrip("/") + "/uv/")
    credentials, _, host = parts.netloc.rpartition("@")
    index = parts._replace(netloc=host).geturl()
    page = download(index, credentials).decode()
    name = r"uv-%s-py3-none-%s\.whl" % (re.escape(version), wheel_tag())
    match = re.search(r'href="([^"]*/%s)#sha256=([0-9a-f]{64})"' % name, page)
    if match is None:
        sys.exit("%s has no uv %s for this machine" % (index, version))
    address = urllib.parse.urljoin(index, match.group(1))
    same_host = urllib.parse.urlsplit(address).netloc == host
    wheel = download(address, credentials if same_host else "")
    if hashlib.sha256(wheel).hexdigest() != match.group(2):
        sys.exit("the downloaded uv wheel does not have the checksum that the index promises")
    archive = zipfile.ZipFile(io.BytesIO(wheel))
    member = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, "uv")
    partial = target + ".partial-%d" % os.getpid()
    with open(partial, "wb") as file:
        file.write(archive.read(member))
    os.chmod(partial, 0o755)  # noqa: S103
    os.rename(partial, target)


main()
