"""Of any export that is drawn, every deal is read as it is, or what the files do not tell is asked; answered, it is so."""

from hypothesis import given, settings

from coach.guessing.guess import guess
from coach.guessing.sources import tables
from tests.coach.drawn_exports import Export, exports
from tests.coach.test_guessing import amount_of, brought, told, true

ASKED = {"day_or_month", "zone"}
"""What the files may leave open: everything else is in them."""


@given(export=exports())
@settings(max_examples=50, deadline=None)
def test_what_is_read_is_true_or_asked(export: Export, tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    export.write(folder)
    open_questions = {each.key for each in guess(tables(folder)).open}
    assert open_questions <= ASKED
    month_first = export.date.startswith("%m")
    order = {"day_or_month": "month" if month_first else "day"} if "day_or_month" in open_questions else {}
    found, reading = brought(folder, {"zone": "UTC", **order})
    assert found.open == []
    seen = told(reading, "UTC")
    assert len(seen) == len(export.truth)
    for deal in export.told():
        read = seen[f"D-{deal.id}"]
        assert {**read, "amount": round(amount_of(read["amount"]), 2)} == true(deal) | {
            "owner": deal.owner or None, "amount": round(deal.amount, 2)
        }  # fmt: skip
    assert found.unused == []
    assert {each.set_aside for each in reading.remarks} <= {False}
