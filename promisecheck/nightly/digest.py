"""The one message of a night: what changed and what to do, grouped by company, as text and as HTML."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from promisecheck.nightly.news import BAD, News
from promisecheck.nightly.night import CompanyNight, Night
from promisecheck.nightly.wording import NAMES, advise, counted, name_of, tell, words
from promisecheck.report.speech import Speech

MOST_NEWS = 20
MOST_STATED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Hold a message; it is empty where there is nothing to tell."""

    title: str = ""
    text: str = ""
    html: str = ""

    def __bool__(self) -> bool:
        return bool(self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    label: str
    told: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    name: str
    lines: tuple[_Line, ...]
    more: tuple[str, ...] = ()


def write_digest(
    night: Night, *, on: Sequence[str], all_fine: bool, language: str, database: str = "", report: str = ""
) -> Digest:
    """Return the message of a night; silent where nothing changed of what is asked for with `on`.

    `database` and `report` are named where the cases can be looked at.
    """
    say = words(language)
    sections = [_section(one, on, say) for one in night.companies]
    told = [section for section in sections if section is not None]
    if told:
        return _digest(_title(night, on, say), told, _notes(night, on, database, report, say))
    if not all_fine:
        return Digest()
    checked = sum(company.due for company in night.companies)
    text = say.plural(
        "{n} company was checked; nothing changed.", "{n} companies were checked; nothing changed.", checked
    )
    return Digest(
        title=say.say("promisecheck: all as before"), text=text + "\n", html=f"<p>{escape(text)}</p>"
    )


def _title(night: Night, on: Sequence[str], say: Speech) -> str:
    names = [name_of(news) for news in night.news if news.change in on]
    counts = [counted(name, names.count(name), say) for name in NAMES if name in names]
    moved = [one.company.name for one in night.companies if any(news.change in on for news in one.news)]
    whose = f"{moved[0]}: " if len(moved) == 1 else ""
    return f"promisecheck: {whose}{', '.join(counts)}"


def _section(company: CompanyNight, on: Sequence[str], say: Speech) -> _Section | None:
    news = sorted(
        (one for one in company.news if one.change in on), key=lambda one: NAMES.index(name_of(one))
    )
    if not news:
        return None
    stated = [one for one in news if name_of(one) == "stated"]
    folded = len(stated) if len(stated) > MOST_STATED else 0
    told = news[: len(news) - folded]
    left = len(told) - MOST_NEWS
    more = [
        say.plural("And {n} more.", "And {n} more.", left) if left > 0 else "",
        say.plural(
            "{n} new promise; nothing in the log speaks against it.",
            "{n} new promises; nothing in the log speaks against them.", folded,
        ) if folded else "",
    ]  # fmt: skip
    return _Section(
        name=company.company.name, more=tuple(filter(None, more)),
        lines=tuple(_line(one, company.company.home_url, say) for one in told[:MOST_NEWS]),
    )  # fmt: skip


def _line(news: News, home_url: str, say: Speech) -> _Line:
    known = f" [{news.finding.id}]" if news.finding and news.verdict in BAD else ""
    return _Line(
        label=say.label("told", name_of(news)),
        told=tell(news, say) + known,
        advice=advise(news, home_url, say),
    )


def _notes(night: Night, on: Sequence[str], database: str, report: str, say: Speech) -> list[str]:
    notes = []
    if any(news.verdict in BAD and news.change in on for news in night.news) and database:
        where = shlex.quote(database)
        cases = report or f"promisecheck review --db {where}"
        accept = f"promisecheck baseline ID --db {where} --until YYYY-MM-DD --reason …"
        notes += [
            say.say("See the cases: {how}", how=cases),
            say.say("Accept a known one until a day: {how}", how=accept),
        ]
    if night.updated:
        notes.append(
            say.say("Rules or weights were updated since the last message: some of this may come from them.")
        )
    return notes


def _digest(title: str, sections: Sequence[_Section], notes: Sequence[str]) -> Digest:
    text = "\n\n".join([*map(_as_text, sections), *(["\n".join(notes)] if notes else [])])
    html = "".join([*map(_as_html, sections), *(f"<p>{escape(note)}</p>" for note in notes)])
    return Digest(title=title, text=text + "\n", html=f"<h1>{escape(title)}</h1>{html}")


def _as_text(section: _Section) -> str:
    lines = [section.name]
    for line in section.lines:
        lines.append(f"- {line.label}: {line.told}")
        lines += [f"  → {line.advice}"] if line.advice else []
    return "\n".join([*lines, *(f"- {more}" for more in section.more)])


def _as_html(section: _Section) -> str:
    items = [
        f"<li><strong>{escape(line.label)}:</strong> {escape(line.told)}"
        + (f"<br>→ {escape(line.advice)}" if line.advice else "")
        + "</li>"
        for line in section.lines
    ]
    items += [f"<li>{escape(more)}</li>" for more in section.more]
    return f"<h2>{escape(section.name)}</h2><ul>{''.join(items)}</ul>"
