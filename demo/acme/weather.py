"""The weather around the house: a pure function of seed and time."""

import math

from .clock import DAY, HOUR, MINUTE
from .noise import draw

SLOT = 5 * MINUTE
"""Sun and household change at most once in a slot."""

_LATITUDE = math.radians(52.5)
_LONGITUDE_HOURS = 13.4 / 15
_TILT = math.radians(23.44)
_YEAR_DAYS = 365.2425
_DAY_HOURS = 24
_COLDEST_DAY = 20


class Weather:
    """Berlin's, more or less."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def sun(self, moment: int) -> float:
        """Return the sine of the sun's elevation, 0 while it is down."""
        days = moment / DAY
        declination = -_TILT * math.cos(2 * math.pi * (days % _YEAR_DAYS + 10) / _YEAR_DAYS)
        noon = (days % 1) * _DAY_HOURS + _LONGITUDE_HOURS - _DAY_HOURS / 2
        angle = 2 * math.pi * noon / _DAY_HOURS
        sine = math.sin(_LATITUDE) * math.sin(declination)
        sine += math.cos(_LATITUDE) * math.cos(declination) * math.cos(angle)
        return max(0.0, sine)

    def clearness(self, moment: int) -> float:
        """Return the share of the sunlight that the clouds let through."""
        day = 0.25 + 0.75 * draw(self.seed, "day", moment // DAY)
        return day * (0.7 + 0.3 * draw(self.seed, "cloud", moment // SLOT))

    def outside(self, moment: int) -> float:
        """Return the temperature outside in °C."""
        days = moment / DAY
        season = 9.5 - 9.5 * math.cos(2 * math.pi * (days % _YEAR_DAYS - _COLDEST_DAY) / _YEAR_DAYS)
        hour = (days % 1) * _DAY_HOURS
        swing = 3.5 * math.sin(2 * math.pi * (hour - 9) / _DAY_HOURS)
        return season + swing + self._drift(moment)

    def _drift(self, moment: int) -> float:
        """Return what the weather adds: a value every six hours, and lines between them."""
        period = 6 * HOUR
        number, rest = divmod(moment, period)
        before = draw(self.seed, "air", number)
        after = draw(self.seed, "air", number + 1)
        return 6 * (before + (after - before) * rest / period) - 3
