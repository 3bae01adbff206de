"""Names of countries as logs write them, and the code that stands for each (ISO 3166 alpha-2)."""

from __future__ import annotations

_NAMES = {
    "DK": "danmark denmark dnk dänemark", "NO": "norge noreg norway nor norwegen", "SE": "sverige sweden swe schweden",
    "FI": "finland suomi fin", "IS": "island iceland isl", "FO": "færøerne færøyene færöarna faroe",
    "GL": "grønland grönland greenland", "GB": "uk england storbritannien storbritannia scotland wales gbr",
    "IE": "irland ireland irl", "DE": "tyskland germany deutschland deu ger", "NL": "holland nederlandene nederland "
    "nederländerna netherlands nld", "BE": "belgien belgia belgium bel", "FR": "frankrig frankrike france fra",
    "ES": "spanien spania spain españa esp", "PT": "portugal prt", "IT": "italien italia italy ita",
    "AT": "østrig østerrike österrike austria aut", "CH": "schweiz sveits switzerland che", "PL": "polen poland pol",
    "EE": "estland estonia est", "LV": "letland latvia lettland lva", "LT": "litauen lithuania ltu",
    "US": "usa amerika america", "CA": "canada kanada can",
}  # fmt: skip
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}


def country_code(written: str) -> str:
    """Return the code for a country's name or code; the folded word itself where it is neither, "" for none."""
    word = written.strip()
    if len(word) == 2 and word.isalpha():
        code = word.upper()
        return "GB" if code == "UK" else code
    folded = " ".join(word.casefold().split())
    return _CODES.get(folded, "GB" if folded in ("united kingdom", "great britain") else folded)
