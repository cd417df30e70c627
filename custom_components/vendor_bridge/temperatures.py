"""What thermostats and water heaters have in common: temperatures to reach and to stay between."""

from typing import Final

from .account import ConnectedAccount
from .bridge.model import Entity as EntityModel
from .devices import TakenDevice
from .entity import Shows, VendorBridgeEntity

TEMPERATURES: Final[Shows] = {
    "temperature": "target_temperature",
    "target_temp_high": "target_temperature_high",
    "target_temp_low": "target_temperature_low",
    "target_temp_step": "target_temperature_step",
    "current_temperature": "current_temperature",
    "min_temp": "min_temp",
    "max_temp": "max_temp",
    "precision": "precision",
    "temperature_unit": "temperature_unit",
}


class TemperatureEntity(VendorBridgeEntity):
    """An entity that brings something to a temperature."""

    _attr_temperature_unit: str

    def __init__(self, account: ConnectedAccount, taken: TakenDevice, entity: EntityModel) -> None:
        """Take the user's own unit for what the profile gives no unit for."""
        self._attr_temperature_unit = account.hass.config.units.temperature_unit
        super().__init__(account, taken, entity)
