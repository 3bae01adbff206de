"""Which facts of an incident can be handed on: what was measured, never what a column of one's own may hold."""

from __future__ import annotations

from promisecheck.incidents.columns import COUNT_FIELDS, HOUR_FIELDS, MINUTE_FIELDS, MONEY_FIELDS

SHAREABLE_FACTS = frozenset(
    {
        *HOUR_FIELDS, *MINUTE_FIELDS, *COUNT_FIELDS, *MONEY_FIELDS, "delivery_days", "events", "open", "reopened",
        "refunded", "apologised", "called_back",
    }
)  # fmt: skip
