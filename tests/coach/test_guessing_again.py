"""The second export of a system comes in as what has changed since the first, with a kept mapping or guessed anew."""

import random
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from coach.guessing.guess import guess
from coach.guessing.sources import tables
from coach.mapping.archives import source_name
from coach.mapping.importing import import_folder
from coach.store import SYSTEM, Store, reading
from tests.coach.crm_exports import Truth, deals, write
from tests.coach.test_guessing import EVERY, NOW

TRIED = ("salesforce", "hubspot, Spanish", "pipedrive", "odoo", "zoho", "dynamics, German", "fxiaoke", "neocrm", "frappe",
         "espo", "salesforce, German report", "dynamics, fields")  # fmt: skip


def a_month_later(truth: list[Truth], language: str) -> list[Truth]:
    """Some open deals have ended, one has another owner, one another amount, and there are new ones."""
    draw, later = random.Random(5), []
    owners = sorted({deal.owner for deal in truth})
    for number, deal in enumerate(truth):
        if deal.state == "open" and number % 2:
            ended = datetime(2025, 7, 2) + timedelta(days=draw.randrange(10))
            later.append(deal._replace(state=draw.choice(("won", "lost")), closed=ended))
        elif deal.state == "open":
            other = next(owner for owner in owners if owner != deal.owner)
            later.append(deal._replace(owner=other, amount=deal.amount + 100))
        else:
            later.append(deal)
    return [*later, *(deal._replace(id=str(int(deal.id) + 900), title=f"{deal.title} b") for deal in deals(77, language, 5))]


def stands(store: Store) -> dict[str, tuple]:
    return {
        each["id"]: (each["status"], each["unit"], round(float(str(each["values"]["amount"]).split()[0])))
        for each in reading.records(store, SYSTEM, kind="opportunity", limit=500)
    }


@pytest.mark.parametrize(("name", "anew"), [*((name, False) for name in TRIED), *((name, True) for name in TRIED[:4])])
def test_what_has_changed_is_brought_in_and_nothing_twice(name, anew, tmp_path):
    system = EVERY[name]
    truth = deals(31, system.language, 40)
    later = a_month_later(truth, system.language)
    mapping, counts = None, []
    with closing(Store.open(tmp_path / "store.db")) as store:
        for some, taken in ((truth, "2025-06-25"), (truth, "2025-06-26"), (later, "2025-07-20")):
            folder = tmp_path / taken
            folder.mkdir()
            file = write(folder, system, some)
            if mapping is None or anew:
                mapping = guess(tables(folder), {"zone": "UTC"}, source=source_name(file)).mapping
            report = import_folder(folder, mapping, store, now=NOW + 40 * 86_400_000, exported_at=taken)
            counts.append(report.tables[0])
        there = stands(store)
    assert (counts[1].imported, counts[1].repaired, counts[1].unchanged) == (0, 0, 40)
    assert counts[2].rows == counts[2].imported + counts[2].repaired + counts[2].unchanged
    assert len(there) == len(later)
    expected = sorted((deal.state, deal.owner, round(deal.amount)) for deal in later)
    assert sorted(there.values()) == expected
