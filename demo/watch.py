"""What happens in the demo, told line by line."""

from datetime import datetime
from typing import Any

from .stage import DOMAIN, Stage

COMMANDS = frozenset({"light", "switch", "lock", "climate", "cover", "number", "select", "button"})


async def watch(stage: Stage) -> None:
    """Print observations and commands until cancelled."""
    ours = set(stage.entities.values())
    async for event in stage.home.events("state_changed", "call_service"):
        data: dict[str, Any] = event["data"]
        if event["event_type"] == "call_service":
            if data["domain"] in COMMANDS or data["domain"] == DOMAIN:
                targets = data["service_data"].get("entity_id", "")
                rest = {key: v for key, v in data["service_data"].items() if key != "entity_id"}
                _say("command", f"{data['domain']}.{data['service']} {targets} {rest or ''}")
        elif data["entity_id"] in ours and data["new_state"] is not None:
            state = data["new_state"]
            unit = state["attributes"].get("unit_of_measurement", "")
            _say("observed", f"{data['entity_id']} {state['state']} {unit}")


def _say(kind: str, text: str) -> None:
    moment = datetime.now().astimezone().strftime("%H:%M:%S")
    print(f"  {moment} {kind:9} {text.rstrip()}", flush=True)
