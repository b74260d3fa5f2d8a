"""A row that tells otherwise than it did is told, where its table is not one of snapshots: it is never counted as unchanged."""

from hypothesis import given, settings
from hypothesis import strategies as st

from coach.mapping.document import Mapping
from coach.mapping.importing import import_folder
from coach.store import Store

DAY = 86_400_000
NOW = 1_750_000_000_000
MAPPING = Mapping.model_validate(
    {
        "name": "m", "title": {"en": "M", "zh": "M"}, "source": "m", "units": "rep",
        "tables": [
            {
                "name": "deals", "id": "ID", "kind": "opportunity",
                "events": [
                    {
                        "event": "registered", "unit": "Owner", "at": "Created",
                        "payload": {"owner": "Owner", "amount": "Amount", "custom.product": "Product"},
                    },
                    {"event": "won", "when": {"Stage": "Won"}, "at": "Closed"},
                ],
            }
        ],
    }
)  # fmt: skip
ROW = st.fixed_dictionaries(
    {
        "Owner": st.sampled_from(["Ann", "Bob", "ann"]), "Created": st.sampled_from(["2024-01-02", "2024-01-03"]),
        "Amount": st.sampled_from(["", "100", "250.5"]), "Product": st.sampled_from(["", "X", "Y"]),
        "Stage": st.sampled_from(["Open", "Won"]), "Closed": st.sampled_from(["2024-02-01", "2024-02-05"]),
    }
)  # fmt: skip
COLUMNS = ("Owner", "Created", "Amount", "Product", "Stage", "Closed")
ROWS = st.lists(ROW, min_size=1, max_size=8)


def write(folder, rows: list[dict[str, str]]) -> None:
    cells = [[str(number), *(row[name] for name in COLUMNS)] for number, row in enumerate(rows)]
    lines = [",".join(line) for line in [["ID", *COLUMNS], *cells]]
    (folder / "deals.csv").write_text("\n".join(lines), encoding="utf-8")


def told(row: dict[str, str]) -> tuple:
    """What the row's first event tells."""
    return row["Owner"].casefold(), row["Created"], row["Amount"], row["Product"]


@given(before=ROWS, after=ROWS)
@settings(max_examples=30, deadline=None)
def test_a_row_is_unchanged_only_if_it_tells_what_it_told(before, after, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    store = Store.open(folder / "store.db")
    write(folder, before)
    import_folder(folder, MAPPING, store, now=NOW)
    write(folder, after)
    report = import_folder(folder, MAPPING, store, now=NOW + DAY)
    store.close()
    pairs = list(zip(before, after, strict=False))
    began = [told(old) != told(new) for old, new in pairs]
    closed = [(old["Stage"], new["Stage"]) == ("Won", "Won") and old["Closed"] != new["Closed"] for old, new in pairs]
    changed = {str(place + 2) for place, (first, last) in enumerate(zip(began, closed, strict=True)) if first or last}
    assert {str(each.row) for each in report.remarks if "snapshot: true" in each.en} == changed
    newly_won = [old["Stage"] == "Open" and new["Stage"] == "Won" for old, new in pairs]
    (table,) = report.tables
    assert table.unchanged == sum(not won and str(place + 2) not in changed for place, won in enumerate(newly_won))
