"""`promisecheck rules`: list, show, test and start rules."""

from __future__ import annotations

from pathlib import Path

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.options import json_option, rules_option
from promisecheck.cli.output import print_json, print_table, say
from promisecheck.errors import UsageError
from promisecheck.model import LANGUAGES, THEMES
from promisecheck.packs import Pack, Rule, load_packs, new_rule_text, selftest
from promisecheck.plugins import did_you_mean

language_option = click.option("--language", type=click.Choice(LANGUAGES), help="Only this language.")


@click.group("rules")
def command() -> None:
    """List, show, test and start rules."""


def _packs(language: str | None, rules: tuple[str, ...]) -> dict[str, Pack]:
    return load_packs([language] if language else LANGUAGES, extra=[Path(folder) for folder in rules])


def _own_rules(packs: dict[str, Pack]) -> list[Rule]:
    return [rule for pack in packs.values() for rule in pack.rules]


@command.command("list")
@language_option
@click.option("--theme", type=click.Choice(THEMES), help="Only this theme.")
@rules_option
@json_option
def list_rules(language: str | None, theme: str | None, rules: tuple[str, ...], as_json: bool) -> None:
    """List the rules: id, kind, metric, and what each finds."""
    found = [rule for rule in _own_rules(_packs(language, rules)) if theme in (None, rule.theme)]
    if as_json:
        print_json("rules", [_summary(rule) for rule in found])
        return
    print_table(("rule", "kind", "metric", "finds"), [tuple(_summary(rule).values()) for rule in found])


def _summary(rule: Rule) -> dict[str, str]:
    return {"rule": rule.full_id, "kind": rule.kind, "metric": rule.metric, "finds": rule.says}


@command.command("show")
@click.argument("rule_id")
@rules_option
@json_option
def show(rule_id: str, rules: tuple[str, ...], as_json: bool) -> None:
    """Show one rule whole, for example da.speed.first-reply."""
    by_id = {rule.full_id: rule for rule in _own_rules(_packs(None, rules))}
    if rule_id not in by_id:
        raise UsageError(f"there is no rule {rule_id!r}", do=did_you_mean(rule_id, sorted(by_id)))
    rule = by_id[rule_id]
    if as_json:
        print_json("rule", {**_summary(rule), **_body(rule)})
        return
    for key, value in {**_summary(rule), **_body(rule)}.items():
        lines = value if isinstance(value, list) else [value]
        click.echo(
            f"{key}: "
            + (
                "\n" + "\n".join(f"  {line}" for line in lines)
                if len(lines) > 1
                else lines[0]
                if lines
                else ""
            )
        )


def _body(rule: Rule) -> dict[str, str | list[str]]:
    fact = rule.breaks.fact
    return {
        "stands in": rule.where,
        "counts": "whatever the heads say" if rule.certain else "where the heads give it a chance",
        "phrases": [phrase.source for phrase in rule.promise],
        "unless": [phrase.source for phrase in rule.unless],
        "broken by": ([f"{fact.name} {fact.compare} the limit"] if fact else []) + list(rule.breaks.signals),
        "needs": rule.needs,
        "references": list(rule.references),
        "examples": list(rule.examples.promise),
        "no promises": list(rule.examples.not_promise),
    }


@command.command("test")
@language_option
@rules_option
@json_option
def test(language: str | None, rules: tuple[str, ...], as_json: bool) -> None:
    """Run every rule's examples; exit 2 where one fails or a rule lacks examples or a reference."""
    packs = _packs(language, rules)
    problems = selftest(packs)
    count = len(_own_rules(packs))
    examples = sum(len(r.examples.promise) + len(r.examples.not_promise) for r in _own_rules(packs))
    if as_json:
        print_json("rules-test", {"rules": count, "examples": examples, "problems": problems})
    for problem in problems:
        say(f"{problem.where}: {problem.rule_id} {problem.what}")
    if not as_json:
        click.echo(f"{count} rules, {examples} examples, {len(problems)} problems")
    if problems:
        exit_with(2)


@command.command("new")
@click.argument("rule_id")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rules"),
    show_default=True,
)
def new(rule_id: str, folder: Path) -> None:
    """Start a rule file for RULE_ID (language.theme.name) in your own rules folder."""
    parts = rule_id.split(".")
    if len(parts) != 3:
        raise UsageError(f"{rule_id!r} is not language.theme.name", do="for example da.speed.call-back")
    language, theme, name = parts
    path = folder / language / f"{theme}-{name}.yaml"
    if path.exists():
        raise UsageError("exists already", where=str(path), do="edit it")
    text = new_rule_text(language, theme, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    click.echo(str(path))
    say(f"Fill it in, then run: promisecheck rules test --rules {folder}")
