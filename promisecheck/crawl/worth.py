"""How likely an address leads to promises or terms, by the words in its path and in the text of its link."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

# Terms, delivery, returns, guarantees, customer service, complaints; then what a company says of itself.
_STRONG = """
vilkår vilkar vilkaar betingelser handelsbetingelser abonnementsvilkår villkor kopvillkor köpvillkor
terms conditions levering fragt forsendelse leveranse frakt leverans delivery shipping retur
returret reklamation fortrydelse angrerett reklamasjon ångerrätt angerratt returer returns refund
refusion garanti guarantee warranty prisgaranti prisløfte løfte løfter lofter serviceløfte
servicemål servicemal servicemaal servicegaranti serviceerklæring serviceerklaering servicegarantier
kundeløfte kundelofte kundløfte löfte loften löften promise promises pledge commitment commitments
charter sla oppetid uptime driftsikkerhed leveringssikkerhed kundeservice kundesupport kundservice
kundtjänst kundtjanst support helpdesk hjælp hjaelp hjælpecenter hjelp hjälp help faq spørgsmål
sporgsmal spørsmål frågor fragor klage klager klagomål klagomal complaint complaints
passagerrettigheder rejsegaranti reisegaranti resegaranti forsinkelse forsinkelser försening
forsening delays kompensation compensation
"""
_GOOD = """
om about omos om-os om-oss kontakt contact priser pris prices pricing kvalitet quality værdier
vaerdier verdier värderingar varderingar values vision mission service tjenester tjänster tjanster
ydelser abonnement bæredygtighed baeredygtighed bærekraft hållbarhet hallbarhet sustainability
sikkerhed sikkerhet säkerhet sakerhet security privatliv personvern integritet privacy åbningstider
aabningstider åpningstider öppettider oppettider opening hours fordele fordeler fördelar benefits
why hvorfor varför tryghed trygghet tilfredshed kunder kunde customers
"""
_POOR = """
nyhed nyheder nyhet nyheter news blog blogg artikel artikler presse press pressemeddelelse arkiv
archive tag tags kategori category author forfatter job jobs karriere career careers ledige stilling
event events kalender calendar søg sog search login log-ind logg-inn logga-in min-side mitt minside
my-account kurv cart basket checkout varukorg handlekurv galleri gallery video podcast kampanje
print feed
"""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WEIGHTS = {
    **dict.fromkeys(_POOR.split(), -3.0),
    **dict.fromkeys(_GOOD.split(), 2.0),
    **dict.fromkeys(_STRONG.split(), 4.0),
}
# The Nordic languages write compounds as one word: "leveringsbetingelser", "prisgarantier".
_PART = re.compile("|".join(word for word in _STRONG.split() if len(word) >= 6))
_FOREIGN = frozenset(
    [
        "de",
        "fr",
        "es",
        "it",
        "pl",
        "nl",
        "fi",
        "is",
        "pt",
        "ru",
        "tr",
        "ar",
        "zh",
        "ja",
        "ko",
        "cs",
        "hu",
        "ro",
        "lt",
        "lv",
        "et",
        "uk-ua",
        "el",
    ]
)


def worth_of(url: str, text: str = "", *, depth: int = 0) -> float:
    """Return a number that is higher the sooner the address should be fetched."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    worth = _weigh(path) + 0.75 * _weigh(text[:200]) - 0.5 * depth
    worth -= 0.3 * path.strip("/").count("/") + (1.0 if parts.query else 0.0)
    first = path.strip("/").partition("/")[0].lower()
    return worth - 6.0 if first in _FOREIGN or (first[:2] in _FOREIGN and first[2:3] == "-") else worth


def _weigh(text: str) -> float:
    """Add up the two strongest words: a long address is not better than a clear one."""
    found = []
    for match in _WORD.finditer(text.lower()):
        word = match[0]
        weight = _WEIGHTS.get(word)
        if weight is None:
            parts = [_WEIGHTS.get(part, 0.0) for part in word.split("-")]
            weight = max(parts, key=abs) or (3.0 if _PART.search(word) else 0.0)
        if weight:
            found.append(weight)
    found.sort(key=abs, reverse=True)
    return sum(found[:2])
