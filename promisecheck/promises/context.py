"""What the neighbours of a sentence say of it: lead-ins, headings, customers' words, terms, questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from promisecheck.model import Block, Page

# A lead-in makes promises of the bullets under it.
_LEAD_IN = re.compile(
    r"\b(vi (?:lover|garanterer|forpligter|sikrer|tilbyder)|du kan (?:altid )?(?:regne|forvente|stole)|vores (?:løfter?|garanti)|"
    r"vårt løfte|våre løfter|våra löften|vårt löfte|vi lovar|vi garanterar|vi åtar oss|vi erbjuder|du får altid|du får alltid|"
    r"hos os får du|hos oss får du|we (?:promise|guarantee|commit|pledge|undertake)|our (?:promises?|pledge|commitments?|guarantees?)|"
    r"you can (?:always )?(?:expect|count on)|commits? (?:itself )?to|det kan du forvente|dette kan du forvente|det här kan du förvänta)",
    re.IGNORECASE,
)
_OTHERS_SAY = re.compile(
    r"\b(kunderne siger|siger vores kunder|hvad (?:siger )?(?:vores )?kunder(?:ne)?(?: siger)?|kundeudtalelser|udtalelser|anmeldelser|"
    r"kundene sier|sier kundene|hva kundene|kundeomtaler|omtaler|referanser|kunderna säger|vad våra kunder|omdömen|recensioner|"
    r"testimonials?|what (?:our )?(?:customers|clients|guests) say|reviews?|trustpilot)\b",
    re.IGNORECASE,
)
_JOBS = re.compile(
    r"\b(stillingsopslag|jobopslag|ledige? (?:stillinge?r?|job|jobb)|ledig stilling|job hos|jobb hos|karriere|"
    r"ansøgning(?:sfrist)?|søknadsfrist|stilling(?:en|sannonse)|lediga? (?:tjänster?|jobb)|karriär|vacanc(?:y|ies)|careers?|"
    r"join (?:our team|us)|work (?:with|for) us|we(?:'re| are) hiring|jobannonce|søg (?:jobbet|stillingen)|søk (?:jobben|stillingen)|"
    r"sök (?:jobbet|tjänsten)|(?:vi|we) (?:søger|söker|søker) (?:en|ett?|flere|fler|nye|nya|dig|deg)|jobba hos|arbejd hos|arbeide? hos|"
    r"arbeta hos|bli(?:v)? (?:en )?(?:\w*chauffør|\w*sjåfør|\w*förare|medarbe\w+|kollega|del av teamet|en del af holdet))\b",
    re.IGNORECASE,
)
_JOB_PAGE = re.compile(
    r"(?:^|[-_/])(?:jobs?|jobb|karriere|karriar|careers?|stillinger?|ledig[a-z-]*|vacanc(?:y|ies)|bliv?-[a-z-]+)(?:[-_./]|$)",
    re.I,
)
_TERMS = re.compile(
    r"(handelsbetingelser|betingelser|vilk[aå]r|villkor|terms|conditions|privatliv|personvern|integritet|privacy|cookie|gdpr|persondata)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^\s*[\"“”„»«'‘].{15,}[\"“”»«'’]\s*[.!]?\s*(?:[-–—]\s*\S.*)?$", re.DOTALL)
_SIGNED = re.compile(r"[\"”»«’]\s*[-–—]\s*[A-ZÆØÅÄÖ]\w+")
_STARS = re.compile(r"[★⭐]{2,}|\b[1-5]\s*/\s*5\b|\b5 stjern")
_CUSTOMER = re.compile(
    r"^[-–—]?\s*[A-ZÆØÅÄÖ].{1,40}\b(?:kunde|kund|customer|client|gæst|gjest|gäst|guest|passager\w*)\b.{0,30}$"
)
_SIGNATURE = re.compile(r"^[-–—]?\s*[A-ZÆØÅÄÖ][\w.'-]+(?: [A-ZÆØÅÄÖ][\w.'-]*){0,3}(?:,\s*[\w .'-]{2,40})?$")


def _asks(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Return a test for headings, titles and addresses, which stand over many blocks: each is searched once."""
    return lru_cache(maxsize=4096)(lambda text: pattern.search(text) is not None)


_leads_in, _others_say, _of_jobs, _job_page, _of_terms = map(
    _asks, (_LEAD_IN, _OTHERS_SAY, _JOBS, _JOB_PAGE, _TERMS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Say how a block's place moves the odds that its sentences are promises (in logits), and why."""

    shift: float = 0.0
    reasons: tuple[str, ...] = ()
    barred: str = ""


def standing_of(page: Page, index: int) -> Standing:
    """Return how the place of `page.blocks[index]` bears on its sentences."""
    block = page.blocks[index]
    if block.role == "consent":
        return Standing(barred="consent banner")
    if _others_words(page, index):
        return Standing(barred="customer's words")
    if _in_job_ad(page, block):
        return Standing(barred="job advertisement")
    shift, reasons = 0.0, []
    if block.role in ("nav", "button"):
        shift -= 1.0
        reasons.append(f"stands in a {block.role}")
    if _of_terms(page.url.rsplit("/", 1)[-1]) or any(map(_of_terms, block.headings[:1])):
        shift -= 0.5
        reasons.append("stands in terms")
    if _under_lead_in(page, index):
        shift += 1.2
        reasons.append("listed under a lead-in that promises")
    return Standing(shift=shift, reasons=tuple(reasons))


def _others_words(page: Page, index: int) -> bool:
    block = page.blocks[index]
    if block.tag == "blockquote" or _QUOTED.match(block.text) or _SIGNED.search(block.text):
        return True
    if any(map(_others_say, block.headings[-1:])):
        return True
    after = page.blocks[index + 1].text if index + 1 < len(page.blocks) else ""
    # A signature has no full stop: "Ask as long as you are a customer." is a sentence of the company's own.
    if (
        len(after) < 60
        and after[-1:] not in ".!?"
        and block.role in ("text", "list")
        and _CUSTOMER.match(after)
    ):
        return True
    near = page.blocks[max(0, index - 1) : index] + page.blocks[index + 1 : index + 2]
    starred = any(len(other.text) < 40 and _STARS.search(other.text) for other in near)
    return starred and bool(_SIGNATURE.match(after))


def _in_job_ad(page: Page, block: Block) -> bool:
    if _job_page(urlsplit(page.url).path) or _of_jobs(page.title):
        return block.role not in ("footer", "nav", "banner")
    return any(map(_of_jobs, block.headings))


def _under_lead_in(page: Page, index: int) -> bool:
    block = page.blocks[index]
    if block.role not in ("list", "cell"):
        return False
    for other in reversed(page.blocks[max(0, index - 12) : index]):
        if other.role not in ("list", "cell"):
            return other.text.rstrip().endswith(":") and _leads_in(other.text)
    return bool(block.headings) and _leads_in(block.headings[-1])
