"""Best-effort redaction of personal data in text: it lowers a risk, it anonymises nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from promisecheck.incidents.names import redact_names

EMAIL = re.compile(r"[\w.+%-]+(?:@|\s?\(at\)\s?|\s?\[at\]\s?)[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?\b")
CARD = re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w-])")
CPR = re.compile(r"(?<![\w.,-])(\d{2})(\d{2})(\d{2})[ –-]?\d{4}(?![\w-])")
NORWEGIAN = re.compile(r"(?<![\w.,-])(\d{6}[ -]?\d{5}|\d{6}[ -]?\d{3}[ ]?\d{2})(?![\w-])")
SWEDISH = re.compile(r"(?<![\w.,-])(?:(?:19|20)?\d{6}[-+ ]?\d{4})(?![\w-])")
PHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d[\d ()./\u00a0–-]{5,18}\d(?![\w]|[.,]\d)")
MONEY_AFTER = re.compile(r"^\s*(?:kr\b|dkk\b|nok\b|sek\b|eur\b|:-|,-|€|£|\$|%)", re.IGNORECASE)
MONEY_BEFORE = re.compile(r"(?:kr\.?|dkk|nok|sek|eur|€|£|\$)\s*$", re.IGNORECASE)
CODE_BEFORE = re.compile(
    r"(?:ordre|order|org|vare|artikel|serie|sag|sak|ärende|faktura|invoice|best[iä]ll|booking|kvitter|pakke|paket|spor|track|ref)"
    r"[\w.]*(?:\s+(?:id|no|number))?[\s:#.]*$",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"\b[A-ZÆØÅÄÖÉÜ][\w.'’-]*(?:\s[A-ZÆØÅÄÖÉÜ][\w.'’-]*){0,2}?"
    r"(?:vej|gade|allé|alle|vænget|stræde|boulevard|parken|torvet|plads|veien|vegen|gata|gaten|gate|gatan|"
    r"vägen|väg|gränd|backen|\s(?:Vej|Gade|Allé|Alle|Plads|Torv|vei|gate|gata|Street|St|Road|Rd|Avenue|Lane|Way))"
    r"\s\d{1,4}(?:[–-]\d{1,4})?\s?[A-Za-z]?\b"
    r"(?:,?\s?(?:(?:st|kld|\d{1,2})\.?\s?(?:th|tv|mf|sal)\b\.?|(?:st|\d{1,2})\.))?(?:,?\s*(?:\d{4}|\d{3}\s?\d{2})\s+[A-ZÆØÅÄÖ][\wæøåäö]+)?"
)
SHORT = 40
FEWEST_DIGITS = 8
DATE_LIKE = re.compile(r"^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2}))(?!\d)")
SPAN = re.compile(r"(\d{1,2}[.:]?\d{2})\s*[–-]\s*(\d{1,2}[.:]?\d{2})")
THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
REGIONS = ("DK", "NO", "SE", "GB", "FI")


def redact(text: str) -> str:
    """Replace what looks like personal data by tags such as [email], [phone], [cpr], [name].

    Finds e-mail addresses, IBAN and card numbers, Danish, Norwegian and Swedish personal numbers, phone
    numbers, street addresses, and names after greetings, in signatures and by a list of first names.
    """
    return _redact_again(text) if len(text) <= SHORT else _redact(text)


def _redact(text: str) -> str:
    if "@" in text or "(at)" in text or "[at]" in text:
        text = EMAIL.sub("[email]", text)
    digits = sum(map(str.isdigit, text))
    if digits >= FEWEST_DIGITS:
        text = _numbers(text)
    if digits:
        text = ADDRESS.sub("[address]", text)
    return redact_names(text)


# Channels and departments stand in every row: each is looked at once.
_redact_again = lru_cache(maxsize=4096)(_redact)


def _numbers(text: str) -> str:
    for pattern, tag, is_one in (
        (IBAN, "[iban]", _is_iban),
        (CARD, "[card]", _is_card),
        (CPR, "[cpr]", _is_cpr),
        (NORWEGIAN, "[fnr]", _is_norwegian),
        (SWEDISH, "[personnummer]", _is_swedish),
        (PHONE, "[phone]", _is_phone),
    ):
        text = pattern.sub(_tagged(tag, is_one), text)
    return text


def _tagged(tag: str, is_one: Callable[[re.Match[str]], bool]) -> Callable[[re.Match[str]], str]:
    return lambda found: tag if is_one(found) else found[0]


def _is_iban(found: re.Match[str]) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(found[0], check_country=False))


def _is_card(found: re.Match[str]) -> bool:
    from stdnum import luhn

    digits = re.sub(r"\D", "", found[0])
    return digits[0] in "23456" and bool(luhn.is_valid(digits))


def _is_cpr(found: re.Match[str]) -> bool:
    """Judge by format and date alone: the checksum has not been mandatory since 2007."""
    return _is_day(int(found[1]), int(found[2]))


def _is_norwegian(found: re.Match[str]) -> bool:
    """Accept a valid number, and one whose digits are merely grouped as a personal number is."""
    from stdnum.no import fodselsnummer

    digits = re.sub(r"\D", "", found[0])
    day, month = int(digits[:2]), int(digits[2:4])
    grouped = not found[0].isdigit() and _is_day(day - 40 if day > 40 else day, month)
    return grouped or bool(fodselsnummer.is_valid(digits))


def _is_swedish(found: re.Match[str]) -> bool:
    """Accept a date with a dash and four digits, and without the dash only where the check digit fits."""
    from stdnum import luhn

    digits = re.sub(r"\D", "", found[0])[-10:]
    day = int(digits[4:6])
    dated = _is_day(day - 60 if day > 60 else day, int(digits[2:4]))
    return dated and (found[0][-5] in "-+" or bool(luhn.is_valid(digits)))


def _is_phone(found: re.Match[str]) -> bool:
    import phonenumbers

    text = found[0]
    digits = re.sub(r"\D", "", text)
    if not 8 <= len(digits) <= 15 or _is_other_number(found, digits):
        return False
    written = f"+{digits[2:]}" if text.startswith("00") else text
    for region in (None,) if written.startswith("+") else REGIONS:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False


def _is_other_number(found: re.Match[str], digits: str) -> bool:
    """Tell amounts, dates and order numbers from phone numbers."""
    before, after = found.string[max(0, found.start() - 24) : found.start()], found.string[found.end() :]
    if MONEY_AFTER.match(after) or MONEY_BEFORE.search(before) or CODE_BEFORE.search(before):
        return True
    day_like = len(digits) == 8 and digits[:2] in ("19", "20") and _is_day(int(digits[6:]), int(digits[4:6]))
    if (span := SPAN.fullmatch(found[0])) and all(map(_is_time_or_year, span.groups())):
        return True
    return day_like or DATE_LIKE.match(found[0]) is not None or THOUSANDS.fullmatch(found[0]) is not None


def _is_time_or_year(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return digits[:2] in ("19", "20") or (int(digits[:-2]) <= 24 and int(digits[-2:]) < 60)


def _is_day(day: int, month: int) -> bool:
    try:
        date(2024, month, day)
    except ValueError:
        return False
    return True
