"""From values to coordinates, and where ticks go."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: A factor between smallest and largest from which a log scale shows more.
LOG_FROM = 30.0
#: Pixels that a log scale keeps at its start for 0.
_ZERO_STRIP = 26.0


@dataclass(frozen=True)
class Scale:
    """Maps low..high onto start..end; on a log scale, values of 0 and less lie at `zero`."""

    low: float
    high: float
    start: float
    end: float
    log: bool
    zero: float | None = None

    def __call__(self, value: float) -> float:
        """Return the coordinate of a value."""
        if not self.log:
            share = (value - self.low) / (self.high - self.low)
        elif value <= 0:
            return self.start if self.zero is None else self.zero
        else:
            # Logarithms before differences: a quotient of the ends may leave float64's range.
            low, high = math.log(self.low), math.log(self.high)
            share = (math.log(value) - low) / (high - low)
        return self.start + share * (self.end - self.start)

    def ticks(self, most: int) -> list[float]:
        """Return at most so many round values inside the scale, and few more."""
        if not self.log:
            return linear_ticks(self.low, self.high, most)
        return log_ticks(self.low, self.high, most)


def linear(values: Iterable[float], start: float, end: float, *, pad: float = 0.04) -> Scale:
    """Return a linear scale around all values, a share `pad` wider on either side."""
    low, high = _range(values)
    room = pad * (high - low)
    return Scale(low - room, high + room, start, end, log=False)


def logarithmic(values: Iterable[float], start: float, end: float) -> Scale:
    """Return a log scale around the positive values, with a place for 0 when there is one."""
    values = list(values)
    positive = [value for value in values if value > 0]
    low, high = (min(positive), max(positive)) if positive else (1.0, 10.0)
    zero = None
    if len(positive) < len(values):
        zero, start = start, start + math.copysign(_ZERO_STRIP, end - start)
    if high / low < 10:
        low, high = low / 2, high * 2
    return Scale(low / 1.15, high * 1.15, start, end, log=True, zero=zero)


def fitting(values: Iterable[float], start: float, end: float) -> Scale:
    """Return a log scale when values are positive and far apart, else a linear one."""
    values = list(values)
    if values and min(values) > 0 and max(values) / min(values) >= LOG_FROM:
        return logarithmic(values, start, end)
    return linear(values, start, end)


def linear_ticks(low: float, high: float, most: int) -> list[float]:
    """Return multiples of 1, 2 or 5 times a power of ten in low..high, at most so many.

    >>> linear_ticks(-0.02, 0.018, 5)
    [-0.02, -0.01, 0.0, 0.01]
    """
    rough = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10, 20) if s * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # Division by a whole number keeps 0.3 from becoming 0.30000000000000004.
    return [_rounded(k * step, step) for k in range(first, last + 1)][: most + 2]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return powers of ten in low..high, every second or third when there are many.

    >>> log_ticks(0.002, 300, 3)
    [0.01, 1.0, 100.0]
    """
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    powers = range(first, last + 1)
    if len(powers) < 2:
        found = [
            factor * 10.0**power for power in range(first - 1, last + 1) for factor in (1, 2, 5)
        ]
        return [value for value in found if low <= value <= high]
    stride = max(1, -(-len(powers) // most))
    return [float(f"1e{power}") for power in powers if power % stride == 0]


def _rounded(value: float, step: float) -> float:
    digits = max(0, 2 - math.floor(math.log10(step)))
    return round(value, digits) + 0.0


def _range(values: Iterable[float]) -> tuple[float, float]:
    """Return the ends of the values, drawn apart when they are one."""
    values = list(values)
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if high - low > 1e-12 * max(abs(low), abs(high)):
        return low, high
    room = abs(low) * 0.1 or 1.0
    return low - room, high + room
