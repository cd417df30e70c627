"""The pictures of the documentation: what somebody sees who adds the demo's account.

Starts the demo in a folder that is removed afterwards, walks through the real frontend in a
headless Chromium, and writes the pictures.
"""

import argparse
import asyncio
from collections.abc import Sequence
import json
from pathlib import Path
import shutil
import sys
import tempfile
import time

from . import dashboard
from .acme_server import EMAIL, PASSWORD, AcmeServer
from .browser import HEIGHT, WIDTH, Browser, BrowserError
from .energy import choose_energy
from .home_assistant import HomeAssistant, HomeAssistantError
from .processes import ProgramError, end_when_told, free_port, port_number
from .stage import DOMAIN, Stage, StepFailedError
from .story import see_devices

ROOT = Path(__file__).parent.parent
CONFIGURATION = Path(__file__).parent / "config"
FOLDER = ROOT / "docs" / "images"
OWNER = {"name": "Demo", "username": "demo", "password": "demo"}
LARGEST_BYTES = 250_000
DASHBOARD_WIDTH = 1640
ENERGY_HEIGHT = 960
MOST_LOOKS = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Make the pictures and return the exit code."""
    parser = argparse.ArgumentParser(prog="./scripts/screenshots", description=__doc__)
    parser.add_argument("--port", type=port_number, help="Home Assistant's port (a free one)")
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help="where the pictures go (docs/images)"
    )
    options = parser.parse_args(argv)
    try:
        making = _make(options.port or free_port(), options.folder)
        return asyncio.run(end_when_told(making))
    except (BrowserError, HomeAssistantError, ProgramError, StepFailedError, TimeoutError) as error:
        print(f"error: {str(error) or type(error).__name__}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


async def _make(port: int, pictures: Path) -> int:
    browser = Browser()  # Says what is missing before anything else is started.
    folder = Path(tempfile.mkdtemp(prefix="vendor-bridge-pictures-"))
    try:
        acme = AcmeServer(folder / "acme", free_port(), "--quiet")
        home = HomeAssistant(folder / "config", port, owner=OWNER)
        home.prepare(CONFIGURATION)
        async with acme, home, browser:
            print("starting Acme Home, the simulated vendor, and Home Assistant ...", flush=True)
            await home.start()
            await home.onboard()
            await home.running()
            await Photographer(Stage(acme, home), browser, pictures).walk()
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Photographer:
    """Walks through the frontend and takes pictures on the way."""

    def __init__(self, stage: Stage, browser: Browser, folder: Path) -> None:
        """Take what the demo is made of, and where the pictures go."""
        self._stage = stage
        self._browser = browser
        self._folder = folder

    async def walk(self) -> None:
        """Go the whole way. Raises BrowserError where the frontend does not show what it should."""
        await self._sign_in()
        await self._add_account()
        await see_devices(self._stage)
        await self._live()
        await self._look_at_account()
        await self._look_at_devices()
        await self._look_at_automation()
        await self._look_at_energy()
        await self._look_at_dashboard()

    async def _sign_in(self) -> None:
        """Give the frontend the token that it would have got from its own sign-in page."""
        home = self._stage.home
        lifetime = 1800
        tokens = {
            "access_token": home.token,
            "token_type": "Bearer",
            "refresh_token": "",
            "expires_in": lifetime,
            "expires": round((time.time() + lifetime) * 1000),
            "hassUrl": home.url,
            "clientId": f"{home.url}/",
        }
        await self._browser.on_every_page(
            f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(tokens))});"
            "localStorage.setItem('dockedSidebar', '\"always_hidden\"');"
        )

    # --- the account --------------------------------------------------------------------------

    async def _add_account(self) -> None:
        browser = self._browser
        await browser.open(f"{self._stage.home.url}/config/integrations/integration/{DOMAIN}")
        await self._click("ha-button", "Add hub")
        await self._see(
            "deep('step-flow-form ha-generic-picker, ha-generic-picker')", "the vendors"
        )
        await self._point_at("ha-generic-picker")
        await self._see("deepAll('ha-combo-box-item').length > 2", "the list of vendors")
        await self._picture("vendor")
        await self._point_at("ha-combo-box-item", "Acme Home")
        await self._click("ha-button", "Next")
        await self._see("deepAll('ha-selector-text').length === 3", "the form")
        for place, text in enumerate((self._stage.acme.url, EMAIL, PASSWORD)):
            await browser.evaluate(
                f"(() => {{ const field = deepAll('ha-selector-text')[{place}];"
                "const input = deepAll('input', field.shadowRoot)[0];"
                "input.focus(); input.select(); })()"
            )
            await browser.send("Input.insertText", text=text)
        await self._picture("account")
        await self._click("ha-button", "Next")
        await self._see("deep('ha-selector-boolean')", "the devices")
        await self._picture("devices")
        await self._click("ha-button", "Submit")
        await self._click("ha-button", "Finish")

    async def _live(self) -> None:
        """Do this and that in the house, so that there is something to see."""
        home, acme = self._stage.home, self._stage.acme
        lock, lamp = self._entity("LCK-0001"), self._entity("LMP-0002")
        await acme.pull("LCK-0001", jam="never")
        await home.call("lock.unlock", entity_id=lock)
        await home.call("lock.lock", entity_id=lock)
        await home.call("light.turn_on", entity_id=lamp, hs_color=[30, 70], brightness_pct=60)
        await home.call(
            "climate.set_temperature", entity_id=self._entity("THM-0001"), temperature=22.5
        )
        await acme.pull("BLD-0001", position=60)
        await acme.pull("CON-0001", open=True)
        await acme.pull("DBL-0001", press=True)
        # What plays moves on, and would never stand still for a picture.
        for serial in ("TEL-0001", "SPK-0001"):
            await acme.pull(serial, do="play", volume=16)
            await acme.pull(serial, seek_ms=64_000)
            await acme.pull(serial, do="pause")
        await acme.pull("FAN-0001", speed=3)
        await acme.pull("HUM-0001", on=True)
        await acme.pull("MOW-0001", do="mow")
        await home.wait_for(self._entity("CON-0001", "contact"), "on")
        await home.wait_for(self._entity("MOW-0001"), "mowing")

    async def _look_at_account(self) -> None:
        await self._go(f"/config/integrations/integration/{DOMAIN}")
        await self._see("deep('ha-config-entry-row')", "the account")
        await self._picture("integration")
        await self._go(f"/config/devices/dashboard?domain={DOMAIN}")
        await self._see("deepAll('.mdc-data-table__row').length > 10", "the list of devices")
        await self._picture("device-list")

    # --- devices and the dashboard ------------------------------------------------------------

    async def _look_at_devices(self) -> None:
        for serial, name in (("THM-0001", "thermostat"), ("LCK-0001", "lock")):
            await self._go(f"/config/devices/device/{self._stage.devices[serial]['id']}")
            await self._see("deepAll('ha-device-entities-card').length > 1", f"the {name}")
            await self._picture(name)

    async def _look_at_automation(self) -> None:
        """Show an automation with a trigger of ours, and the form of a task."""
        name = "clean_when_back"
        vacuum = self._stage.devices["VAC-0001"]["id"]
        automation = {
            "alias": "Clean once the vacuum is back",
            "triggers": [
                {
                    "trigger": "vendor_bridge.device_came_back",
                    "target": {"device_id": vacuum},
                }
            ],
            "actions": [
                {
                    "action": "vendor_bridge.acme_clean_rooms",
                    "target": {"device_id": vacuum},
                    "data": {"rooms": ["Kitchen", "Hall"], "passes": 2},
                }
            ],
        }
        await self._stage.home.post(f"/api/config/automation/config/{name}", automation)
        await self._browser.resize(DASHBOARD_WIDTH, HEIGHT)
        await self._browser.open(f"{self._stage.home.url}/config/automation/edit/{name}")
        await self._point_at("ha-automation-action-row")
        await self._see("deep('ha-selector-select')", "the form of the task")
        await self._picture("automation")
        await self._browser.resize(WIDTH, HEIGHT)

    async def _look_at_dashboard(self) -> None:
        await dashboard.add_dashboard(self._stage)
        # The frontend hears of a new dashboard a moment later, and knows no way to it before.
        panel = f"deep('home-assistant').hass.panels[{json.dumps(dashboard.PATH)}]"
        await self._see(panel, "that there is a dashboard")
        await self._go(f"/{dashboard.PATH}/0")
        await self._see("deepAll('hui-tile-card').length > 10", "the dashboard")
        # All of it: as wide as its four columns are, and as high as it then becomes.
        await self._browser.resize(DASHBOARD_WIDTH, HEIGHT)
        await self._see("deep('hui-weather-forecast-card')", "the weather")
        await asyncio.sleep(2)
        height = await self._browser.evaluate(
            "Math.ceil(deep('hui-sections-view').getBoundingClientRect().height) + 80"
        )
        await self._browser.resize(DASHBOARD_WIDTH, height)
        await self._picture("dashboard")
        await self._browser.resize(WIDTH, HEIGHT)

    async def _look_at_energy(self) -> None:
        """Show yesterday, which is over whatever the time is."""
        await choose_energy(self._stage)
        await self._browser.resize(DASHBOARD_WIDTH, ENERGY_HEIGHT)
        await self._browser.open(f"{self._stage.home.url}/energy")
        await self._see("deep('hui-energy-sources-table-card')", "the Energy dashboard")
        before = "deepAll('ha-icon-button').find((one) => one.label === 'Previous')"
        await self._see(before, "the day before")
        await self._browser.evaluate(f"{before}.click()")
        await self._picture("energy")
        await self._browser.resize(WIDTH, HEIGHT)

    def _entity(self, serial: str, key: str = "main") -> str:
        """Return the entity that stands for a device."""
        return self._stage.entity(serial, key)

    # --- hands and eyes -----------------------------------------------------------------------

    async def _go(self, path: str) -> None:
        """Go to another page as a link does, without loading the frontend anew."""
        await self._browser.evaluate(
            f"history.pushState(null, '', {json.dumps(path)});"
            "window.dispatchEvent(new CustomEvent('location-changed', {detail: {replace: false}}));"
        )

    async def _see(self, condition: str, what: str) -> None:
        await self._browser.wait_for(condition, what)

    async def _click(self, selector: str, text: str) -> None:
        """Press a button as soon as it is there and can be pressed."""
        button = (
            f"deepAll({json.dumps(selector)})"
            f".find((one) => one.innerText.trim() === {json.dumps(text)} && !one.disabled)"
        )
        await self._see(button, f"{text!r}")
        await self._browser.evaluate(f"{button}.click()")

    async def _point_at(self, selector: str, text: str = "") -> None:
        """Click with the mouse in the middle of an element that begins with a text."""
        element = (
            f"deepAll({json.dumps(selector)})"
            f".find((one) => one.innerText.trim().startsWith({json.dumps(text)}))"
        )
        await self._see(f"{element}?.getBoundingClientRect().width", text or selector)
        box = await self._browser.evaluate(f"{element}.getBoundingClientRect().toJSON()")
        for kind in ("mousePressed", "mouseReleased"):
            await self._browser.send(
                "Input.dispatchMouseEvent",
                type=kind,
                x=box["x"] + box["width"] / 2,
                y=box["y"] + box["height"] / 2,
                button="left",
                clickCount=1,
            )

    async def _picture(self, name: str) -> None:
        """Save a picture once nothing moves any more, or after a while all the same.

        Raises BrowserError for a huge one.
        """
        await self._browser.send("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=HEIGHT - 1)
        before, now = b"", await self._browser.picture()
        for _ in range(MOST_LOOKS):
            if before == now:
                break
            await asyncio.sleep(1)
            before, now = now, await self._browser.picture()
        if len(now) > LARGEST_BYTES:
            raise BrowserError(f"{name}.png would have {len(now)} bytes, more than {LARGEST_BYTES}")
        await asyncio.to_thread(self._save, self._folder / f"{name}.png", now)
        print(f"  {name}.png  {len(now) // 1000} kB", flush=True)

    @staticmethod
    def _save(file: Path, picture: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture)


if __name__ == "__main__":
    sys.exit(main())
