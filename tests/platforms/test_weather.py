"""The weather: in the vendor's units, with forecasts for whoever asks."""

from datetime import UTC, date, datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.weather import WeatherEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import snapshot_platform

ENTITY_ID = "weather.roof"
VALUES: dict[str, Any] = {
    "condition": "partlycloudy",
    "temperature": 10.5,
    "apparent_temperature": 9,
    "dew_point": 4,
    "humidity": 66,
    "pressure": 1013.2,
    "wind_speed": 10,
    "wind_gust_speed": 20,
    "wind_bearing": 270,
    "cloud_coverage": 41.6,
    "uv_index": 2,
    "visibility": 12,
    "ozone": 300,
    "forecast_daily": [
        {"date": date(2026, 11, 24), "condition": "rainy", "temperature": 12, "templow": 4},
        {"condition": "sunny"},
    ],
    "forecast_hourly": [
        {
            "datetime": datetime(2026, 11, 24, 12, tzinfo=UTC),
            "temperature": 11,
            "wind_speed": 10,
            "precipitation": 0.4,
        }
    ],
    "forecast_twice_daily": [
        {"datetime": datetime(2026, 11, 24, 12, tzinfo=UTC), "is_daytime": True}
    ],
}
UNITS = {
    "temperature_unit": "°C",
    "pressure_unit": "hPa",
    "wind_speed_unit": "m/s",
    "visibility_unit": "km",
    "precipitation_unit": "mm",
}


@pytest.fixture
def client() -> FakeClient:
    """Return the client of a station that tells of everything."""
    client = FakeClient()
    client.add("roof", entity("weather.home", attributes=list(VALUES), options=UNITS), **VALUES)
    return client


async def forecast(hass: HomeAssistant, kind: str) -> list[dict[str, Any]]:
    found = await hass.services.async_call(
        "weather",
        "get_forecasts",
        {"entity_id": ENTITY_ID, "type": kind},
        blocking=True,
        return_response=True,
    )
    assert found is not None
    return found[ENTITY_ID]["forecast"]  # type: ignore[index, call-overload, return-value]


async def test_weather(
    hass: HomeAssistant,
    entity_registry: EntityRegistry,
    snapshot: SnapshotAssertion,
    client: FakeClient,
) -> None:
    client.add("plain", entity("weather.home", attributes=["condition"]), condition="fog")
    client.add("odd", entity("weather.home", attributes=["condition"]), condition=None)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
    assert state_of(hass, "weather.odd").state == STATE_UNKNOWN
    features = state_of(hass, ENTITY_ID).attributes["supported_features"]
    assert WeatherEntityFeature(features) == WeatherEntityFeature(7)


async def test_units_become_the_users(hass: HomeAssistant, client: FakeClient) -> None:
    await set_up(hass, client)
    attributes = state_of(hass, ENTITY_ID).attributes
    assert (attributes["wind_speed"], attributes["wind_speed_unit"]) == (36.0, "km/h")


async def test_forecasts(hass: HomeAssistant, client: FakeClient) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    await set_up(hass, client)
    (day,) = await forecast(hass, "daily")  # what does not say when is left out
    assert day["datetime"] == "2026-11-23T23:00:00+00:00"
    assert (day["condition"], day["temperature"], day["templow"]) == ("rainy", 12.0, 4.0)
    (hour,) = await forecast(hass, "hourly")
    assert (hour["temperature"], hour["wind_speed"], hour["precipitation"]) == (11.0, 36.0, 0.4)
    (half,) = await forecast(hass, "twice_daily")
    assert half["is_daytime"] is True


@pytest.mark.filterwarnings("ignore:It is recommended to use web")
async def test_whoever_shows_a_forecast_hears_of_news(
    hass: HomeAssistant,
    client: FakeClient,
    hass_ws_client: WebSocketGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    await set_up(hass, client)
    browser = await hass_ws_client(hass)
    await browser.send_json_auto_id(
        {
            "type": "weather/subscribe_forecast",
            "forecast_type": "hourly",
            "entity_id": ENTITY_ID,
        }
    )
    assert (await browser.receive_json())["success"]
    told = (await browser.receive_json())["event"]["forecast"]
    assert [hour["temperature"] for hour in told] == [11.0]
    news = [{"datetime": datetime(2026, 11, 24, 13, tzinfo=UTC), "temperature": 13}]
    client.say("roof", "weather.home.forecast_hourly", news)
    await pass_time(hass, freezer, 31)
    told = (await browser.receive_json())["event"]["forecast"]
    assert [hour["temperature"] for hour in told] == [13.0]
