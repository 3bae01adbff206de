"""Saying things in the reader's language: catalogues by gettext, dates, numbers and plurals by CLDR."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from promisecheck.errors import UsageError
from promisecheck.model import Measure
from promisecheck.plugins import did_you_mean

if TYPE_CHECKING:
    from babel import Locale

UI_LANGUAGES = ("da", "nb", "sv", "en")
_NEAR = {"nn": "nb", "no": "nb"}
_LOCALES = {"en": "en_GB"}
_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")


@dataclass(frozen=True)
class Speech:
    """Say messages, labels, dates, numbers and measures in one language."""

    language: str
    translations: NullTranslations
    locale: str

    def say(self, message: str, /, **values: object) -> str:
        """Return a message in this language with its values filled in."""
        return self.translations.gettext(message).format(**values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the form of a message that fits `n`; `{n}` in it is the number, written as here."""
        return self.translations.ngettext(one, many, n).format(n=self.number(n), **values)

    def label(self, group: str, key: str) -> str:
        """Return the name of one key of a closed group (theme, verdict, code …), or the key itself."""
        return self.translations.pgettext(group, key)

    def number(self, value: float) -> str:
        """Write a number with at most two decimals."""
        return _number(value, self.locale)

    def percent(self, share: float) -> str:
        """Write a share between 0 and 1 as a whole percentage; only all is 100 and only none is 0."""
        rounded = round(share, 2)
        if rounded in (0.0, 1.0) and rounded != share:
            rounded = 0.01 if share < 0.5 else 0.99
        return _percent(rounded, self.locale)

    def day(self, moment: date | datetime | None) -> str:
        """Write a day as people here do, or "" for none."""
        return _day(_date(moment), self.locale) if moment else ""

    def short_day(self, moment: date | datetime) -> str:
        """Write a day without its year."""
        return _skeleton("MMMd", _date(moment), self.locale)

    def month(self, moment: date | datetime) -> str:
        """Write a month with its year."""
        return _skeleton("yMMM", _date(moment), self.locale)

    def moment(self, moment: datetime | None) -> str:
        """Write a day and a time of day, or "" for none."""
        from babel.dates import format_time

        return f"{self.day(moment)} {format_time(moment, 'short', locale=self.locale)}" if moment else ""

    def join(self, items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
        """Join names as in running text: "a, b and c"."""
        from babel.lists import format_list

        return format_list(list(items), style=style, locale=_locale(self.locale))

    def measure(self, measure: Measure) -> str:
        """Write a measure in words: "24 hours", "1–2 working days", "199 kr."."""
        if measure.kind == "window":
            return self._window(measure)
        if measure.high is None or measure.high == measure.value:
            return self._quantity(measure.value, measure.unit)
        return f"{self.number(measure.value)}–{self._quantity(measure.high, measure.unit)}"

    def _window(self, measure: Measure) -> str:
        if measure.high is not None and measure.high != measure.value:
            return f"{self.number(measure.value)}–{self.number(measure.high)}"
        return self.plural("{n} hour a week", "{n} hours a week", round(measure.value))

    def _quantity(self, value: float, unit: str) -> str:
        if unit == "percent":
            return self.percent(value / 100) if value == round(value) else f"{self.number(value)} %"
        if unit == "working-day":
            return self.plural("{n} working day", "{n} working days", round(value))
        if unit == "day" and value == round(value):
            # CLDR's Swedish counts days and nights ("dygn"), which no company promises.
            return self.plural("{n} day", "{n} days", round(value))
        if unit == "times":
            return self.plural("{n} time", "{n} times", round(value))
        if unit in _UNITS:
            return _unit(value, unit, self.locale)
        if len(unit) == 3 and unit.isupper():
            return self.money(value, unit)
        return f"{self.number(value)} {unit}".strip()

    def money(self, value: float, currency: str) -> str:
        """Write an amount, without decimals where it is whole."""
        from babel.numbers import format_currency

        before = currency in ("EUR", "GBP", "USD") and self.language == "en"
        digits = "#,##0" if value == round(value) else "#,##0.00"
        pattern = f"¤{digits}" if before else f"{digits}\N{NO-BREAK SPACE}¤"
        return format_currency(value, currency, pattern, locale=self.locale, currency_digits=False)


# Babel reads the locale's patterns anew for each call; a report says the same few days and numbers very often.
@lru_cache(maxsize=8)
def _locale(name: str) -> Locale:
    from babel import Locale

    return Locale.parse(name)


@lru_cache(maxsize=8192)
def _number(value: float, locale: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, format="#,##0.##", locale=locale)


@lru_cache(maxsize=512)
def _percent(share: float, locale: str) -> str:
    from babel.numbers import format_percent

    return format_percent(share, locale=locale)


@lru_cache(maxsize=4096)
def _unit(value: float, unit: str, locale: str) -> str:
    from babel.units import format_unit

    return format_unit(value, f"duration-{unit}", length="long", locale=locale)


@lru_cache(maxsize=8192)
def _day(day: date, locale: str) -> str:
    from babel.dates import format_date

    return format_date(day, "medium", locale=locale)


@lru_cache(maxsize=8192)
def _skeleton(skeleton: str, day: date, locale: str) -> str:
    from babel.dates import format_skeleton

    return format_skeleton(skeleton, day, locale=locale)


def _date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def speech(language: str) -> Speech:
    """Return the speech of a language; raise UsageError where there is no catalogue for it."""
    wanted = pick_language([language])
    if not wanted:
        raise UsageError(
            f"no user interface in language {language!r}", do=did_you_mean(language, list(UI_LANGUAGES))
        )
    return _speech(wanted)


def pick_language(wanted: Sequence[str], known: Sequence[str] = UI_LANGUAGES) -> str:
    """Return the first wanted language (tags such as `da-DK`) that there is a catalogue for, or ""."""
    for tag in wanted:
        bare = tag.replace("_", "-").split("-")[0].lower()
        near = _NEAR.get(bare, bare)
        if near in known:
            return near
    return ""


@lru_cache(maxsize=8)
def _speech(language: str) -> Speech:
    return Speech(language, load_catalogue(language), _LOCALES.get(language, language))


def load_catalogue(language: str, room: str = "promisecheck.report") -> NullTranslations:
    """Read the .po file of a language, from the locale folder of a room, into translations."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = files(room) / "locale" / f"{language}.po"
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
