"""What matching takes as speaking against a value is what findings declare and count."""

from promisecheck.findings import INDICATORS
from promisecheck.match import CODES, VALUE_INDICATORS


def test_matching_and_findings_declare_the_same_indicators() -> None:
    assert dict(INDICATORS) == VALUE_INDICATORS


def test_every_indicator_is_a_broken_code() -> None:
    assert {CODES[code].status for codes in INDICATORS.values() for code in codes} == {"broken"}
