"""Names of people in text: after greetings, in signatures, after "my name is", and by common first names."""

from __future__ import annotations

import re

TAG = "[name]"
FIRST_NAMES_TEXT = """
    Anders Andreas Anne Annette Annika Anna Arne Asger Astrid Aksel Alexander Alma Amalie Agnes Aage Birgit
    Birgitte Birthe Bjarne Bjørn Björn Bodil Brian Britt Britta Camilla Carina Carl Carsten Casper Cecilie Charlotte
    Christian Christina Christoffer Claus Conny Dagny Daniel David Dennis Dorte Dorthe Ebba Edith Einar Eirik Ellen
    Elin Elisabeth Elise Emil Emilie Emma Erik Erika Erling Ernst Esben Eskild Espen Eva Flemming
    Frank Fredrik Frederik Frederikke Freja Frida Geir Gerd Gitte Gorm Grethe Gro Gudrun Gunnar Gunilla Gustav Guro
    Hanna Hanne Hannah Harald Hedda Heidi Helena Helene Helge Helle Henning Henriette Henrik Hilde Håkan Håkon
    Ida Inge Inger Ingeborg Ingrid Ingvild Irene Isabella Ivar Jakob Jacob Janne Jannie Jens Jeanette Jenny
    Jeppe Jesper Jette Joakim Johan Johanne Johanna Johannes John Jonas Jonathan Josefine Jørgen Jörgen Jørn Julie
    Kaare Karen Kari Karin Karina Karl Karsten Kasper Katarina Kathrine Katrine Kenneth Kenth Kerstin Ketil Kirsten
    Kirsti Kjeld Kjell Kjersti Klaus Knud Knut Kristian Kristin Kristina Kristine Kristoffer Kurt Lars Lasse Laura
    Leif Lena Lene Lennart Lillian Lina Linda Linnea Lisbeth Lise Lone Lotte Louise Lucas Lukas Ludvig
    Mads Magne Magnus Malene Malin Maren Margit Margrethe Maria Marianne Marie Marit Markus Marte Martin Mathias
    Mathilde Matilda Mats Mattias Maja Merete Mette Michael Mikael Mikkel Mona Monica Morten Nanna Niels Nils Niklas
    Nina Nora Ola Olav Ole Oliver Olof Oscar Oskar Otto Palle Patrik Paul Peder Peer Pernilla Pernille Peter Petra
    Petter Pia Poul Preben Ragnar Ragnhild Randi Rasmus Rebecka Reidar Rikke Robert Roger Roland Rolf Ronny Rune
    Sara Sarah Sanne Sebastian Sigrid Sigurd Silje Simon Sindre Siri Sissel Sofia Sofie Solveig Sonja Stefan Steen
    Steinar Stine Sturla Susanne Svein Sven Svend Sverre Søren Sören Terje Thea Therese Thomas
    Thorbjørn Tina Tobias Tomas Tommy Torben Tord Tore Torill Torstein Torsten Trine Trond Trygve Tuva Tove
    Ulla Ulf Ulrik Ulrika Unni Ursula Vibeke Victoria Viggo Viktor Vilde Vilhelm Vivi Wenche William Yngve
    Yvonne Åsa Åse Øivind Øyvind Örjan Ørjan Östen Aisha Ahmed Amir Fatima Hassan Hussein Ibrahim Mohamed
    Mohammed Muhammad Mustafa Omar Yusuf Zahra Piotr Agnieszka Katarzyna Tomasz
    James Mary Patricia Jennifer Elizabeth Susan Jessica Emily Matthew Andrew Joshua Kevin Edward Jason Ryan Gary
    Nicholas Eric Stephen Larry Scott Samuel Benjamin Gregory Nancy Betty Margaret Ashley Kimberly Donna Michelle
    Deborah Stephanie Rebecca Cynthia Kathleen Amy Angela Shirley Brenda Pamela Nicole Katherine Samantha Christine
    """
FIRST_NAMES = frozenset(FIRST_NAMES_TEXT.split())
# Names that are also everyday words: taken for names only where a name is greeted or signs.
AMBIGUOUS = frozenset(
    (
        "Hans",
        "Even",
        "Line",
        "Else",
        "Tone",
        "Stein",
        "Finn",
        "Jan",
        "August",
        "Inga",
        "Stig",
        "Thor",
        "Urban",
        "Linn",
        "Ali",
        "Bo",
        "Per",
        "Pär",
        "Kim",
        "Liv",
        "Tor",
        "Dag",
        "Ann",
        "Siv",
        "My",
        "Bjarke",
        "Sol",
        "Ulla",
        "Mark",
        "Grace",
        "Will",
        "Tom",
        "Joan",
        "Rose",
    )
)
_UPPER = "A-ZÆØÅÄÖÉÜ"
_WORD = rf"[{_UPPER}][a-zæøåäöéüð]+(?:-[{_UPPER}][a-zæøåäöéüð]+)?"
_FULL = rf"{_WORD}(?:\s(?:(?:von|van|af|de|la|el|al)\s)?(?:{_WORD}|[{_UPPER}]\.)){{0,3}}"
_GREETING = re.compile(
    rf"(?P<lead>(?:\b|^)(?:[Hh]ej|[Hh]eisann|[Hh]ei|[Hh]allo|[Hh]ello|[Hh]i|[Kk]ære|[Kk]jære|[Kk]ära|[Bb]ästa|[Hh]ejsan|[Dd]ear|"
    rf"[Hh]r\.|[Ff]ru|[Ff]rk\.|[Mm]r\.?|[Mm]rs\.?|[Mm]s\.?)\s+)(?P<name>{_FULL})"
)
_INTRODUCED = re.compile(
    r"(?P<lead>\b(?:[Jj]eg hedder|[Mm]it navn er|[Mm]itt navn er|[Jj]eg heter|[Jj]ag heter|[Mm]itt namn är|"
    rf"[Mm]y name is|[Nn]avn:|[Nn]amn:|[Nn]ame:|[Kk]unde:|[Kk]und:|[Cc]ustomer:)\s+)(?P<name>{_FULL})"
)
_SIGNED = re.compile(
    r"(?P<lead>\b(?:[Mm]vh|MVH|[Vv]h|[Hh]ilsen|[Hh]älsningar|[Hh]älsn|[Hh]ilsner|[Rr]egards|[Ss]incerely|[Vv]änligen|[Kk]h)"
    rf"[.,!]?(?:\s*\n\s*|\s+))(?P<name>{_FULL})(?=\s*(?:$|\n|[,.\[(+]|\d|[Tt]lf|[Kk]undenr))"
)
_LISTED = re.compile(
    rf"\b(?P<name>(?P<first>{_WORD})(?:\s(?:{_WORD}|[{_UPPER}]\.)){{0,2}})(?P<own>(?:s|'s|’s)?)\b"
)
_NOT_PEOPLE_TEXT = """
    Kundeservice Kundservice Support Team Teamet Kunde Kund Customer Alle Alla All Allesammen Igen Der Jer Dere Du Ni
    Everyone There Sir Madam Sirs Service Hotline Afdeling Afdelingen Bestyrelse Ledelse Direktør Styret Jeg Jag Vi
    Det Den En Et Tak Takk Tack Thanks Har Hvad Hva Vad Hvorfor Hvordan Kan Skal Min Mit Mitt
    """
_NOT_PEOPLE = frozenset(_NOT_PEOPLE_TEXT.split())


def redact_names(text: str) -> str:
    """Replace names of people that stand where names stand, or begin with a common first name."""
    text = _INTRODUCED.sub(_after_lead, text)
    text = _SIGNED.sub(_after_lead, text)
    text = _GREETING.sub(_greeted, text)
    return _LISTED.sub(_listed, text)


def _after_lead(found: re.Match[str]) -> str:
    first = found["name"].split()[0]
    return found[0] if first in _NOT_PEOPLE else f"{found['lead']}{TAG}"


def _greeted(found: re.Match[str]) -> str:
    """Take a greeted word for a name only if it is a listed one, or comes with a family name."""
    words = found["name"].split()
    title = found["lead"].strip().rstrip(".").casefold() in ("hr", "fru", "frk", "mr", "mrs", "ms")
    if words[0] in _NOT_PEOPLE or not (title or words[0] in FIRST_NAMES | AMBIGUOUS):
        return found[0]
    return f"{found['lead']}{TAG}"


def _listed(found: re.Match[str]) -> str:
    name, own = found["name"], found["own"]
    words = name.split()
    start = next((n for n, word in enumerate(words) if _is_listed(word)), None)
    if start is None:
        return found[0]
    end = len(words)
    kept = " ".join(words[:start])
    genitive = own or ("s" if words[-1] not in FIRST_NAMES and words[-1][:-1] in FIRST_NAMES else "")
    return f"{kept} {TAG}{genitive}".lstrip() if end else found[0]


def _is_listed(word: str) -> bool:
    first = word.split("-")[0]
    return word in FIRST_NAMES or first in FIRST_NAMES or (word.endswith("s") and word[:-1] in FIRST_NAMES)
