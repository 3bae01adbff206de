"""How firmly, on which conditions, for whom and about what: bokmål, nynorsk, Swedish and English wordings."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from promisecheck.model import Scope
from promisecheck.quantities import Grammar, conditions_of, metric_of, scope_of, strength_of

RULES = Path(__file__).parents[2] / "rules"


@cache
def grammar(language: str) -> Grammar:
    return Grammar.from_mapping(
        yaml.safe_load((RULES / language / "_language.yaml").read_text(encoding="utf-8"))
    )


STRENGTHS = [
    ("nb", "Vi svarer alltid samme dag", "absolute"),
    ("nb", "Alle henvendelser besvares innen 24 timer", "absolute"),
    ("nb", "Alle våre sjåfører hilser på deg", "absolute"),
    ("nb", "Som regel er pakken fremme dagen etter", "hedged"),
    ("nb", "Leveringen kan ta lengre tid i desember", "hedged"),
    ("nb", "Vi kan ikke garantere tidspunktet", "hedged"),
    ("nb", "Vi hjelper deg gjerne innen 24 timer", "firm"),
    ("nb", "Åpent alle hverdager", "firm"),
    ("nn", "Vi svarar alltid same dag", "absolute"),
    ("nn", "Vi svarar vanlegvis innan to dagar", "hedged"),
    ("nn", "Vi svarar innan to dagar", "firm"),
    ("sv", "Vi svarar alltid samma dag", "absolute"),
    ("sv", "Alla ärenden besvaras inom 24 timmar", "absolute"),
    ("sv", "Vi ringer tillbaka varje gång", "absolute"),
    ("sv", "Oftast är paketet framme dagen efter", "hedged"),
    ("sv", "Leveransen kan dröja i december", "hedged"),
    ("sv", "Vi garanterar inte leveransdagen", "hedged"),
    ("sv", "Vi svarar inom 24 timmar", "firm"),
    ("sv", "Öppet alla vardagar", "firm"),
    ("en", "We can take the weight off your shoulders", "firm"),
    ("en", "Delivery can take up to a week", "hedged"),
]
CONDITIONS = [
    ("nb", "Fri frakt over 499 kr i hele Norge", ("over 499 kr", "i hele Norge")),
    ("nb", "Sendes samme dag ved bestilling før kl. 14", ("ved bestilling før kl. 14",)),
    ("nb", "Gratis retur for medlemmer*", ("for medlemmer", "*")),
    ("nb", "Svar samme dag på hverdager", ("på hverdager",)),
    ("nb", "Pengene tilbake hvis du ikke er fornøyd.", ("hvis du ikke er fornøyd",)),
    ("nn", "Fri frakt over 499 kr", ("over 499 kr",)),
    ("nn", "Svar same dag på kvardagar", ("på kvardagar",)),
    ("sv", "Fri frakt över 499 kr i Sverige", ("över 499 kr", "i Sverige")),
    ("sv", "Skickas samma dag vid beställning före kl. 14", ("vid beställning före kl. 14",)),
    ("sv", "Fri retur för medlemmar", ("för medlemmar",)),
    ("sv", "Svar samma dag på vardagar", ("på vardagar",)),
    ("sv", "Pengarna tillbaka om du inte är nöjd.", ("om du inte är nöjd",)),
    ("sv", "Vi hör av oss om 3 veckor", ()),
    ("en", "Free delivery on orders over £50", ("on orders over £50",)),
    ("en", "Same-day dispatch for orders placed before 2pm", ("for orders placed before 2pm",)),
    ("en", "Free returns for members in the UK", ("for members", "in the UK")),
    ("en", "Refunds within 5 days unless the item is worn.", ("unless the item is worn",)),
    ("en", "A room of 20 m²", ()),
]
SCOPES = [
    ("nb", "Ring oss, vi svarer på to minutter", Scope(channel="phone")),
    ("nb", "Bedriftskunder får svar på chat innen ett minutt", Scope(channel="chat", customers="business")),
    ("nb", "Fri frakt i hele Norge", Scope(area="NO")),
    ("nn", "Svar på e-post innan to dagar", Scope(channel="mail")),
    ("sv", "Svar på mejl inom ett dygn för medlemmar", Scope(channel="mail", customers="members")),
    ("sv", "Hämta i butik inom en timme", Scope(channel="shop")),
    ("en", "Calls are answered within two minutes", Scope(channel="phone")),
    ("en", "Free delivery for members in the UK", Scope(customers="members", area="GB")),
    ("en", "Call or email us", Scope()),
]
METRICS = [
    ("nb", "Vi svarer på din henvendelse innen 24 timer", "first-reply"),
    ("nb", "Levering på 1–2 virkedager", "delivery"),
    ("nb", "Høyst to minutters ventetid på telefon", "queue"),
    ("nb", "30 dagers angrerett", "return-window"),
    ("nb", "Pengene tilbake innen fem dager", "refund"),
    ("nn", "Vi svarar innan to dagar", "first-reply"),
    ("nn", "Klagen blir handsama innan seks veker", "resolution"),
    ("sv", "Vi svarar inom 24 timmar", "first-reply"),
    ("sv", "Leverans inom 2 vardagar", "delivery"),
    ("sv", "Högst två minuters väntetid", "queue"),
    ("sv", "30 dagars öppet köp", "return-window"),
    ("sv", "Pengarna tillbaka inom fem dagar", "refund"),
    ("sv", "99,9 % upptid", "uptime"),
    ("en", "We reply within two days", "first-reply"),
    ("en", "Delivered in 2–3 working days", "delivery"),
    ("en", "Less than a minute on hold", "queue"),
    ("en", "Refunded within 5 days", "refund"),
    ("en", "A two-year warranty", "warranty"),
    ("en", "Your complaint is resolved within eight weeks", "resolution"),
    ("en", "Cancel any time", "cancellation"),
    ("en", "99.9% uptime", "uptime"),
    ("en", "A page on forests", ""),
]


@pytest.mark.parametrize(("language", "text", "strength"), STRENGTHS)
def test_strength(language: str, text: str, strength: str) -> None:
    assert strength_of(text, grammar(language)) == strength


@pytest.mark.parametrize(("language", "text", "conditions"), CONDITIONS)
def test_conditions(language: str, text: str, conditions: tuple[str, ...]) -> None:
    assert conditions_of(text, grammar(language)) == conditions


@pytest.mark.parametrize(("language", "text", "scope"), SCOPES)
def test_scope(language: str, text: str, scope: Scope) -> None:
    assert scope_of(text, grammar(language)) == scope


@pytest.mark.parametrize(("language", "text", "metric"), METRICS)
def test_metric(language: str, text: str, metric: str) -> None:
    assert metric_of(text, grammar(language)) == metric
