"""The one message of a night: what changed, grouped by company, as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape

from promisecheck.model import Promise
from promisecheck.nightly.news import BAD, CHANGES, News
from promisecheck.nightly.night import CompanyNight, Night
from promisecheck.report.speech import Speech, load_catalogue, speech
from promisecheck.report.words import headline

MOST_NEWS = 20
LONGEST_QUOTE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Hold a message; it is empty where there is nothing to tell."""

    title: str = ""
    text: str = ""
    html: str = ""

    def __bool__(self) -> bool:
        return bool(self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    name: str
    lines: tuple[tuple[str, str], ...]
    more: str = ""


def write_digest(night: Night, *, on: Sequence[str], all_fine: bool, language: str) -> Digest:
    """Return the message of a night; silent where nothing changed of what is asked for with `on`."""
    say = words(language)
    sections = [_section(one, on, say) for one in night.companies]
    told = [section for section in sections if section is not None]
    if told:
        note = say.say(
            "Rules or weights were updated since the last message: some of this may come from them."
        )
        return _digest(_title(night, on, say), told, note if night.updated else "")
    if not all_fine:
        return Digest()
    checked = sum(company.due for company in night.companies)
    text = say.plural(
        "{n} company was checked; nothing changed.", "{n} companies were checked; nothing changed.", checked
    )
    return Digest(
        title=say.say("promisecheck: all as before"), text=text + "\n", html=f"<p>{escape(text)}</p>"
    )


@lru_cache(maxsize=8)
def words(language: str) -> Speech:
    """Return the speech of a language with the words of the digest."""
    report = speech(language)
    own = load_catalogue(report.language, "promisecheck.nightly")
    own.add_fallback(report.translations)
    return replace(report, translations=own)


def _title(night: Night, on: Sequence[str], say: Speech) -> str:
    kinds = [news.change for news in night.news if news.change in on]
    counts = [
        f"{say.number(kinds.count(kind))} {say.label('change', kind)}" for kind in CHANGES if kind in kinds
    ]
    return f"promisecheck: {', '.join(counts)}"


def _section(company: CompanyNight, on: Sequence[str], say: Speech) -> _Section | None:
    news = [one for one in company.news if one.change in on]
    if not news:
        return None
    left = len(news) - MOST_NEWS
    return _Section(
        name=company.company.name,
        lines=tuple((say.label("change", one.change), tell(one, say)) for one in news[:MOST_NEWS]),
        more=say.plural("And {n} more.", "And {n} more.", left) if left > 0 else "",
    )


def tell(news: News, say: Speech) -> str:
    """Return one piece of news in a sentence or two."""
    if news.promise is None:
        return _trouble(news, say)
    if news.before is not None:
        return " ".join([_reworded(news.before, news.promise, news, say), *_judged(news, say)])
    quote = _quoted(news.promise)
    if news.withdrawn:
        return say.say("{quote} no longer stands on the website.", quote=quote)
    if news.change == "fixed":
        return " ".join([say.say("{quote} is no longer contradicted.", quote=quote), *_judged(news, say)])
    until = [say.say("It was accepted until {day}.", day=say.day(news.until))] if news.until else []
    return " ".join([quote, *until, *_judged(news, say)])


def _judged(news: News, say: Speech) -> list[str]:
    if news.finding is None or news.promise is None or (news.verdict not in BAD and news.change != "fixed"):
        return []
    return [headline(news.finding, news.promise, (), say)]


def _reworded(before: Promise, after: Promise, news: News, say: Speech) -> str:
    """Tell a change of measure by its measures, any other by its words."""
    old, new = before.measure, after.measure
    if old is not None and new is not None and old != new and news.at is not None:
        told = say.say(
            "Promised {old} until {day}, {new} since.", old=say.measure(old), new=say.measure(new),
            day=say.day(news.at),
        )  # fmt: skip
        return f"{told} {_quoted(after)}"
    return say.say("{old} now reads {new}.", old=_quoted(before), new=_quoted(after))


def _trouble(news: News, say: Speech) -> str:
    parts = [
        say.say("The website could not be read in full.") if news.unseen else say.say("Could not be checked.")
    ]
    if news.reason:
        parts.append(f"{news.reason}.")
    if news.unseen:
        parts.append(say.plural("{n} promise was not seen.", "{n} promises were not seen.", news.unseen))
    return " ".join(parts)


def _quoted(promise: Promise) -> str:
    quote = " ".join(promise.quote.split())
    return f"“{quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + '…'}”"


def _digest(title: str, sections: Sequence[_Section], note: str) -> Digest:
    text = "\n\n".join(
        "\n".join([one.name, *(f"- {label}: {line}" for label, line in one.lines), *filter(None, [one.more])])
        for one in sections
    )
    html = "".join(
        f"<h2>{escape(one.name)}</h2><ul>"
        + "".join(f"<li><strong>{escape(label)}:</strong> {escape(line)}</li>" for label, line in one.lines)
        + "</ul>" + (f"<p>{escape(one.more)}</p>" if one.more else "")
        for one in sections
    )  # fmt: skip
    if note:
        text, html = f"{text}\n\n{note}", f"{html}<p>{escape(note)}</p>"
    return Digest(title=title, text=text + "\n", html=f"<h1>{escape(title)}</h1>{html}")
