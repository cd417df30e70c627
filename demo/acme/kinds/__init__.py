"""The kinds of devices that Acme Home makes, one class each."""

from collections.abc import Mapping

from .air_conditioner import AirConditioner
from .alarm_panel import AlarmPanel
from .base import CODE, COMMON_LEVERS, Device, Flow, Surroundings
from .board import Board
from .boiler import Boiler
from .camera import Camera
from .cellar import GasMeter, HomeBattery, WaterMeter
from .clicker import Clicker
from .climate_sensor import ClimateSensor
from .contact import Contact
from .cover import Blind, Cover
from .doorbell import Doorbell
from .fan import Fan
from .hub import Hub
from .humidifier import Humidifier
from .lamp import Lamp
from .lock import Lock
from .main_meter import MainMeter, Solar
from .motion_sensor import MotionSensor
from .mower import Mower
from .plug import DishwasherPlug, Plug, Socket, Strip
from .siren import Siren
from .smoke_alarm import SmokeAlarm
from .speaker import Speaker
from .tag import Tag
from .television import Television
from .thermostat import Thermostat
from .vacuum import Vacuum
from .ventilation import Ventilation
from .water_valve import WaterValve
from .weather_station import WeatherStation

KINDS: Mapping[str, type[Device]] = {
    made.kind: made
    for made in (
        Blind,
        AirConditioner,
        AlarmPanel,
        Board,
        Boiler,
        Camera,
        Clicker,
        Fan,
        Hub,
        Humidifier,
        Mower,
        Siren,
        Speaker,
        Tag,
        Television,
        WaterMeter,
        WaterValve,
        WeatherStation,
        ClimateSensor,
        Contact,
        Cover,
        DishwasherPlug,
        Doorbell,
        Lamp,
        Lock,
        GasMeter,
        HomeBattery,
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

__all__ = ["CODE", "COMMON_LEVERS", "KINDS", "Device", "Flow", "Surroundings"]
