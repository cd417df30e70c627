"""The weather, now and later."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from homeassistant.components.weather import Forecast, WeatherEntity, WeatherEntityFeature
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the weather of an account."""
    entry.runtime_data.async_add_platform(Platform.WEATHER, VendorBridgeWeather, async_add_entities)


NATIVE = (
    *("temperature", "apparent_temperature", "dew_point", "pressure", "wind_speed"),
    *("wind_gust_speed", "precipitation", "templow"),
)
"""What Home Assistant converts into the user's own units."""


class VendorBridgeWeather(VendorBridgeEntity, WeatherEntity):
    """The weather by a vendor's account."""

    shows: ClassVar[Shows] = {
        "condition": "condition",
        "temperature": "native_temperature",
        "apparent_temperature": "native_apparent_temperature",
        "dew_point": "native_dew_point",
        "humidity": "humidity",
        "pressure": "native_pressure",
        "wind_speed": "native_wind_speed",
        "wind_gust_speed": "native_wind_gust_speed",
        "wind_bearing": "wind_bearing",
        "cloud_coverage": ("cloud_coverage", round),
        "uv_index": "uv_index",
        "visibility": "native_visibility",
        "ozone": "ozone",
        "temperature_unit": "native_temperature_unit",
        "pressure_unit": "native_pressure_unit",
        "wind_speed_unit": "native_wind_speed_unit",
        "visibility_unit": "native_visibility_unit",
        "precipitation_unit": "native_precipitation_unit",
    }

    @override
    def derive(self) -> None:
        """Tell which forecasts there are, and of news of them to whoever shows them."""
        self._attr_supported_features = self.features(WeatherEntityFeature)
        if self.in_service:
            _ = self.account.entry.async_create_background_task(
                self.hass, self.async_update_listeners(None), f"{self.entity_id} forecast"
            )

    @override
    async def async_forecast_daily(self) -> list[Forecast] | None:
        """Return the days to come."""
        return self._forecast("forecast_daily")

    @override
    async def async_forecast_hourly(self) -> list[Forecast] | None:
        """Return the hours to come."""
        return self._forecast("forecast_hourly")

    @override
    async def async_forecast_twice_daily(self) -> list[Forecast] | None:
        """Return the days and nights to come."""
        return self._forecast("forecast_twice_daily")

    def _forecast(self, name: str) -> list[Forecast] | None:
        told: list[Mapping[str, Any]] | None = self.told(name)
        if told is None:
            return None
        return [_entry(one) for one in told if "datetime" in one or "date" in one]


def _entry(told: Mapping[str, Any]) -> Forecast:
    """Return what will be, as Home Assistant has it. A day begins when it does at home."""
    begins = told.get("datetime") or dt_util.start_of_local_day(told.get("date"))
    entry = {f"native_{name}" if name in NATIVE else name: told[name] for name in told}
    entry.pop("date", None)
    entry["datetime"] = dt_util.as_utc(begins).isoformat()
    made: Forecast = entry  # type: ignore[assignment] # names and kinds are the table's
    return made
