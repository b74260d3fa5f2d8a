"""A mistyped year moves neither the end of the record nor what became of a deal, and is told with its row and what to do."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.guessing.guess import guess
from coach.guessing.sources import tables
from coach.mapping.apart import LEAST_EVENTS, end_of_most
from coach.mapping.importing import import_folder, read_folder
from coach.store import Store
from tests.coach.test_guessing import told, written_csv

NOW = round(datetime(2026, 11, 30).timestamp() * 1000)
DAY = 86_400_000
HEAD = "ID,Owner,Created,Amount,Stage,Closed"


def rows(*odd: str) -> list[str]:
    """Deals up to July 2025, and some more."""
    usual = [
        f"{n},Ann,2025-0{n % 6 + 1}-{n % 27 + 1:02d},{n}00,{('Open', 'Won', 'Lost')[n % 3]},{'2025-07-05' if n % 3 else ''}"
        for n in range(1, 60)
    ]
    return [*usual, *odd]


def read(folder, *odd: str, exported_at=None):
    written_csv(folder, HEAD, *rows(*odd))
    mapping = guess(tables(folder), {"zone": "UTC"}).mapping
    reading = read_folder(folder, mapping, now=NOW, exported_at=exported_at)
    return told(reading, "UTC"), [each for each in reading.remarks if each.row == 61], reading


@pytest.mark.parametrize("created", ["2062-03-01", "2205-03-01", "1925-03-01", "2026-11-20"])
def test_a_deal_whose_day_of_creation_cannot_be_is_set_aside_with_what_to_do(created, tmp_path):
    deals, (remark,), reading = read(tmp_path, f"100,Ann,{created},100,Open,")
    assert len(deals) == 59
    assert max(each.acted_at for each in reading.events) < datetime(2025, 7, 7).timestamp() * 1000
    assert (remark.set_aside, "mistyped" in remark.en, "correct it" in remark.en) == (True, True, True)
    assert "改正" in remark.zh


@pytest.mark.parametrize("closed", ["2062-03-01", "2205-03-01", "2026-11-20"])
@pytest.mark.parametrize(("stage", "state"), [("Won", "won"), ("Lost", "lost")])
def test_a_deal_with_a_mistyped_end_has_ended_on_a_day_that_nobody_knows(closed, stage, state, tmp_path):
    deals, (remark,), reading = read(tmp_path, f"100,Ann,2025-03-01,100,{stage},{closed}")
    assert deals["100"]["state"] == state
    assert {each.dated for each in reading.events if each.record == "100"} == {True, False}
    assert not remark.set_aside


def test_what_somebody_says_of_the_export_counts(tmp_path):
    deals, remarks, _ = read(tmp_path, "100,Ann,2026-11-20,100,Open,", exported_at="2026-11-25")
    assert (deals["100"]["created"], remarks) == ("2026-11-20", [])


@pytest.mark.parametrize("amount", ["1e18", "5000000000000000", "-1e300"])
def test_an_amount_that_cannot_be_is_left_out_and_told_with_row_and_field(amount, tmp_path):
    deals, (remark,), _ = read(tmp_path, f"100,Ann,2025-03-01,{amount},Open,")
    assert "amount" not in deals["100"]
    assert (remark.file, remark.column, remark.found, remark.set_aside) == ("deals.csv", "Amount", amount, False)


def test_a_later_export_with_a_mistyped_day_takes_nothing_back(tmp_path):
    store = Store.open(tmp_path / "store.db")
    (tmp_path / "files").mkdir()
    written_csv(tmp_path / "files", HEAD, *rows("100,Ann,2025-03-01,100,Won,2025-04-01"))
    mapping = guess(tables(tmp_path / "files"), {"zone": "UTC"}).mapping
    import_folder(tmp_path / "files", mapping, store, now=NOW - DAY)
    written_csv(tmp_path / "files", HEAD, *rows("100,Ann,2026-10-01,100,Won,2025-04-01"))
    assert import_folder(tmp_path / "files", mapping, store, now=NOW).accepted == 0
    store.close()


@given(
    gaps=st.lists(st.integers(0, 10), min_size=LEAST_EVENTS, max_size=200), late=st.integers(0, 2),
    beyond=st.integers(3000, 20_000),
)  # fmt: skip
def test_the_end_is_that_of_most_instants_whatever_lies_beyond_a_long_gap(gaps, late, beyond):
    usual = np.cumsum(gaps) * DAY
    told_late = usual[-1] + (beyond + np.arange(late)) * DAY
    assert end_of_most(np.concatenate([told_late, usual])) == (int(usual[-1]) if late else None)


@given(days=st.lists(st.integers(0, 3), min_size=LEAST_EVENTS, max_size=300), slow=st.integers(1, 20))
def test_a_firm_that_is_merely_slow_has_nothing_apart(days, slow):
    start = datetime(2024, 1, 1)
    moments = [start + timedelta(days=int(day) * slow) for day in np.cumsum(days)]
    assert end_of_most(np.array([round(each.timestamp() * 1000) for each in moments])) is None
