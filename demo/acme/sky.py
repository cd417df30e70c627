"""What the sky does, now and in days to come: a pure function of the weather's seed and time."""

from dataclasses import dataclass
import math

from .clock import DAY, HOUR
from .noise import draw
from .weather import Weather

CLEAR, CLEAR_NIGHT = 0, 7
_RAINS_FROM = 0.72
"""How wet the air is, from 0 to 1, before it rains; it takes clouds besides."""
_RAIN_CLOUDS = 55
_FOG_FROM, _FOG_CLOUDS, _FOG_KNOTS = 0.55, 45, 4.5
_STORM_KNOTS = 17
_SNOWS_BELOW = 1
_FAIR_CLOUDS, _CLOUDY_CLOUDS = 35, 70


@dataclass(frozen=True, slots=True)
class Sky:
    """The weather of a moment.

    ``code``: 0 clear, 1 fair, 2 cloudy, 3 fog, 4 rain, 5 snow, 6 storm, 7 a clear night.
    ``clouds``, ``humidity`` and ``rain_chance`` are in percent; ``rain_mm`` falls in an hour.
    """

    code: int
    celsius: float
    humidity: int
    pascal: int
    knots: float
    gust_knots: float
    degrees: int
    clouds: int
    rain_mm: float
    rain_chance: int
    metres: int
    uv: float


def _wave(weather: Weather, name: str, moment: int, period: int) -> float:
    """Return a number from 0 to 1 that wanders: one chance a period, and lines between them."""
    number, rest = divmod(moment, period)
    before, after = (draw(weather.seed, name, number + step) for step in (0, 1))
    return before + (after - before) * rest / period


def look(weather: Weather, moment: int) -> Sky:
    """Return the weather of a moment."""
    celsius = weather.outside(moment)
    clouds = round(100 * (1 - 0.85 * _wave(weather, "clear", moment, 9 * HOUR)))
    wet = _wave(weather, "wet", moment, 7 * HOUR)
    wind = 3 + 19 * _wave(weather, "wind", moment, 5 * HOUR) ** 2
    rain = max(0.0, (wet - _RAINS_FROM) * 9) if clouds > _RAIN_CLOUDS else 0.0
    fog = wind < _FOG_KNOTS and wet > _FOG_FROM and clouds > _FOG_CLOUDS and not rain
    code = _code(clouds, rain, celsius, wind, fog=fog)
    if code == CLEAR and not weather.sun(moment):
        code = CLEAR_NIGHT
    return Sky(
        code=code,
        celsius=round(celsius, 1),
        humidity=round(min(100, 52 + 46 * wet)),
        pascal=round(
            101_300 + 1900 * (0.5 - wet) + 900 * (_wave(weather, "air", moment, DAY) - 0.5)
        ),
        knots=round(wind, 1),
        gust_knots=round(wind * 1.6, 1),
        degrees=round(360 * _wave(weather, "from", moment, DAY)) % 360,
        clouds=clouds,
        rain_mm=round(rain, 1),
        rain_chance=round(100 * max(0.0, min(1.0, (wet - 0.4) * 2))),
        metres=800 if fog else round(24_000 - 14_000 * wet),
        uv=round(8 * weather.sun(moment) * (1 - clouds / 140), 1),
    )


def _code(clouds: int, rain: float, celsius: float, wind: float, *, fog: bool) -> int:
    if rain:
        return 6 if wind > _STORM_KNOTS else 5 if celsius < _SNOWS_BELOW else 4
    if fog:
        return 3
    return 2 if clouds > _CLOUDY_CLOUDS else 1 if clouds > _FAIR_CLOUDS else CLEAR


def dew_point(celsius: float, humidity: int) -> float:
    """Return the dew point in °C, by the Magnus formula."""
    gamma = math.log(max(1, humidity) / 100) + 17.62 * celsius / (243.12 + celsius)
    return 243.12 * gamma / (17.62 - gamma)
