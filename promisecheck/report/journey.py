"""The stages of the customer's journey, and at which of them a promise is put to the test."""

from __future__ import annotations

from typing import Protocol

from promisecheck.model import Kind

STAGES = ("before", "ordering", "delivery", "use", "support", "change", "leaving", "throughout")

_BY_METRIC = {
    "price": "ordering", "fees": "ordering", "delivery-fee": "ordering", "free": "before",
    "delivery": "delivery", "installation": "delivery",
    "uptime": "use", "punctuality": "use", "faults": "use", "emissions": "use", "privacy": "use",
    "insurance": "use", "status": "use",
    "first-reply": "support", "queue": "support", "resolution": "support", "contacts": "support",
    "opening-hours": "support", "reachable": "support", "warranty": "support",
    "notice": "change",
    "refund": "leaving", "return-period": "leaving", "cancellation": "leaving",
}  # fmt: skip
_BY_THEME = {
    "price": "ordering",
    "transparency": "before",
    "information": "before",
    "availability": "support",
}


class Stated(Protocol):
    """Say of a promise what its stage follows from."""

    @property
    def metric(self) -> str: ...
    @property
    def theme(self) -> str: ...
    @property
    def kind(self) -> Kind: ...


def stage_of(promise: Stated) -> str:
    """Return the stage by what is measured, then by theme; a value holds throughout."""
    if promise.metric in _BY_METRIC:
        return _BY_METRIC[promise.metric]
    return "throughout" if promise.kind == "value" else _BY_THEME.get(promise.theme, "throughout")
