"""The digest as Markdown, for a mail or a chat: the numbers, and the most serious findings in a few lines each."""

from __future__ import annotations

import re
from pathlib import Path

from promisecheck.report.cells import one_line
from promisecheck.report.speech import Speech, speech
from promisecheck.report.view import FindingView, ReportView

MOST_FINDINGS = 50
_SPECIAL = re.compile(r"([\\`*_\[\]{}()#+!|~$%:.-])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def write_markdown(view: ReportView, path: Path) -> list[Path]:
    """Write the digest and return the file written."""
    path.write_text(render_markdown(view), encoding="utf-8")
    return [path]


def render_markdown(view: ReportView) -> str:
    """Return the digest; every value in it is escaped, so that it shows as plain text."""
    say = speech(view.language)
    names = ", ".join(company.name for company in view.companies)
    lines = [f"# {plain(names)}", "", say.say("Made on {day}", day=say.day(view.generated_at)), ""]
    lines += [f"- {tile.label}: **{say.number(tile.count)}**" for tile in view.overview.tiles if tile.count]
    if not view.met:
        done = view.overview.compared
        lines += ["", say.say("Nothing contradicts what the website promises.") if done else say.say(
            "Nothing was compared: no incident says anything of any promise."
        )]  # fmt: skip
    for item in view.findings[: min(view.met, MOST_FINDINGS)]:
        lines += ["", *_finding(item, say)]
    if view.met > MOST_FINDINGS:
        more = view.met - MOST_FINDINGS
        lines += ["", say.plural("And {n} more finding.", "And {n} more findings.", more)]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Return text that Markdown shows as it is: on one line, markup and its own signs escaped."""
    escaped = _SPECIAL.sub(r"\\\1", one_line(text))
    return "".join(_ENTITIES.get(character, character) for character in escaped)


def _finding(item: FindingView, say: Speech) -> list[str]:
    lines = [f"## “{plain(item.quote)}”", "", f"**{plain(item.headline)}**", ""]
    lines += [plain(text) for text in (item.interval_words, item.since_words) if text]
    if item.where_words:
        lines.append(plain(say.say("Where: {where}", where=item.where_words)))
    if item.smallest_true_promise:
        lines += ["", f"> {say.say('What could honestly be promised')}: {plain(item.smallest_true_promise)}"]
    lines += ["", f"{say.say('Considered and not counted')}: {_left_out(item, say)}"]
    return lines


def _left_out(item: FindingView, say: Speech) -> str:
    return plain("; ".join(f"{say.number(left.count)} {left.reason}" for left in item.excluded)) or "0"
