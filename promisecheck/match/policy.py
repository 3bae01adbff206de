"""Every threshold and weight of the matching, in one place, with what it was fitted on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPolicy:
    """Hold the parameters of signals and judgements; scores are between 0 and 1.

    They were fitted by five-fold cross-validation on labelled real reviews, folds by review and by promise,
    at the point where one false accusation costs as much as three missed ones.
    """

    phrase_score: float = 0.8
    """What a phrase of the lexicon scores: it names the touchpoint and what went wrong."""
    flipped_score: float = 0.6
    """What a negated phrase scores for the opposite ("no queue at all")."""
    nearby_score: float = 0.55
    """What a touchpoint with a good or bad word near it scores ("the coverage is awful")."""
    third_party_factor: float = 0.5
    """What remains of a score where another company is named in the same sentence."""
    own_mistake_factor: float = 0.3
    """What remains of a broken signal where the customer says that the mistake was his own."""
    head_broken_min: float = 0.5
    """From which probability the trained head alone makes a broken signal."""
    head_kept_min: float = 0.5
    """From which probability the trained head alone makes a kept signal."""
    head_none_max: float = 0.85
    """Above which probability of saying nothing the head silences a word of the lexicon."""
    head_theme_min: float = 0.5
    """From which probability the head's theme stands instead of the lexicon's."""
    pair_weight: float = 0.5
    """What share of a score the trained pair head decides, where it is there."""
    breaks_min: float = 0.6
    """From which score an incident breaks a promise: precision before recall."""
    keeps_min: float = 0.5
    """From which score an incident keeps a promise."""
    uncertain_low: float = 0.4
    """Below which score no second opinion is asked."""
    uncertain_high: float = 0.75
    """Above which score no second opinion is asked."""


DEFAULT = MatchPolicy()
