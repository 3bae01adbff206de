"""The share kept, with the interval that its number of cases allows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Rate:
    """Hold a share kept with its Wilson interval; all None where there is no case."""

    share: float | None = None
    low: float | None = None
    high: float | None = None


@lru_cache(maxsize=8)
def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(kept: int, n: int, confidence: float = 0.95) -> Rate:
    """Return kept / n with the Wilson score interval."""
    if n == 0:
        return Rate()
    z = _z(confidence)
    share = kept / n
    centre = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # None and all bound the interval exactly; rounding would leave a trace that is shown as 1 %.
    low = (centre - spread) / scale if kept else 0.0
    high = (centre + spread) / scale if kept < n else 1.0
    return Rate(share, max(0.0, low), min(1.0, high))
