"""The kinds of devices that Acme Home makes, one class each."""

from collections.abc import Mapping

from .base import COMMON_LEVERS, Device, Flow, Surroundings
from .climate_sensor import ClimateSensor
from .contact import Contact
from .cover import Blind, Cover
from .doorbell import Doorbell
from .lamp import Lamp
from .lock import Lock
from .main_meter import MainMeter, Solar
from .motion_sensor import MotionSensor
from .plug import DishwasherPlug, Plug, Socket, Strip
from .smoke_alarm import SmokeAlarm
from .thermostat import Thermostat
from .vacuum import Vacuum
from .ventilation import Ventilation

KINDS: Mapping[str, type[Device]] = {
    made.kind: made
    for made in (
        Blind,
        ClimateSensor,
        Contact,
        Cover,
        DishwasherPlug,
        Doorbell,
        Lamp,
        Lock,
        MainMeter,
        MotionSensor,
        Plug,
        SmokeAlarm,
        Socket,
        Solar,
        Strip,
        Thermostat,
        Vacuum,
        Ventilation,
    )
}
"""Every kind, by its name."""

__all__ = ["COMMON_LEVERS", "KINDS", "Device", "Flow", "Surroundings"]
