"""Install real servers, or run one by hand.

python -m tests.real.servers              install all
python -m tests.real.servers homebridge   run one until Ctrl-C, and say how to reach it
"""

import argparse
import asyncio
from contextlib import suppress
import time

from . import (
    HomeAssistantServer,
    HomebridgeServer,
    NodeWotServer,
    RealServer,
    ServerError,
    WebThingServer,
)

KINDS: dict[str, type[RealServer]] = {
    kind.name: kind
    for kind in (HomeAssistantServer, HomebridgeServer, NodeWotServer, WebThingServer)
}


async def install_all() -> None:
    """Install every server that is not in the cache yet."""
    for name, kind in KINDS.items():
        begin = time.monotonic()
        await kind.install()
        print(f"{name}: installed ({time.monotonic() - begin:.1f} s)")


async def run(kind: type[RealServer]) -> None:
    """Run a server until the task is cancelled."""
    async with kind() as server:
        print(f"{server.name}: {server.url}")
        for secret in ("username", "password", "token"):
            if value := getattr(server, secret, ""):
                print(f"  {secret}: {value}")
        print(f"  log: {server.folder}/server.log", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Do what the command line says; exit with a sentence if that fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.real.servers")
    parser.add_argument("server", nargs="?", choices=sorted(KINDS))
    chosen = parser.parse_args().server
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(run(KINDS[chosen]) if chosen else install_all())
    except ServerError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
