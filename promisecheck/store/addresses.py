"""What became of each address that a company's newest check met: the lists behind the numbers of its coverage."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence

from promisecheck.store.session import Session

# Beside the states of a crawl: pages that were read and are in no language that is known.
OTHER_LANGUAGE = "other-language"


class AddressRows(Session):
    """Keep the addresses of the newest check of each company, packed: there may be tens of thousands."""

    def save_addresses(
        self, company_id: str, run_id: str, lists: Mapping[str, Sequence[tuple[str, str]]]
    ) -> None:
        """Replace the lists of a company by those of a run: by state, each address and why."""
        rows = [
            {
                "company_id": company_id, "state": state, "run_id": run_id, "total": len(pairs),
                "packed": zlib.compress(json.dumps(list(pairs), ensure_ascii=False).encode("utf-8", "replace")),
            }
            for state, pairs in lists.items()
        ]  # fmt: skip
        with self.writing():
            self.run("DELETE FROM addresses WHERE company_id = ?", (company_id,))
            self.put("addresses", rows)

    def load_addresses(self, company_id: str, state: str) -> list[tuple[str, str]]:
        """Return each address of a company in a state and why, in the order of the addresses."""
        sql = "SELECT packed FROM addresses WHERE company_id = ? AND state = ?"
        row = next(self.select(sql, (company_id, state)), None)
        return [(url, why) for url, why in json.loads(zlib.decompress(row["packed"]))] if row else []

    def load_address_runs(self) -> dict[str, str]:
        """Return, by company, of which run its lists are."""
        return {
            row["company_id"]: row["run_id"]
            for row in self.select("SELECT DISTINCT company_id, run_id FROM addresses")
        }
