"""The pages behind the numbers of what was read: each number of a company, and the addresses that it counts."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from promisecheck.web.addresses import LISTS, label_of, link_to, numbers_of, row_of, rows_of, told_of
from promisecheck.web.desk import desk_of
from promisecheck.web.pages import missing
from promisecheck.web.render import page

router = APIRouter(include_in_schema=False)
PER_PAGE = 100


@router.get("/coverage")
def coverage(request: Request) -> Response:
    """Answer with the numbers of one company's coverage, or with the addresses behind one of them."""
    desk = desk_of(request)
    given = {
        name: request.query_params.get(name, "")[:500] for name in ("company", "state", "reason", "page")
    }
    company = desk.store.load_company(given["company"])
    run = desk.store.load_run(desk.store.load_address_runs().get(given["company"], ""))
    if company is None or run is None or given["state"] not in ("", *LISTS):
        return missing(request)
    say = desk.say(request)
    if not given["state"]:
        numbers = numbers_of(desk.store, company.id, say)
        return page(request, "desk_coverage.html.j2", company=company, run=run, numbers=numbers)
    rows = [one for one in rows_of(desk.store, company.id, given["state"]) if given["reason"] in ("", one[2])]
    last = max(1, -(-len(rows) // PER_PAGE))
    at = min(int(given["page"]) if given["page"].isdecimal() and len(given["page"]) < 7 else 1, last) or 1
    shown = [row_of(one, say) for one in rows[PER_PAGE * (at - 1) : PER_PAGE * at]]
    reason, _ = told_of(given["reason"], say)
    return page(
        request, "desk_addresses.html.j2", company=company, run=run, name=label_of(given["state"], say), reason=reason,
        rows=shown, total=len(rows), at=at, last=last,
        to=lambda n: link_to(company.id, given["state"], given["reason"], n),
    )  # fmt: skip
