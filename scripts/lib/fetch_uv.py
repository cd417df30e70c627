"""Put the uv wheel's binary into a folder, with nothing but a Python 3 and PyPI.

Usage: python3 fetch_uv.py VERSION FOLDER

Debian's Python often comes without pip and venv, so this asks the package index itself: the one
that pip is configured for where PIP_INDEX_URL says so, else PyPI. Runs on any Python 3.
"""

import hashlib
import io
import os
import platform
import re
import stat
import sys
import urllib.parse
import urllib.request
import zipfile


def wheel_tag():
    """Return the regular expression that this machine's uv wheel name ends with."""
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if sys.platform == "darwin":
        machine = {"aarch64": "arm64"}.get(machine, machine)
        return r"macosx_\d+_\d+_" + machine
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return r"[a-z0-9_.]*" + libc + r"[a-z0-9_.]*" + machine + r"[a-z0-9_.]*"


def main():
    """Download, verify and unpack uv; exit with a sentence where that cannot be done."""
    version, folder = sys.argv[1:3]
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/uv/"
    try:
        with urllib.request.urlopen(index, timeout=60) as answer:  # noqa: S310
            page = answer.read().decode()
    except OSError as error:
        sys.exit("cannot reach the package index for uv: %s" % error)
    name = r"uv-%s-py3-none-%s\.whl" % (re.escape(version), wheel_tag())
    match = re.search(r'href="([^"]*/%s)#sha256=([0-9a-f]{64})"' % name, page)
    if match is None:
        sys.exit("the package index has no uv %s for this machine" % version)
    with urllib.request.urlopen(  # noqa: S310
        urllib.parse.urljoin(index, match.group(1)), timeout=300
    ) as answer:
        wheel = answer.read()
    if hashlib.sha256(wheel).hexdigest() != match.group(2):
        sys.exit("the downloaded uv wheel does not have the checksum that the index promises")
    archive = zipfile.ZipFile(io.BytesIO(wheel))
    member = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, "uv")
    partial = target + ".partial-%d" % os.getpid()
    with open(partial, "wb") as file:
        file.write(archive.read(member))
    os.chmod(partial, stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
    os.rename(partial, target)


main()
