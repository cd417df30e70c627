"""The demo: a real Home Assistant beside a simulated vendor.

Without options it runs until Ctrl-C and shows what happens; ``--check`` goes through the story by
itself, on a port that is free and in a folder of its own, and ends with 0 when every step went as
it should.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
import contextlib
from pathlib import Path
import shutil
import sys
import tempfile
import time

from .acme_server import EMAIL, PASSWORD, AcmeServer
from .dashboard import PATH as DASHBOARD, add_dashboard
from .home_assistant import HomeAssistant, HomeAssistantError
from .past import live_through_days_off
from .processes import ProgramError, end_when_told, free_port, hold_port, port_number
from .stage import Stage, StepFailedError
from .story import STEPS, add_account, see_devices
from .watch import watch

ROOT = Path(__file__).parent.parent
OWNER = {"name": "Demo", "username": "demo", "password": "demo"}
CONFIGURATION = Path(__file__).parent / "config"
PORT = 8123


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo and return the exit code."""
    parser = argparse.ArgumentParser(prog="./scripts/demo", description=__doc__)
    parser.add_argument("--check", action="store_true", help="go through the story and check it")
    parser.add_argument("--port", type=port_number, help=f"Home Assistant's port ({PORT})")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="go on with what the last demo on this port left in .work/demo",
    )
    options = parser.parse_args(argv)
    if options.check and (options.port or options.keep):
        parser.error("--check takes neither --port nor --keep")
    doing = _check() if options.check else _show(options.port or PORT, keep=options.keep)
    try:
        return asyncio.run(end_when_told(doing))
    except (HomeAssistantError, ProgramError, StepFailedError, TimeoutError) as error:
        print(f"error: {str(error) or type(error).__name__}", file=sys.stderr)
        return 1


async def _check() -> int:
    """Go through the story in a folder that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="vendor-bridge-demo-"))
    try:
        acme = AcmeServer(folder / "acme", free_port(), "--quiet")
        home = HomeAssistant(folder / "config", free_port(), owner=OWNER)
        home.prepare(CONFIGURATION)
        async with acme, home:
            began = time.monotonic()
            await home.start()
            await home.onboard()
            await home.running()
            print(f"  ok   Home Assistant and Acme Home run ({time.monotonic() - began:.1f} s)")
            stage = Stage(acme, home)
            for step in STEPS:
                if not await _goes_well(step, step(stage), home.log):
                    return 1
        past = folder / "past"
        days_off = live_through_days_off(past, OWNER, CONFIGURATION)
        log = past / "config" / home.log.name
        if not await _goes_well(live_through_days_off, days_off, log):
            return 1
        print(f"{len(STEPS) + 1} passed, 0 failed")
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _goes_well(step: Callable[..., object], doing: Awaitable[str], log: Path) -> bool:
    """Wait for a step, and print what came of it."""
    began = time.monotonic()
    name = step.__name__.replace("_", " ")
    try:
        told = await doing
    except (StepFailedError, HomeAssistantError, ProgramError) as error:
        print(f"  FAIL {name}: {error}", file=sys.stderr)
        print(_tail(log), file=sys.stderr)
        return False
    print(f"  ok   {name}: {told} ({time.monotonic() - began:.1f} s)", flush=True)
    return True


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-40:] if log.exists() else []
    return "\n".join(["the end of Home Assistant's log:", *lines])


async def _show(port: int, *, keep: bool) -> int:
    """Run until Ctrl-C, telling what happens."""
    folder = ROOT / ".work" / "demo" / str(port)
    with hold_port(port, folder.with_suffix(".lock")):
        if not keep and folder.exists():
            shutil.rmtree(folder)
        acme = AcmeServer(folder / "acme", free_port())
        home = HomeAssistant(folder / "config", port, owner=OWNER)
        home.prepare(CONFIGURATION)
        print("starting Acme Home, the simulated vendor, and Home Assistant ...", flush=True)
        async with acme, home:
            await home.start()
            await home.onboard()
            await home.running()
            stage = Stage(acme, home)
            print(await add_account(stage))
            print(await see_devices(stage))
            await add_dashboard(stage)
            _introduce(stage)
            await _tell(stage)
    return 0


async def _tell(stage: Stage) -> None:
    """Print what happens until Ctrl-C, which is how the demo is to end."""
    watching = asyncio.create_task(watch(stage))
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    with contextlib.suppress(OSError):  # The terminal may be gone.
        print("\nstopping ...", flush=True)


def _introduce(stage: Stage) -> None:
    """Print where to look."""
    print(
        f"""
  Home Assistant   {stage.home.url}   user {OWNER["username"]}, password {OWNER["password"]}
  its dashboard    {stage.home.url}/{DASHBOARD}
  Acme Home        {stage.acme.url}   {EMAIL}, password {PASSWORD}
  its house        {stage.acme.url}/_sim/house
  the profile      demo/config/vendor_bridge/acme.yaml
"""
    )
    for serial, device in sorted(stage.devices.items()):
        print(f"  {serial:12} {device.get('model') or '':14} {device['name'] or ''}")
    print("\nobservations and commands, as they happen (Ctrl-C ends the demo):", flush=True)
