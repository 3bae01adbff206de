"""The Jinja environment of everything that is HTML: our templates, one language, text always escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from promisecheck.model import VERDICTS
from promisecheck.report.speech import Speech

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_CASES = 60
SHOWN_EVIDENCE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Say where the numbers of the overview lead: to an anchor in a report, to a page of the desk."""

    finding: Callable[[str], str]
    tile: Callable[[str], str]
    cell: Callable[[str, str, str], str]
    theme: Callable[[str], str]
    company: Callable[[str], str]
    cause: Callable[[str], str] | None = None
    verdict: Callable[[str, str], str] | None = None


@lru_cache(maxsize=16)
def environment(say: Speech, packages: Sequence[str] = ()) -> Environment:
    """Return the environment of one language; templates of `packages` are found besides our own."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    loaders = [PackageLoader(name) for name in ("promisecheck.report", *packages)]
    made = Environment(loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined)
    made.globals.update(
        say=say.say, plural=say.plural, label=say.label, number=say.number, percent=say.percent, day=say.day,
        moment=say.moment, join=say.join, verdicts=VERDICTS, most_cases=MOST_CASES, shown_evidence=SHOWN_EVIDENCE, snapshot_link=None,
    )  # fmt: skip
    return made


def style() -> str:
    """Return the style sheet that report and desk share."""
    return (files("promisecheck.report") / "templates" / "style.css").read_text(encoding="utf-8")
