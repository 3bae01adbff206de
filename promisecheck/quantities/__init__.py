"""Quantities: read measures, strength, conditions, scope and metric from text, with a grammar per language."""

from promisecheck.quantities.facts import moment_of, number_of
from promisecheck.quantities.grammar import Grammar, Quantity
from promisecheck.quantities.measures import find_measures
from promisecheck.quantities.wording import areas_of, conditions_of, metric_of, scope_of, strength_of

__all__ = [
    "Grammar",
    "Quantity",
    "areas_of",
    "conditions_of",
    "find_measures",
    "metric_of",
    "moment_of",
    "number_of",
    "scope_of",
    "strength_of",
]
