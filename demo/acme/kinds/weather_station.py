"""The weather station on the roof."""

from typing import Any, override

from ..card import Card
from ..clock import DAY, HOUR, iso, local
from ..sky import CLEAR, CLEAR_NIGHT, Sky, dew_point, look
from ..weather import SLOT
from .base import Surroundings
from .keeper import Keeper

_HOURS, _DAYS = 24, 7
_STEP = 3 * HOUR


class WeatherStation(Keeper):
    """Measures every five minutes, in tenths of °C, pascal and knots; it foretells, too."""

    kind = "weather_station"

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._measure(now)

    @override
    def initial(self) -> dict[str, Any]:
        return self._shown(look(self.house.weather, self.born))

    def _shown(self, sky: Sky) -> dict[str, Any]:
        return {
            "sky": sky.code,
            "air_dc": round(10 * sky.celsius),
            "dew_dc": round(10 * dew_point(sky.celsius, sky.humidity)),
            "humidity": sky.humidity,
            "pressure_pa": sky.pascal,
            "wind_kn": sky.knots,
            "gust_kn": sky.gust_knots,
            "wind_from": sky.degrees,
            "clouds": sky.clouds,
            "rain_mmh": sky.rain_mm,
            "sight_m": sky.metres,
            "uv": sky.uv,
        }

    def _measure(self, now: int) -> None:
        self.keep(now, **self._shown(look(self.house.weather, now)))
        self.schedule("measure", (now // SLOT + 1) * SLOT, self._measure)

    @override
    def forecast(self, now: int) -> dict[str, Any]:
        first = (now // HOUR + 1) * HOUR
        hours = [self._hour(first + number * HOUR) for number in range(_HOURS)]
        # Local midnights, and noon in between, so that no change of clocks moves a day.
        zone = self.house.zone
        midnight = local(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
        begin = round(midnight.timestamp() * 1000)
        days = [self._day(begin + number * DAY + DAY // 2) for number in range(_DAYS)]
        return {"hours": hours, "days": days}

    def _hour(self, moment: int) -> dict[str, Any]:
        sky = look(self.house.weather, moment)
        return {
            "t": iso(moment, self.house.zone),
            "sky": sky.code,
            "air_dc": round(10 * sky.celsius),
            "humidity": sky.humidity,
            "rain_mm": sky.rain_mm,
            "rain_chance": sky.rain_chance,
            "wind_kn": sky.knots,
            "wind_from": sky.degrees,
        }

    def _day(self, noon: int) -> dict[str, Any]:
        around = [look(self.house.weather, noon + step * _STEP) for step in range(-4, 5)]
        middle = around[4]
        # Of daylight, and of that what there is most of.
        codes = [CLEAR if sky.code == CLEAR_NIGHT else sky.code for sky in around[2:7]]
        return {
            "date": f"{local(noon, self.house.zone):%Y-%m-%d}",
            "sky": max(codes, key=codes.count),
            "high_dc": round(10 * max(sky.celsius for sky in around)),
            "low_dc": round(10 * min(sky.celsius for sky in around)),
            "rain_mm": round(sum(sky.rain_mm for sky in around) * 3, 1),
            "rain_chance": max(sky.rain_chance for sky in around),
            "wind_kn": max(sky.knots for sky in around),
            "wind_from": middle.degrees,
        }
