"""Findings: exactly one verdict per promise, with counts that add up and the reasons in words."""

from promisecheck.findings.find import find
from promisecheck.findings.indicators import INDICATORS
from promisecheck.findings.policy import Measured, Policy, Window, policy_of

__all__ = ["INDICATORS", "Measured", "Policy", "Window", "find", "policy_of"]
