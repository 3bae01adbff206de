"""Match: what incidents, their facts and the company's own text say of each promise."""

from promisecheck.match.codes import CODES, Code
from promisecheck.match.compare import MatchCache, Matches, match
from promisecheck.match.judge import Judge, Judgement, judge_pair
from promisecheck.match.policy import MatchPolicy
from promisecheck.match.signals import read_signals
from promisecheck.match.site import Statement
from promisecheck.model import VALUE_INDICATORS

__all__ = [
    "CODES", "VALUE_INDICATORS", "Code", "Judge", "Judgement", "MatchCache", "MatchPolicy", "Matches",
    "Statement", "judge_pair", "match", "read_signals",
]  # fmt: skip
