"""What a guess must not take for granted: each export once told something else than it was read as."""

from collections import Counter

import pytest

from coach.guessing.guess import guess
from coach.guessing.sources import tables
from coach.mapping.files import MappingError
from coach.mapping.importing import read_folder
from tests.coach.test_guessing import EXPORTED, NOW, brought, told, written_csv

HEAD = "Deal ID,Deal Name,Owner,Amount,Status,Created,Closed"


def states(folder, answers=None) -> Counter:
    _, reading = brought(folder, {"zone": "UTC", **(answers or {})})
    return Counter(deal["state"] for deal in told(reading, "UTC").values())


def rows_of(count: int, row) -> list[str]:
    return [row(number) for number in range(1, count + 1)]


@pytest.mark.parametrize("almost", ["Not yet won", "Almost won", "Won, verbally", "未成交"])
def test_what_is_called_won_or_lost_and_has_not_ended_is_open_or_asked(almost, tmp_path):
    status = (almost, "Won", "Lost")
    rows = rows_of(
        27, lambda n: f"{n},D {n},Ann,{n}00,{status[n % 3]},2024-01-02,{'2024-02-01' if n % 3 else ''}".replace(", ", " ")
    )
    written_csv(tmp_path, HEAD, *rows)
    found = guess(tables(tmp_path))
    if not found.open:
        assert states(tmp_path) == {"open": 9, "won": 9, "lost": 9}


@pytest.mark.parametrize(
    ("amounts", "value"),
    [
        ("{}.500", 3500.0),
        ("{}k", 3000.0),
        ("{}.5k", 3500.0),
        ("{}.25m", 3_250_000.0),
        ("€ {}.500", 3500.0),
        ("${},500.00", 3500.0),
    ],
)
def test_amounts_are_what_a_person_reads(amounts, value, tmp_path):
    quoted = '"' + amounts + '"'
    written_csv(tmp_path, HEAD, *rows_of(9, lambda n: f"{n},D {n},Ann,{quoted.format(n)},{('Open', 'Won')[n % 2]},2024-01-02,"))
    _, reading = brought(tmp_path, {"zone": "UTC"})
    assert float(str(told(reading, "UTC")["3"]["amount"]).split()[0]) == value


def test_a_word_among_amounts_spoils_its_own_row_only(tmp_path):
    rows = rows_of(
        20, lambda n: f'{n},D {n},Ann,"{"TBD" if n % 5 == 0 else f"${n},000.00"}",{("Open", "Won")[n % 2]},2024-01-02,'
    )
    written_csv(tmp_path, HEAD, *rows)
    _, reading = brought(tmp_path, {"zone": "UTC"})
    amounts = {record: deal.get("amount") for record, deal in told(reading, "UTC").items()}
    assert [record for record, amount in amounts.items() if amount is None] == ["5", "10", "15", "20"]
    assert amounts["3"] == 3000.0


def test_a_loss_is_told_by_its_reason_where_nothing_else_does(tmp_path):
    head = "Deal ID,Deal Name,Owner,Amount,Deal Stage,Created,Close Date,Is Closed Won,Closed Lost Reason"
    kinds = (("Talks", "false", ""), ("Handover", "true", ""), ("Ghosted", "false", "silence"))
    rows = rows_of(27, lambda n: "{0},D {0},Ann,{0}00,{1},2024-01-02,2024-03-01,{2},{3}".format(n, *kinds[n % 3]))
    written_csv(tmp_path, head, *rows)
    assert states(tmp_path) == {"open": 9, "won": 9, "lost": 9}


def test_a_probability_that_differs_within_a_stage_says_nothing_of_it(tmp_path):
    head = "ID,Verkaufschance,Zuständig,Betrag,Phase,Erstellt am,Geschlossen am,Aktiv,Wahrscheinlichkeit"
    kinds = (("Angebot", "", "WAHR", "40"), ("Gewonnen", "01.03.2024", "WAHR", "100"), ("Angebot", "01.03.2024", "FALSCH", "0"))
    rows = rows_of(27, lambda n: "{0},D {0},Uta,{0}00,{1},02.01.2024,{2},{3},{4}".format(n, *kinds[n % 3]))
    written_csv(tmp_path, head, *rows)
    assert states(tmp_path) == {"open": 9, "won": 9, "lost": 9}


def test_a_day_of_winning_needs_no_day_of_losing(tmp_path):
    rows = rows_of(
        27,
        lambda n: f"{n},客户{n},小王,{n}00,{('跟进中', '成交', '丢单')[n % 3]},2024-01-02,{'2024-02-01' if n % 3 == 1 else ''}",
    )
    written_csv(tmp_path, "序号,客户名称,销售,金额,目前状态,登记日期,成交日期", *rows)
    assert guess(tables(tmp_path)).open == []
    assert states(tmp_path) == {"open": 9, "won": 9, "lost": 9}


def test_deals_of_unknown_beginning_are_asked_about(tmp_path):
    rows = rows_of(9, lambda n: f"{n},D {n},Ann,{n}00,{('Open', 'Won')[n % 2]},{'2024-02-01' if n % 2 else ''}")
    written_csv(tmp_path, "Deal ID,Deal Name,Owner,Amount,Status,Closed", *rows)
    assert [each.key for each in guess(tables(tmp_path)).open] == ["column.created"]
    assert guess(tables(tmp_path), {"column.created": ""}).open == []


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("day_or_month", "banana", "day, month"), ("won", "Nonsense", "Open, Won|Won, Open"), ("nokey", "1", "no question"),
        ("colum.created", "Created", "column.created"), ("column.amount", "amount", "'Amount'"),
        ("zone", "Berlin", "no time zone"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused(key, value, said, tmp_path):
    written_csv(tmp_path, HEAD, *rows_of(9, lambda n: f"{n},D {n},Ann,{n}00,{('Open', 'Won')[n % 2]},2024-01-02,"))
    with pytest.raises(MappingError, match=said) as refused:
        guess(tables(tmp_path), {key: value})
    assert "未存储" in refused.value.zh


def test_calls_of_a_few_seconds_are_attempts(tmp_path):
    written_csv(tmp_path, HEAD, *rows_of(9, lambda n: f"D{n},D {n},Ann,{n}00,{('Open', 'Won')[n % 2]},2024-01-02,"))
    calls = ["Call ID,Deal ID,Call Start Time,Duration (seconds)"]
    calls += [f"C{n},D{n},2024-01-0{n} 10:00,{40 * (n % 3)}" for n in range(1, 10)]
    (tmp_path / "calls.csv").write_text("\n".join(calls), encoding="utf-8")
    _, reading = brought(tmp_path, {"zone": "UTC"})
    counts = Counter(each.event for each in reading.events)
    assert (counts["contact"], counts["attempt"]) == (6, 3)


def test_files_of_several_years_are_one_table(tmp_path):
    for year in (2023, 2024):
        lines = [HEAD, *rows_of(9, lambda n, year=year: f"{year}{n},D {n},Ann,{n}00,Won,{year}-01-02,{year}-02-01")]
        (tmp_path / f"deals_{year}.csv").write_text("\n".join(lines), encoding="utf-8")
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert found.open == []
    assert len(told(reading, "UTC")) == 18


def test_lines_that_end_with_a_separator_are_whole(tmp_path):
    written_csv(tmp_path, HEAD, *rows_of(9, lambda n: f"{n},D {n},Ann,{n}00,{('Open', 'Won')[n % 2]},2024-01-02,,"))
    assert states(tmp_path) == {"open": 4, "won": 5}


def test_a_stage_that_a_later_export_has_for_the_first_time_is_told_if_it_sounds_like_an_end(tmp_path):
    rows = rows_of(9, lambda n: f"{n},D {n},Ann,{n}00,{('Open', 'Won')[n % 2]},2024-01-02,{'2024-02-01' if n % 2 else ''}")
    written_csv(tmp_path, HEAD, *rows)
    mapping = guess(tables(tmp_path)).mapping
    later = [row.replace("Open", "Lost to rival") if place % 4 == 1 else row for place, row in enumerate(rows)]
    written_csv(tmp_path, HEAD, *later, "10,D 10,Ann,5,Waiting,2024-01-02,")
    unsaid = read_folder(tmp_path, mapping, now=NOW, exported_at=EXPORTED).unsaid
    assert [(each.column, each.value, each.rows, each.sounds) for each in unsaid] == [("Status", "Lost to rival", 2, "lost")]


@pytest.mark.parametrize(
    "names", [("商机", "拜访记录", "跟进记录"), ("2025 deals", "2025 calls", "2024 calls"), ("Сделки", "Звонки!", "*")]
)
@pytest.mark.parametrize("source", ["商机 1 月", "2025-06", "—", "My CRM"])
def test_files_and_sources_of_any_name_make_a_mapping_whose_tables_have_names_of_their_own(names, source, tmp_path):
    rows = rows_of(6, lambda n: f"{n},D {n},Ann,{n}00,{('Open', 'Won')[n % 2]},2024-01-02,")
    (tmp_path / f"{names[0]}.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    for place, name in enumerate(names[1:], start=1):
        calls = rows_of(9, lambda n, place=place: f"{place}{n},{n % 5 + 1},call,2024-02-0{n},Ann")
        lines = [f"Activity ID,Deal ID,Type,Date,Owner{'' if place == 1 else ',Note'}", *calls]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    found = guess(tables(tmp_path), {"zone": "UTC"}, source=source)
    assert len({table.name for table in found.mapping.tables}) == 3


@pytest.mark.parametrize("blank", range(4))
@pytest.mark.parametrize(("answer", "counted"), [(None, 3), ("nobody", 3), ("out", None)])
def test_deals_without_an_owner_count_unless_somebody_says_that_they_do_not(blank, answer, counted, tmp_path):
    rows = rows_of(3, lambda n: f"{n},D {n},{'' if n <= blank else 'Ann'},{n}00,{('Open', 'Won')[n % 2]},2024-01-02,")
    written_csv(tmp_path, HEAD, *rows)
    found, reading = brought(tmp_path, {"zone": "UTC"} if answer is None else {"zone": "UTC", "blank_owner": answer})
    asked = [each for each in found.doubts if each.key == "blank_owner"]
    assert [each.decisive for each in asked] == ([False] if blank in (1, 2) else [])
    assert len(told(reading, "UTC")) == (counted or (3 - blank if blank in (1, 2) else 3))
