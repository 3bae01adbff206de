"""The texts written for training and tests: whole, labelled from the lists, and no two alike."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from promisecheck.match import CODES
from promisecheck.model import LANGUAGES, THEMES

ROOT = Path(__file__).resolve().parent.parent.parent / "corpora" / "train"
FILES = sorted(path for folder in ("pages", "incidents", "pairs") for path in (ROOT / folder).glob("*.jsonl"))
LIMIT = 0.7
SHORTEST = 40


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def grams(text: str) -> frozenset[str]:
    folded = " ".join(text.casefold().split())
    return frozenset(folded[i : i + 5] for i in range(len(folded) - 4))


def near_duplicates(texts: list[str]) -> list[tuple[str, str]]:
    """Return pairs above the limit; only texts that share a rare five-gram are compared."""
    made = [grams(text) for text in texts]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for n, own in enumerate(made):
        for gram in own:
            places[gram].append(n)
    found = []
    for n, own in enumerate(made):
        shared: defaultdict[int, int] = defaultdict(int)
        for gram in own:
            if len(places[gram]) <= 60:
                for other in places[gram]:
                    if other < n:
                        shared[other] += 1
        for other, count in shared.items():
            if count > 0.4 * len(own):
                both = len(own & made[other])
                if both / len(own | made[other]) > LIMIT:
                    found.append((texts[other], texts[n]))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_two_texts_are_nearly_the_same(path: Path) -> None:
    key = "incident" if path.parent.name == "pairs" else "text"
    texts = list(dict.fromkeys(row[key] for row in rows(path)))
    assert near_duplicates([text for text in texts if len(text) > SHORTEST]) == []


def test_a_near_duplicate_is_found() -> None:
    left = "Vi svarer på alle henvendelser inden for fire timer på hverdage."
    assert near_duplicates([left, left.replace("fire", "fem"), "Noget helt andet, som ikke ligner."])


@pytest.mark.parametrize("path", sorted((ROOT / "incidents").glob("*.jsonl")), ids=lambda path: path.stem)
def test_passages_lie_in_order_and_are_labelled_from_the_lists(path: Path) -> None:
    read = rows(path)
    assert len({row["id"] for row in read}) == len(read) >= 400
    for row in read:
        at = 0
        for passage in row["passages"]:
            assert at <= passage["start"] < passage["end"] <= len(row["text"]), row["id"]
            at = passage["end"]
            assert passage["status"] in ("broken", "kept", "none"), row["id"]
            assert passage["theme"] in (*THEMES, "guarantee", "none"), row["id"]
            assert passage["code"] == "none" or passage["code"] in CODES, (row["id"], passage["code"])


@pytest.mark.parametrize("path", sorted((ROOT / "pairs").glob("*.jsonl")), ids=lambda path: path.stem)
def test_pairs_quote_their_incident_and_give_no_label_away(path: Path) -> None:
    texts = {row["id"]: row["text"] for row in rows(ROOT / "incidents" / path.name)}
    read = rows(path)
    assert len(read) >= 200
    labels: defaultdict[str, set[str]] = defaultdict(set)
    for row in read:
        assert row["label"] in ("contradicts", "supports", "neutral"), row["id"]
        assert texts[row["incident_id"]] == row["incident"], row["id"]
        labels[row["promise"]].add(row["label"])
    assert sum(len(found) > 1 for found in labels.values()) >= 0.9 * len(labels)


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.jsonl")), ids=lambda path: path.stem)
def test_pages_stand_in_running_order_and_are_mostly_mundane(path: Path) -> None:
    read = rows(path)
    assert len({(row["company"], row["page"]) for row in read}) >= (10 if path.stem == "nn" else 40)
    assert 0.1 < sum(row["is_promise"] for row in read) / len(read) < 0.25
    for row, after in itertools.pairwise(read):
        assert row["language"] in LANGUAGES
        if (row["company"], row["page"]) == (after["company"], after["page"]):
            assert (row["after"], after["before"]) == (after["text"], row["text"]), row["id"]
        assert row["is_promise"] == (row["kind"] != "none"), row["id"]
        assert row["theme"] in (*THEMES, "none"), row["id"]
