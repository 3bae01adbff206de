"""The documented list of signal codes: what each says, its theme, and the aspect of service it is about."""

from __future__ import annotations

from dataclasses import dataclass

from promisecheck.model import Status, Theme


@dataclass(frozen=True, slots=True)
class Code:
    """Hold one code: theme, status, aspect (the touchpoint it is about) and what it means."""

    theme: Theme
    status: Status
    aspect: str
    means: str


CODES: dict[str, Code] = {
    "long-queue": Code("availability", "broken", "phone", "waited long in a queue or could not get through"),
    "no-reply": Code("speed", "broken", "reply", "got no answer, or got it late"),
    "late-delivery": Code("speed", "broken", "delivery", "goods or work came late, or kept being postponed"),
    "slow-handling": Code("speed", "broken", "handling", "the case, repair or change took long"),
    "transferred": Code("ease", "broken", "effort", "was sent from one to the next"),
    "contacted-again": Code("ease", "broken", "effort", "had to contact again about the same thing"),
    "complicated": Code("ease", "broken", "process", "the site, the form or the process was hard to use"),
    "cannot-cancel": Code("ease", "broken", "cancel", "could not cancel, or only with trouble"),
    "not-delivered": Code(
        "reliability", "broken", "delivery", "what was ordered never came, or the wrong thing"
    ),
    "out-of-stock": Code("reliability", "broken", "stock", "what was sold was not in stock"),
    "closed": Code("availability", "broken", "opening", "closed, or nobody there, in stated hours"),
    "cancelled-without-notice": Code(
        "reliability", "broken", "appointment", "cancelled or closed without a word"
    ),
    "no-show": Code("reliability", "broken", "appointment", "nobody came at the agreed time, or late"),
    "turned-away": Code("reliability", "broken", "appointment", "was refused the service that was bought"),
    "broken-agreement": Code("reliability", "broken", "agreement", "an agreement or a promise was not kept"),
    "mistake-made": Code("reliability", "broken", "accuracy", "met a mistake of theirs"),
    "wrong-bill": Code("reliability", "broken", "bill", "was charged wrongly, twice, or after cancelling"),
    "error-message": Code("reliability", "broken", "error", "a system answered with an error"),
    "hidden-fee": Code("price", "broken", "fees", "a fee that was not told of"),
    "expensive": Code("price", "broken", "price", "the price was high for what was given"),
    "forced-bundle": Code("transparency", "broken", "terms", "had to take one thing to get another"),
    "misinformed": Code("transparency", "broken", "terms", "was told or shown something that was not so"),
    "unclear-terms": Code("transparency", "broken", "terms", "price or terms were hidden or unclear"),
    "not-informed": Code("information", "broken", "updates", "was not told what was going on"),
    "change-without-notice": Code(
        "information", "broken", "updates", "something was changed without telling"
    ),
    "unstable-service": Code(
        "quality", "broken", "network", "the connection or service was slow, weak or down"
    ),
    "defective": Code("quality", "broken", "product", "the thing was broken or poor"),
    "poor-work": Code("quality", "broken", "work", "the work or repair was not done well"),
    "unclean": Code("quality", "broken", "comfort", "dirty, noisy or uncomfortable"),
    "uninformed-employee": Code("personal", "broken", "knowledge", "staff did not know"),
    "rude": Code("personal", "broken", "attitude", "staff were rude"),
    "impersonal": Code("personal", "broken", "care", "was met with indifference or standard answers"),
    "no-help": Code("personal", "broken", "care", "asked for help and got none"),
    "refund-missing": Code("guarantee", "broken", "refund", "money, warranty or right of return was refused"),
    "no-redress": Code("guarantee", "broken", "redress", "an error was denied or not put right"),
    "data-exposed": Code("safety", "broken", "data", "personal data reached others"),
    "unsafe": Code("safety", "broken", "safety", "person or belongings came to harm or danger"),
    "wasteful": Code("sustainability", "broken", "environment", "waste against a stated care for it"),
    "dissatisfied": Code("other", "broken", "overall", "bad on the whole"),
    "other-broken": Code("other", "broken", "overall", "something else was not kept"),
    "quick-answer": Code("availability", "kept", "phone", "got through at once"),
    "quick-reply": Code("speed", "kept", "reply", "got a quick answer"),
    "delivered-on-time": Code("speed", "kept", "delivery", "came in time"),
    "quick-handling": Code("speed", "kept", "handling", "the case was handled quickly"),
    "solved-first-contact": Code("ease", "kept", "effort", "solved at once"),
    "easy": Code("ease", "kept", "process", "was easy"),
    "easy-to-cancel": Code("ease", "kept", "cancel", "could cancel without trouble"),
    "delivered": Code("reliability", "kept", "delivery", "came as ordered"),
    "in-stock": Code("availability", "kept", "stock", "was in stock"),
    "reachable": Code("availability", "kept", "opening", "somebody was there"),
    "on-time": Code("reliability", "kept", "appointment", "came at the agreed time"),
    "reliable": Code("reliability", "kept", "agreement", "what was agreed was kept"),
    "accurate": Code("reliability", "kept", "accuracy", "all was right"),
    "correct-bill": Code("reliability", "kept", "bill", "the bill was right"),
    "no-fees": Code("price", "kept", "fees", "no extra cost"),
    "fair-price": Code("price", "kept", "price", "a good price"),
    "clear-terms": Code("transparency", "kept", "terms", "price and terms were plain and true"),
    "clear-information": Code("information", "kept", "updates", "was kept informed"),
    "stable-service": Code("quality", "kept", "network", "the connection was good"),
    "good-quality": Code("quality", "kept", "product", "the thing was good"),
    "good-work": Code("quality", "kept", "work", "the work was well done"),
    "comfortable": Code("quality", "kept", "comfort", "clean, calm or comfortable"),
    "competent": Code("personal", "kept", "knowledge", "staff knew"),
    "friendly": Code("personal", "kept", "attitude", "staff were friendly"),
    "helpful": Code("personal", "kept", "care", "was helped and listened to"),
    "refunded": Code("guarantee", "kept", "refund", "got the money back or a replacement"),
    "redressed": Code("guarantee", "kept", "redress", "an error was admitted and put right"),
    "secure": Code("safety", "kept", "data", "felt safe"),
    "sustainable": Code("sustainability", "kept", "environment", "care for the environment was seen"),
    "satisfied": Code("other", "kept", "overall", "good on the whole"),
    "other-kept": Code("other", "kept", "overall", "something else was kept"),
}

# What a company did about a lapse: shown beside it, not subtracted.
RECOVERY = ("refunded", "redressed")

# What a promise can be about beside its touchpoint, and in which case it holds; the words stand in rules/<lang>/_signals.yaml.
SUBJECTS: tuple[str, ...] = (
    "binding", "callback", "cancel", "child", "compensation", "defect", "delay", "exchange", "included", "installation",
    "invoice-fee", "luggage", "money-back", "moving", "outage", "packaging", "price-lock", "return", "same-person", "seat",
    "setup-fee", "shipping", "standard-reply", "technician", "ticket", "told-price", "warranty",
)  # fmt: skip

# What a signal speaks of without naming it: a parcel that comes late is a delay, a new agent each time is not the same person.
CODE_SUBJECTS: dict[str, tuple[str, ...]] = {
    "late-delivery": ("delay",), "no-show": ("delay",), "not-delivered": ("delay",), "slow-handling": ("delay",),
    "defective": ("defect",), "error-message": ("defect",), "unstable-service": ("defect", "outage"),
    "poor-work": ("defect",), "mistake-made": ("defect",), "cannot-cancel": ("cancel", "binding"),
    "easy-to-cancel": ("cancel",), "transferred": ("same-person",), "impersonal": ("standard-reply",),
}  # fmt: skip

ASPECTS: tuple[str, ...] = tuple(dict.fromkeys(code.aspect for code in CODES.values()))

DEFAULT_BROKEN: dict[str, str] = {}
DEFAULT_KEPT: dict[str, str] = {}
for _name, _code in CODES.items():
    (DEFAULT_BROKEN if _code.status == "broken" else DEFAULT_KEPT).setdefault(_code.aspect, _name)
# A complaint about terms in general is about what was told, not about a bundle; about effort, that it took more than one go.
DEFAULT_BROKEN.update(
    terms="misinformed", effort="contacted-again", appointment="no-show", updates="not-informed",
    care="no-help", overall="dissatisfied",
)  # fmt: skip

THEME_ASPECTS: dict[str, tuple[str, ...]] = {
    "ease": ("process", "effort", "cancel", "phone", "error"),
    "speed": ("delivery", "reply", "handling", "phone"),
    "reliability": ("agreement", "appointment", "delivery", "bill", "error", "accuracy"),
    "price": ("price", "fees", "bill"),
    "availability": ("phone", "opening", "stock", "reply"),
    "personal": ("attitude", "care", "knowledge"),
    "transparency": ("terms", "fees", "updates"),
    "quality": ("product", "work", "network", "comfort"),
    "information": ("updates", "terms"),
    "safety": ("data", "safety"),
    "sustainability": ("environment",),
    "guarantee": ("refund", "redress"),
    "other": ("overall",),
}

# How much a lapse of one theme says of a promise of another: what labelled pairs showed of pairs of themes, as a share
# of what the promise's own theme showed. It runs one way: a late parcel breaks trust, mistrust makes no parcel late.
THEME_NEAR: dict[str, dict[str, float]] = {
    "ease": {"transparency": 0.45, "reliability": 0.35, "personal": 0.2, "other": 0.3},
    "speed": {"availability": 0.4, "guarantee": 0.35, "personal": 0.3, "information": 0.2},
    "reliability": {
        "quality": 0.8, "speed": 0.65, "transparency": 0.6, "ease": 0.45, "information": 0.45, "guarantee": 0.45,
        "personal": 0.25, "other": 0.2,
    },
    "price": {"transparency": 0.55, "reliability": 0.5},
    "availability": {"speed": 0.75, "personal": 0.45, "information": 0.35, "guarantee": 0.25, "reliability": 0.2},
    "personal": {
        "transparency": 0.5, "other": 0.4, "availability": 0.35, "ease": 0.3, "speed": 0.3, "information": 0.3,
        "guarantee": 0.3, "reliability": 0.25,
    },
    "transparency": {
        "price": 0.45, "information": 0.45, "other": 0.35, "speed": 0.3, "ease": 0.2, "reliability": 0.2,
        "personal": 0.2,
    },
    "quality": {
        "reliability": 0.8, "personal": 0.6, "transparency": 0.6, "guarantee": 0.55, "speed": 0.5, "information": 0.3,
        "other": 0.2,
    },
    "information": {"transparency": 0.7, "other": 0.4, "ease": 0.2, "speed": 0.2, "quality": 0.2},
    "safety": {"reliability": 0.3, "quality": 0.3},
    "other": dict.fromkeys(("speed", "availability", "personal", "transparency", "reliability", "quality"), 0.4),
}  # fmt: skip

# Touchpoints so close that a lapse at one says something, though less, of a promise about the other.
RELATED: dict[tuple[str, str], float] = {
    ("care", "attitude"): 0.8, ("care", "knowledge"): 0.7, ("attitude", "knowledge"): 0.5, ("care", "redress"): 0.7,
    ("care", "reply"): 0.6, ("care", "overall"): 0.5, ("redress", "refund"): 0.8, ("redress", "handling"): 0.7,
    ("redress", "bill"): 0.5, ("refund", "product"): 0.3, ("terms", "fees"): 0.45, ("terms", "price"): 0.4,
    ("terms", "agreement"): 0.7, ("terms", "updates"): 0.6, ("bill", "fees"): 0.7, ("bill", "price"): 0.5,
    ("bill", "cancel"): 0.5, ("bill", "error"): 0.6, ("fees", "price"): 0.6, ("delivery", "stock"): 0.6,
    ("delivery", "appointment"): 0.7, ("delivery", "agreement"): 0.6, ("appointment", "agreement"): 0.7,
    ("reply", "phone"): 0.6, ("reply", "handling"): 0.5, ("reply", "updates"): 0.4, ("opening", "phone"): 0.6,
    ("opening", "reply"): 0.6, ("product", "work"): 0.7, ("product", "network"): 0.5, ("product", "delivery"): 0.3,
    ("process", "effort"): 0.7, ("process", "error"): 0.7, ("process", "cancel"): 0.4, ("effort", "handling"): 0.5,
    ("effort", "care"): 0.4, ("data", "safety"): 0.6, ("network", "error"): 0.4, ("agreement", "overall"): 0.3,
}  # fmt: skip


def relatedness(one: str, other: str) -> float:
    """Return how much a signal about one touchpoint says of a promise about another, from 0 to 1."""
    return 1.0 if one == other else RELATED.get((one, other), RELATED.get((other, one), 0.0))
