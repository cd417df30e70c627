"""The command line: ``./scripts/acme``."""

import argparse
import asyncio
from collections.abc import Sequence
import contextlib
from dataclasses import dataclass
import logging
from pathlib import Path
import signal
import sys
from zoneinfo import ZoneInfo

from aiohttp import web

from ..processes import port_number
from .app import PAST_DAYS, create_app_for
from .catalogue import TIME_ZONE
from .clock import SimulatedClock, behind
from .house import House, birth
from .journal import LivedHouse, move_in
from .service import Service, Settings, make_service

_CLOSES_WITHIN = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server listens, and where it leaves its port."""

    host: str
    port: int
    port_file: Path | None


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    usual = Settings()
    parser = argparse.ArgumentParser(
        prog="./scripts/acme",
        description="Acme Home, the simulated vendor. It stays in the foreground until Ctrl-C.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=0, help="0 takes a free one (0)")
    parser.add_argument("--port-file", type=Path, help="gets the port once the server listens")
    parser.add_argument("--state-dir", type=Path, help="keeps the house over restarts")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another house")
    parser.add_argument(
        "--past-days", type=int, default=PAST_DAYS, help="days that a new house has lived already"
    )
    parser.add_argument(
        "--behind-days", type=int, default=0, help="days that the clock of a new house is behind"
    )
    parser.add_argument(
        "--quiet", action="store_true", help="nobody comes or goes, nothing jams by itself"
    )
    parser.add_argument("--token-seconds", type=float, default=usual.token_seconds)
    parser.add_argument("--requests-per-minute", type=int, default=usual.requests_per_minute)
    parser.add_argument("--page-size", type=int, default=usual.page_size)
    return parser.parse_args(argv)


def _port(text: str) -> int:
    return 0 if text == "0" else port_number(text)


def build(options: argparse.Namespace) -> Service:
    """Make, or remember, the house and all around it."""
    clock = SimulatedClock()
    clock = SimulatedClock(anchor=behind(clock.anchor, options.behind_days))
    zone = ZoneInfo(TIME_ZONE)
    born = birth(clock.now(), options.past_days, zone)
    house = House(born=born, seed=options.seed, lively=not options.quiet, zone=zone)
    folder: Path | None = options.state_dir
    settings = Settings(options.token_seconds, options.requests_per_minute, options.page_size)
    if folder is None:
        lived = LivedHouse(house, clock)
        sessions_path = None
    else:
        folder.mkdir(parents=True, exist_ok=True)
        lived = move_in(folder / "journal.jsonl", clock, house)
        sessions_path = folder / "sessions.json"
    # The past is lived through before the first request, not during it.
    lived.house.advance(clock.now())
    return make_service(lived, settings, sessions_path=sessions_path)


async def serve(service: Service, place: Place, stop: asyncio.Event) -> None:
    """Serve until ``stop`` is set."""
    runner = web.AppRunner(
        create_app_for(service), access_log=None, shutdown_timeout=_CLOSES_WITHIN
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, place.host, place.port)
        await site.start()
        port = runner.addresses[0][1]
        if place.port_file is not None:
            # Whole or not at all: somebody waits for it.
            beside = place.port_file.with_name(place.port_file.name + ".new")
            beside.write_text(f"{port}\n", encoding="ascii")
            beside.replace(place.port_file)
        print(f"Acme Home listens on http://{place.host}:{port}", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()
        if place.port_file is not None:
            place.port_file.unlink(missing_ok=True)


async def _run(service: Service, place: Place) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(service, place, stop)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the server until it is told to stop; return the exit code."""
    options = arguments(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    place = Place(options.host, options.port, options.port_file)
    with contextlib.suppress(KeyboardInterrupt):
        try:
            asyncio.run(_run(build(options), place))
        except (OSError, ValueError) as error:
            print(f"acme: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
