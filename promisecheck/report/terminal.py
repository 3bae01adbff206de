"""The report as text for a terminal: most serious first, one short paragraph a finding."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

from promisecheck.report.cells import one_line
from promisecheck.report.speech import Speech, speech
from promisecheck.report.view import FindingView, ReportView

Write = Callable[[object], None]
SIGNS = {"contradicted": "✗", "at-risk": "!", "kept": "✓"}
_COLOURS = {"contradicted": "bold red", "at-risk": "bold yellow", "kept": "bold green"}


def render_terminal(
    view: ReportView, *, width: int = 100, color: bool = False, most: int | None = None
) -> str:
    """Return the report as lines of at most `width` columns, the first `most` findings of it."""
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, no_color=not color, highlight=False, markup=False,
        emoji=False, legacy_windows=False,
    )  # fmt: skip
    say = speech(view.language)
    for company in view.companies:
        console.print(one_line(company.name), style="bold")
    counts = ", ".join(
        f"{tile.label}: {say.number(tile.count)}" for tile in view.overview.tiles if tile.count
    )
    console.print(counts or say.say("Nothing was compared: no incident says anything of any promise."))
    for item in view.findings[:most]:
        console.print()
        _print_finding(console.print, item, len(view.companies) > 1, say)
    left = len(view.findings) - len(view.findings[:most])
    if left:
        console.print()
        console.print(say.plural("And {n} more finding.", "And {n} more findings.", left))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _print_finding(write: Write, item: FindingView, many: bool, say: Speech) -> None:
    from rich.padding import Padding
    from rich.text import Text

    title = Text(f"{SIGNS.get(item.verdict, '–')} ", style=_COLOURS.get(item.verdict, "dim"))
    title.append(f"“{one_line(item.quote)}”", style="bold")
    if many:
        title.append(f"  {one_line(item.company)}", style="dim")
    write(title)
    for line in (item.headline, item.interval_words, item.since_words):
        if line:
            write(Padding(Text(one_line(line)), (0, 0, 0, 2)))
    if item.where_words:
        write(Padding(Text(one_line(say.say("Where: {where}", where=item.where_words))), (0, 0, 0, 2)))
    if item.smallest_true_promise:
        promised = f"{say.say('What could honestly be promised')}: {one_line(item.smallest_true_promise)}"
        write(Padding(Text(promised, style="green"), (0, 0, 0, 2)))
    for left in item.excluded:
        text = say.plural("{n} case not counted", "{n} cases not counted", left.count)
        write(Padding(Text(f"{text}: {one_line(left.reason)}", style="dim"), (0, 0, 0, 2)))
