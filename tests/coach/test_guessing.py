"""An export of a CRM is brought in without a mapping: what is won, lost, whose, worth and when is right, or it is asked."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.guessing.dates import dates_in
from coach.guessing.guess import guess
from coach.guessing.outcomes import meaning
from coach.guessing.preview import rows_by_fate
from coach.guessing.sources import tables
from coach.mapping import parsing
from coach.mapping.files import MappingError
from coach.mapping.importing import read_folder
from coach.mapping.loader import load_mapping
from coach.mapping.writing import mapping_text
from tests.coach.crm_exports import SYSTEMS, Truth, deals, write
from tests.coach.crm_exports_again import SYSTEMS_AGAIN
from tests.coach.crm_exports_more import SYSTEMS_MORE

EVERY = SYSTEMS | SYSTEMS_AGAIN | SYSTEMS_MORE
EXPORTED = "2025-06-25"
NOW = round(datetime(2025, 7, 1).timestamp() * 1000)


def told(reading, zone: str) -> dict[str, tuple]:
    """What a reading says of each deal, by its title or customer: owner, amount, day of creation, state, day of the end."""
    found: dict[str, dict] = {}
    for event in reading.events:
        if event.kind != "opportunity":
            continue
        deal = found.setdefault(event.record, {"state": "open", "closed": None})
        if event.event == "registered":
            deal |= {"created": day(event.acted_at, zone), "owner": event.unit}
        if event.payload.get("amount") is not None:
            deal["amount"] = event.payload["amount"]
        if event.event in ("won", "lost"):
            deal |= {"state": event.event, "closed": day(event.acted_at, zone)}
    return found


def day(instant: int, zone: str) -> str:
    return f"{datetime.fromtimestamp(instant / 1000, ZoneInfo(zone)):%Y-%m-%d}"


def true(deal: Truth) -> dict:
    closed = None if deal.closed is None else f"{deal.closed:%Y-%m-%d}"
    return {
        "created": f"{deal.created:%Y-%m-%d}",
        "owner": deal.owner,
        "amount": deal.amount,
        "state": deal.state,
        "closed": closed,
    }


def amount_of(value) -> float:
    return float(str(value).split()[0])


def brought(folder, answers=None):
    found = guess(tables(folder), answers)
    return found, read_folder(folder, found.mapping, now=NOW, exported_at=EXPORTED)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(("seed", "count"), [(1, 60), (2, 14)])
def test_every_deal_of_an_export_is_what_it_is_without_a_question(name, seed, count, tmp_path):
    truth = deals(seed, EVERY[name].language, count)
    write(tmp_path, EVERY[name], truth)
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert [each.key for each in found.open] == []
    seen = told(reading, "UTC")
    assert len(seen) == len(truth)
    for (record, deal), expected in zip(seen.items(), map(true, truth), strict=True):
        assert {**deal, "amount": pytest.approx(amount_of(deal["amount"]), abs=0.01)} == expected, record
    (deal_rows,) = rows_by_fate(reading)
    assert (deal_rows.rows, deal_rows.set_aside, deal_rows.empty) == (len(truth), 0, 0)


NOISE = {
    "Modified Date": lambda place: f"2025-06-{1 + place % 20:02d} 09:00:00",
    "Created By": lambda place: f"Clerk {place % 3}",
    "Weighted Amount": lambda place: f"{17.5 * place:.2f}",
    "Stage Duration": lambda place: str(place % 40),
    "Owner Email": lambda place: f"u{place % 4}@firm.example",
    "Closed By": lambda place: f"Clerk {place % 2}",
    "Next Step": lambda place: "call again" if place % 2 else "",
    "Description": lambda place: f"Talked about case {place}, won over the CFO",
    "Phone": lambda place: f"+49 30 {100_000 + place}",
    "Number of Activities": lambda place: str(place % 9),
    "Account Rating": lambda place: "ABC"[place % 3],
    "Quote Sent": lambda place: f"{1 + place % 28:02d}/{1 + place % 12:02d}/2024",
    "Campaign": lambda place: f"Spring {place % 5}",
    "Lost To": lambda place: "Rival" if place % 4 == 0 else "",
}


@given(
    name=st.sampled_from(sorted(EVERY)), seed=st.integers(10, 10_000), order=st.randoms(use_true_random=False),
    noise=st.sets(st.sampled_from(sorted(NOISE))), count=st.integers(20, 70),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_other_columns_in_any_order_do_not_mislead(name, seed, order, noise, count, tmp_path_factory):
    """What is guessed is so, or it is asked."""
    folder, truth = tmp_path_factory.mktemp("export"), deals(seed, EVERY[name].language, count)
    places = {deal.id: place for place, deal in enumerate(truth)}
    row = EVERY[name].row

    def with_noise(deal: Truth) -> dict[str, str]:
        told = row(deal) | {heading: NOISE[heading](places[deal.id]) for heading in noise}
        return {heading: told[heading] for heading in headings}

    headings = list(dict.fromkeys([*row(truth[0]), *sorted(noise)]))
    order.shuffle(headings)
    write(folder, EVERY[name]._replace(row=with_noise), truth)
    found, reading = brought(folder, {"zone": "UTC"})
    if found.open:
        return
    seen = told(reading, "UTC")
    for (record, deal), expected in zip(seen.items(), map(true, truth), strict=True):
        assert {**deal, "amount": pytest.approx(amount_of(deal["amount"]), abs=0.01)} == expected, record


MOMENTS = st.lists(st.datetimes(datetime(2015, 1, 1), datetime(2026, 1, 1)), min_size=1, max_size=60)
WRITTEN = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y",
    "%m/%d/%Y %I:%M %p",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d.%m.%y",
    "%Y-%m-%dT%H:%M:%S",
)


@given(moments=MOMENTS, written=st.sampled_from(WRITTEN))
@settings(max_examples=150, deadline=None)
def test_dates_are_read_as_they_were_written_or_their_order_is_doubted(moments, written):
    texts = pd.Series([moment.strftime(written) for moment in moments], dtype=object)
    found = dates_in(texts)
    assert found is not None
    assert found.share == 1.0
    right = pd.Series([datetime.strptime(text, written) for text in texts]).to_numpy("datetime64[ms]").astype(float)

    def read(dates):
        return parsing.instants(texts, dates.formats, "start", "UTC").to_numpy()

    if found.either_order:
        assert any((read(found.ordered(order)) == right).all() for order in ("day", "month"))
    else:
        assert (read(found) == right).all()


@pytest.mark.parametrize(
    ("value", "meaning_of_it"),
    [
        ("Closed Won", "won"),
        ("6 - Won", "won"),
        ("Not won", None),
        ("Unqualified", "lost"),
        ("未成交", "lost"),
        ("已成交", "won"),
        ("закрыто и не реализовано", "lost"),
        ("успешно реализовано", "won"),
        ("Waiting For Payment", None),
        ("Payment Done", "won"),
        ("Não ganho", None),
        ("GANHO", "won"),
        ("Wonderland tour", None),
        ("Lost - price", "lost"),
        ("Contract Sent", None),
    ],
)
def test_what_a_stage_says(value, meaning_of_it):
    assert meaning(value) == meaning_of_it


def written_csv(folder, *lines: str) -> None:
    (folder / "deals.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_days_and_months_that_could_be_either_are_asked_and_the_answer_is_kept(tmp_path):
    rows = [
        f"{n},Ann,0{n}/0{n + 1}/2024,{n}00,{'Won' if n % 2 else 'Open'},{f'0{n + 2}/0{n + 2}/2024' if n % 2 else ''}"
        for n in range(1, 7)
    ]
    written_csv(tmp_path, "ID,Owner,Created,Amount,Stage,Closed", *rows)
    assert [each.key for each in guess(tables(tmp_path)).open] == ["day_or_month"]
    for order, first in (("day", "2024-02-01"), ("month", "2024-01-02")):
        found, reading = brought(tmp_path, {"day_or_month": order, "zone": "UTC"})
        assert found.open == []
        assert told(reading, "UTC")["1"]["created"] == first


def test_which_stage_is_won_is_asked_where_no_word_says_it(tmp_path):
    rows = [f"{n},Ann,2024-01-{n:02d},{n}00,{'Zeta' if n % 3 == 0 else 'Alpha'}" for n in range(1, 28)]
    written_csv(tmp_path, "ID,Owner,Created,Amount,Stage", *rows)
    (question,) = guess(tables(tmp_path)).open
    assert question.key == "won"
    assert {each.value for each in question.choices} == {"", "Alpha", "Zeta"}
    _, reading = brought(tmp_path, {"won": "Zeta", "zone": "UTC"})
    assert sum(deal["state"] == "won" for deal in told(reading, "UTC").values()) == 9


def test_a_stage_whose_deals_have_all_ended_and_that_says_nothing_is_asked(tmp_path):
    rows = [
        f"{n},Ann,2024-01-{n:02d},{n}00,{('Open', 'Won', 'Zeta')[n % 3]},{'' if n % 3 == 0 else '2024-03-01'}"
        for n in range(1, 28)
    ]
    written_csv(tmp_path, "ID,Owner,Created,Amount,Stage,Closed", *rows)
    assert [each.key for each in guess(tables(tmp_path)).open] == ["stage.Zeta"]
    _, reading = brought(tmp_path, {"stage.Zeta": "lost", "zone": "UTC"})
    assert sum(deal["state"] == "lost" for deal in told(reading, "UTC").values()) == 9


def test_calls_and_changes_of_stage_are_put_on_their_deals(tmp_path):
    stages = ("Contact", "Offer", "Talks")
    rows = [f"D{n},Ann,2024-01-{n:02d},{n}00,{stages[n % 3]}," for n in range(1, 28)]
    written_csv(tmp_path, "ID,Owner,Created,Amount,Stage,Closed", *rows, "D99,Ann,2024-01-02,5,Won,2024-02-01")
    calls = [f"C{n},D{n},2024-02-{n:02d} 10:00,{('Call', 'Email')[n % 2]},Done" for n in range(1, 28)] + [
        "C99,D1,2024-03-01 10:00,Call,Planned"
    ]
    (tmp_path / "activities.csv").write_text("\n".join(["Activity ID,Deal ID,Date,Type,Status", *calls]), encoding="utf-8")
    steps = [f"S{n}-{step},D{n},{stages[step]},2024-02-{n:02d} 0{step}:00" for n in range(1, 28) for step in range(n % 3 + 1)]
    (tmp_path / "stage history.csv").write_text("\n".join(["ID,Deal ID,Stage,Date", *steps]), encoding="utf-8")
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert found.unused == []
    counts = Counter(each.event for each in reading.events if each.kind == "opportunity")
    assert (counts["contact"], counts["attempt"], counts["advanced"]) == (13, 14, 54)
    fates = {each.name: each for each in rows_by_fate(reading)}
    assert fates["activities-activities"].set_aside == 1


@pytest.mark.parametrize("split", [False, True])
def test_owners_that_are_ids_go_by_the_names_of_the_users(split, tmp_path):
    truth = deals(7, "en")
    ids = {name: f"0055g00000{place}AAM" for place, name in enumerate(sorted({deal.owner for deal in truth}))}
    system = SYSTEMS["salesforce"]
    write(tmp_path, system._replace(row=lambda deal: system.row(deal) | {"OwnerId": ids[deal.owner]}), truth)
    heads = ["Id", "FirstName", "LastName"] if split else ["Id", "Name"]
    people = [[id_, *(name.split(" ", 1) if split else [name])] for name, id_ in ids.items()]
    lines = [heads, *people, ["0055g00000XAAM", *(["Robot"] * (len(heads) - 1))]]
    (tmp_path / "User.csv").write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert (found.open, found.unused) == ([], [])
    assert [deal["owner"] for deal in told(reading, "UTC").values()] == [deal.owner for deal in truth]
    assert {each.record for each in reading.events if each.kind == "unit"} == set(ids)
    (tmp_path / "kept.yaml").write_text(mapping_text(found.mapping), encoding="utf-8")
    again = read_folder(tmp_path, load_mapping(tmp_path / "kept.yaml"), now=NOW, exported_at=EXPORTED)
    assert again.events == reading.events


def test_people_of_one_name_are_told_apart_by_their_ids(tmp_path):
    truth = deals(8, "en", 30)
    ids = {name: f"U{place}" for place, name in enumerate(sorted({deal.owner for deal in truth}))}
    system = SYSTEMS["zoho"]
    write(tmp_path, system._replace(row=lambda deal: system.row(deal) | {"Deal Owner": ids[deal.owner]}), truth)
    (tmp_path / "Users.csv").write_text("ID,Name\n" + "".join(f"{id_},Kim Ito\n" for id_ in ids.values()), encoding="utf-8")
    _, reading = brought(tmp_path, {"zone": "UTC"})
    assert {deal["owner"] for deal in told(reading, "UTC").values()} == {f"Kim Ito ({id_})" for id_ in ids.values()}


@pytest.mark.parametrize(
    ("heading", "times", "currency"),
    [
        ("报价(万元)", 1e4, "CNY"), ("金额（万）", 1e4, None), ("Betrag in TEUR", 1e3, None), ("Value (k€)", 1e3, "EUR"),
        ("Сумма, тыс. руб.", 1e3, "RUB"), ("Amount", 1.0, None), ("Amount (EUR)", 1.0, "EUR"), ("金额（元）", 1.0, "CNY"),
        ("Betrag in €", 1.0, "EUR"), ("Valor (R$)", 1.0, "BRL"), ("amount_usd", 1.0, "USD"), ("Deal Value GBP", 1.0, "GBP"),
        ("Amount in US dollars", 1.0, "USD"), ("合同金额（美元）", 1.0, "USD"), ("Value ($)", 1.0, None),
        ("Total ARR", 1.0, None), ("Valor real", 1.0, None),
        ("金额(人民币)", 1.0, "CNY"), ("Betrag [CHF]", 1.0, "CHF"), ("金额 (亿元)", 1e8, "CNY"),
    ],
)  # fmt: skip
def test_units_and_currencies_of_amounts_are_told_by_their_heading(heading, times, currency, tmp_path):
    rows = [f"{n},Ann,2024-01-{n:02d},{n}.5,{('Open', 'Won')[n % 2]}" for n in range(1, 28)]
    written_csv(tmp_path, f"ID,Owner,Created,{heading.replace(',', '')},Stage", *rows)
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert told(reading, "UTC")["3"]["amount"] == (3.5 * times if currency is None else f"{3.5 * times:.12g} {currency}")
    assert found.mapping.currency == currency


@pytest.mark.parametrize(
    ("language", "encoding"), [("zh", "gb18030"), ("de", "cp1252"), ("es", "cp1252"), ("pt", "cp1252"), ("ru", "cp1251")]
)
@pytest.mark.parametrize("count", [5, 60])
def test_encodings_are_told_by_the_text(language, encoding, count, tmp_path):
    system = next(each for each in SYSTEMS.values() if each.language == language and not each.file.endswith("xlsx"))
    truth = deals(count, language, count)
    write(tmp_path, system._replace(encoding=encoding), truth)
    _, reading = brought(tmp_path, {"zone": "UTC", "day_or_month": "day"})
    assert [deal["owner"] for deal in told(reading, "UTC").values()] == [deal.owner for deal in truth]


def test_a_kept_mapping_reads_the_same_and_the_next_export_too(tmp_path):
    truth = deals(5, "en")
    write(tmp_path, SYSTEMS["hubspot"], truth)
    found, reading = brought(tmp_path, {"zone": "UTC"})
    (tmp_path / "kept.yaml").write_text(mapping_text(found.mapping), encoding="utf-8")
    kept = load_mapping(tmp_path / "kept.yaml")
    assert read_folder(tmp_path, kept, now=NOW, exported_at=EXPORTED).events == reading.events
    later = tmp_path / "later"
    later.mkdir()
    write(later, SYSTEMS["hubspot"]._replace(file="hubspot-crm-exports-all-deals-2025-07-20.csv"), truth)
    assert len(read_folder(later, kept, now=NOW, exported_at=EXPORTED).events) == len(reading.events)


def test_a_parquet_file_with_typed_columns_is_read_like_any_other(tmp_path):
    truth = deals(6, "en")
    rows = pd.DataFrame([SYSTEMS["zoho"].row(deal) for deal in truth])
    typed = rows.assign(Amount=rows["Amount"].astype(float), **{"Created Time": pd.to_datetime(rows["Created Time"])})
    typed.to_parquet(tmp_path / "deals.parquet")
    _, reading = brought(tmp_path, {"zone": "UTC"})
    for deal, expected in zip(told(reading, "UTC").values(), map(true, truth), strict=True):
        assert deal == expected
    (tmp_path / "deals.parquet").write_bytes(b"no parquet")
    with pytest.raises(MappingError, match="not a Parquet file"):
        tables(tmp_path)


def test_what_holds_no_deals_is_said_with_what_is_there(tmp_path):
    (tmp_path / "people.csv").write_text("Name,Phone\nAnn,1\nBob,2\n", encoding="utf-8")
    with pytest.raises(MappingError, match=r"people\.csv: Name, Phone") as told_to_people:
        guess(tables(tmp_path))
    assert "商机" in told_to_people.value.zh
    (tmp_path / "empty").mkdir()
    with pytest.raises(MappingError, match="no table"):
        tables(tmp_path / "empty")
