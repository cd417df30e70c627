"""A meter's memory: power that changes in steps, and the energy under it, to the last digit."""

from bisect import bisect_right

MWH = 3_600_000
"""Milliwatt-milliseconds in a milliwatt-hour."""


class Ledger:
    """Energy as an exact function of time.

    Power is in whole milliwatts, time in whole milliseconds, readings in whole milliwatt-hours,
    so that what lies between two readings is their difference, however it is cut up.
    """

    def __init__(self, start: int, reading: int = 0) -> None:
        self.start = start
        self._times = [start]
        self._energy = [reading * MWH]
        self._power = [0]

    def set_power(self, moment: int, power: int) -> None:
        """Note the power from ``moment`` on; moments never decrease."""
        if power == self._power[-1]:
            return
        if moment < self._times[-1]:
            raise ValueError("a meter does not run backwards")
        if moment == self._times[-1]:
            self._power[-1] = power
            return
        self._energy.append(self.energy(moment))
        self._times.append(moment)
        self._power.append(power)

    def power(self, moment: int) -> int:
        """Return the power at ``moment`` in milliwatts; none before the start."""
        index = bisect_right(self._times, moment) - 1
        return self._power[index] if index >= 0 else 0

    def energy(self, moment: int) -> int:
        """Return the energy counted until ``moment`` in milliwatt-milliseconds."""
        index = bisect_right(self._times, moment) - 1
        if index < 0:
            return self._energy[0]
        return self._energy[index] + self._power[index] * (moment - self._times[index])

    def reading(self, moment: int) -> int:
        """Return what the meter shows at ``moment``, in milliwatt-hours."""
        return self.energy(moment) // MWH

    def mean(self, begin: int, end: int) -> int:
        """Return the mean power between two moments in milliwatts."""
        return (self.energy(end) - self.energy(begin)) // (end - begin)
