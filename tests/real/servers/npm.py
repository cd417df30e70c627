"""Servers that come from npm."""

from pathlib import Path

from .cache import installed, run, tool
from .errors import MissingToolError

NODE_MAJOR = 20
_HINT = f"install Node.js {NODE_MAJOR} or newer (on Debian: apt-get install nodejs npm)"


async def node() -> str:
    """Return the path of a Node.js that is new enough; raise MissingToolError if there is none."""
    path = tool("node", _HINT)
    version = (await run(path, "--version")).strip()
    if int(version.removeprefix("v").split(".")[0]) < NODE_MAJOR:
        raise MissingToolError(f"Node.js {version} is too old: {_HINT}")
    return path


async def npm_installed(name: str, packages: tuple[str, ...]) -> Path:
    """Install packages (`name@version`) into the cache; return their `node_modules`.

    Install scripts do not run: the packages ship what they need, and scripts would download.
    """
    await node()
    npm = tool("npm", _HINT)

    async def build(folder: Path) -> None:
        (folder / "package.json").write_text('{"private": true}\n')
        await run(
            npm,
            "install",
            "--prefix",
            folder,
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-update-notifier",
            "--loglevel=error",
            *packages,
        )

    return await installed(name, build) / "node_modules"
