"""One piece of news in words: under which name it is told, what happened, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

from promisecheck.model import Promise
from promisecheck.nightly.news import BAD, News
from promisecheck.report.speech import Speech, load_catalogue, speech
from promisecheck.report.words import headline

LONGEST_QUOTE = 300
# Worst first: what is broken, what moved, what could not be read, and then the good news.
NAMES = (
    "broken", "broken-again", "reopened", "at-risk", "reworded", "withdrawn", "unread", "fixed", "readable",
    "restated", "stated",
)  # fmt: skip


@lru_cache(maxsize=8)
def words(language: str) -> Speech:
    """Return the speech of a language with the words of the digest."""
    report = speech(language)
    own = load_catalogue(report.language, "promisecheck.nightly")
    own.add_fallback(report.translations)
    return replace(report, translations=own)


def name_of(news: News) -> str:
    """Return the name under which a piece of news is told: one of NAMES."""
    if news.promise is None:
        return "readable" if news.change == "recovered" else "unread"
    if news.withdrawn:
        return "withdrawn"
    if news.change == "fixed":
        return "fixed"
    if news.before is not None:
        return "reworded"
    if news.until:
        return "reopened"
    again = news.change == "came-back"
    if news.verdict not in BAD:
        return "restated" if again else "stated"
    return "at-risk" if news.verdict == "at-risk" else "broken-again" if again else "broken"


def counted(name: str, n: int, say: Speech) -> str:
    """Return how many pieces of news of one name there are, for a title."""
    one, many = {
        "broken": ("{n} broken", "{n} broken"),
        "broken-again": ("{n} broken again", "{n} broken again"),
        "reopened": ("{n} no longer accepted", "{n} no longer accepted"),
        "at-risk": ("{n} at risk", "{n} at risk"),
        "reworded": ("{n} reworded", "{n} reworded"),
        "withdrawn": ("{n} withdrawn", "{n} withdrawn"),
        "unread": ("{n} not read", "{n} not read"),
        "fixed": ("{n} in order again", "{n} in order again"),
        "readable": ("{n} read again", "{n} read again"),
        "restated": ("{n} promised again", "{n} promised again"),
        "stated": ("{n} new promise", "{n} new promises"),
    }[name]
    return say.plural(one, many, n)


def tell(news: News, say: Speech) -> str:
    """Return what happened, in a sentence or two."""
    if news.promise is None:
        return _trouble(news, say)
    quote = _quoted(news.promise)
    if news.before is not None:
        told = _reworded(news.before, news.promise, news, say)
    elif news.withdrawn:
        return say.say("{quote} no longer stands on the website.", quote=quote)
    elif news.change == "fixed":
        told = say.say("{quote} is no longer contradicted.", quote=quote)
    else:
        told = quote
    until = [say.say("It was accepted until {day}.", day=say.day(news.until))] if news.until else []
    return " ".join([told, *until, *_judged(news, say)])


def advise(news: News, home_url: str, say: Speech) -> str:
    """Return what to do about it, or "" where there is nothing to do."""
    advice = _ADVICE.get(name_of(news)) if news.verdict not in BAD or news.promise is None else _keep
    return advice(news, home_url, say) if advice else ""


def _keep(news: News, home_url: str, say: Speech) -> str:
    finding, url = news.finding, news.promise.url if news.promise else home_url
    if finding is None or not finding.relevant:
        return say.say("Make the pages say the same, beginning with {url}.", url=url)
    if news.verdict == "at-risk":
        return say.say("Look at the cases before it breaks. The promise stands on {url}.", url=url)
    told = say.say("Keep it, or change the words on {url}.", url=url)
    return f"{told} {finding.smallest_true_promise}".strip()


def _put_back(news: News, home_url: str, say: Speech) -> str:
    url = news.promise.url if news.promise else home_url
    return say.say("If that was not meant, put it back on {url}.", url=url)


def _mend(news: News, home_url: str, say: Speech) -> str:
    if news.unseen or news.dark:
        return say.say(
            "See whether {url} answers. Until then what was last read stands; it is asked again next time.",
            url=home_url,
        )
    return say.say("Mend what is named; it is checked again next time.")


_ADVICE: Mapping[str, Callable[[News, str, Speech], str]] = {
    "reworded": _put_back, "withdrawn": _put_back, "unread": _mend,
}  # fmt: skip


def _judged(news: News, say: Speech) -> list[str]:
    """Return the verdict, without its name where the news is told under that name."""
    if news.finding is None or news.promise is None or (news.verdict not in BAD and news.change != "fixed"):
        return []
    told = headline(news.finding, news.promise, (), say)
    if name_of(news) not in ("broken", "broken-again", "at-risk"):
        return [told]
    return [told.removeprefix(f"{say.label('verdict', news.finding.verdict)}: ")]


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
    if news.change == "recovered":
        return say.say("The company could be checked in full again.")
    part = bool(news.unseen or news.dark)
    parts = [say.say("The website could not be read in full.") if part else say.say("Could not be checked.")]
    if news.reason:
        parts.append(f"{news.reason}.")
    if news.unseen:
        parts.append(say.plural("{n} promise was not seen.", "{n} promises were not seen.", news.unseen))
    return " ".join(parts)


def _quoted(promise: Promise) -> str:
    quote = " ".join(promise.quote.split())
    return f"“{quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + '…'}”"
