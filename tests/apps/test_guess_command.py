"""`rehearse import --guess` as its user sees it: columns and rows are shown, doubts are asked, and nothing is stored before."""

import sqlite3
import zipfile
from contextlib import closing

import pytest
from click.testing import CliRunner

from apps.cli.main import program
from coach.store import SYSTEM, Store, reading
from tests.coach.crm_exports import SYSTEMS, deals, write

UNSURE = "ID,Owner,Created,Amount,Stage\n" + "".join(f"{n},Ann,0{n}/0{n + 1}/2024,{n}00,Zeta\n" for n in range(1, 7))


@pytest.fixture
def rehearse(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "files").mkdir()

    def run(*arguments: str, typed: str = ""):
        asked = ("import", "files", "--to", "store.db", *arguments)
        result = CliRunner().invoke(program, asked, input=typed, prog_name="rehearse")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def states(path) -> list[str]:
    store = Store.open(path)
    found = [each["status"] for each in reading.records(store, SYSTEM, kind="opportunity", limit=500)]
    store.close()
    return found


def test_an_export_is_stored_as_guessed_and_its_mapping_is_kept_for_the_next_one(rehearse, tmp_path):
    truth = deals(1, "en")
    write(tmp_path / "files", SYSTEMS["hubspot"], truth)
    result = rehearse("--guess", "--yes", "--zone", "Europe/London", "--lang", "en", "--exported-at", "2025-06-25")
    assert result.exit_code == 0, result.output
    for part in ("Deal owner", "The first 20 deals", "Nothing is stored yet", "store.mapping.yaml"):
        assert part in result.output
    assert sorted(states(tmp_path / "store.db")) == sorted(deal.state for deal in truth)
    again = CliRunner().invoke(
        program, ("import", "files", "--mapping", "store.mapping.yaml", "--to", "store.db", "--exported-at", "2025-06-25")
    )
    assert again.exit_code == 0, again.output
    assert sorted(states(tmp_path / "store.db")) == sorted(deal.state for deal in truth)


@pytest.mark.parametrize(("language", "asked"), [("en", "Which comes first in a date"), ("zh", "哪个在前")])
def test_what_the_files_do_not_tell_stops_it_with_the_questions_and_how_to_answer(rehearse, tmp_path, language, asked):
    (tmp_path / "files" / "deals.csv").write_text(UNSURE, encoding="utf-8")
    result = rehearse("--guess", "--yes", "--lang", language)
    assert result.exit_code == 1
    assert asked in result.output
    assert '--answer "day_or_month=day"' in result.output
    assert '--answer "won=Zeta"' in result.output
    assert not (tmp_path / "store.db").exists()
    answered = rehearse("--guess", "--yes", "--answer", "day_or_month=month", "--answer", "won=Zeta", "--lang", language)
    assert answered.exit_code == 0, answered.output
    assert states(tmp_path / "store.db") == ["won"] * 6


def test_in_a_terminal_every_doubt_is_asked_and_the_end_is_a_yes(rehearse, tmp_path):
    (tmp_path / "files" / "deals.csv").write_text(UNSURE, encoding="utf-8")
    typed = "1\n2\n1\ny\n"  # the day first, Zeta is won, the zone as it stands
    result = rehearse("--guess", "--lang", "en", typed=typed)
    assert result.exit_code == 0, result.output
    assert states(tmp_path / "store.db") == ["won"] * 6


def test_a_no_at_the_end_stores_nothing(rehearse, tmp_path):
    write(tmp_path / "files", SYSTEMS["zoho"], deals(2, "en"))
    result = rehearse("--guess", "--lang", "en", typed="1\nn\n")
    assert result.exit_code == 130
    assert not (tmp_path / "store.db").exists()


def test_an_archive_is_read_as_the_folder_that_it_holds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    truth = deals(3, "zh")
    file = write(tmp_path, SYSTEMS["neocrm"], truth)
    with zipfile.ZipFile("export.zip", "w") as packed:
        packed.write(file, f"export/{file.name}")
    asked = ("import", "export.zip", "--guess", "--yes", "--to", "store.db", "--exported-at", "2025-06-25")
    result = CliRunner().invoke(program, asked)
    assert result.exit_code == 0, result.output
    assert sorted(states(tmp_path / "store.db")) == sorted(deal.state for deal in truth)


def test_a_mapping_or_a_guess_is_wanted_not_both(rehearse):
    assert rehearse("--lang", "en").exit_code == 2
    assert rehearse("--guess", "--mapping", "rehearse", "--lang", "en").exit_code == 2


def test_where_nobody_answers_it_is_said_that_nothing_was_stored(rehearse, tmp_path):
    (tmp_path / "files" / "deals.csv").write_text(UNSURE, encoding="utf-8")
    result = rehearse("--guess", "--lang", "en", typed="1\n")
    assert result.exit_code == 130
    assert "nothing was stored" in result.output
    assert "--answer" in result.output
    assert not (tmp_path / "store.db").exists()


@pytest.mark.parametrize(("language", "said"), [("en", "No row was brought in"), ("zh", "没有导入任何行")])
def test_an_import_of_nothing_has_failed_and_says_what_to_do(language, said, rehearse, tmp_path):
    rows = "".join(f"{n},Ann,0{n}/0{n + 1}/2024,{n}00,Won\n" for n in range(1, 7))
    (tmp_path / "files" / "deals.csv").write_text(f"ID,Owner,Created,Amount,Stage\n{rows}", encoding="utf-8")
    kept = rehearse("--guess", "--yes", "--answer", "day_or_month=day", "--keep", "m.yaml", "--lang", language)
    assert kept.exit_code == 0, kept.output
    (tmp_path / "store.db").unlink()
    soon = "".join(f"{n},Ann,soon,{n}00,Won\n" for n in range(1, 7))
    (tmp_path / "files" / "deals.csv").write_text(f"ID,Owner,Created,Amount,Stage\n{soon}", encoding="utf-8")
    result = rehearse("--mapping", "m.yaml", "--lang", language)
    assert result.exit_code == 1, result.output
    assert said in result.output


def test_a_store_tells_the_zone_of_its_next_export_and_a_new_one_is_told_it(rehearse, tmp_path):
    write(tmp_path / "files", SYSTEMS["zoho"], deals(2, "en"))
    asked = rehearse("--guess", "--yes", "--lang", "en")
    assert (asked.exit_code, "--zone America/New_York" in asked.output) == (1, True)
    first = rehearse("--guess", "--yes", "--zone", "Europe/Berlin", "--lang", "en")
    assert first.exit_code == 0, first.output
    again = rehearse("--guess", "--yes", "--lang", "en")
    assert again.exit_code == 0, again.output
    assert "time_zone: Europe/Berlin" in (tmp_path / "store.mapping.yaml").read_text(encoding="utf-8")
    write(tmp_path / "files", SYSTEMS["neocrm"], deals(2, "zh"))
    (tmp_path / "files" / SYSTEMS["zoho"].file).unlink()
    result = CliRunner().invoke(program, ("import", "files", "--guess", "--yes", "--to", "new.db", "--lang", "en"))
    assert "Clock times without an offset are taken as those of Asia/Shanghai" in " ".join(result.output.split())


def test_a_zone_is_for_a_guess_a_mapping_says_its_own(rehearse):
    assert rehearse("--mapping", "rehearse", "--zone", "UTC", "--lang", "en").exit_code == 2


def test_a_database_comes_in_by_its_address_and_its_changes_the_next_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect("crm.db")) as connection:
        connection.execute("CREATE TABLE deals (id, title, owner, amount, status, created_at, closed_at)")
        rows = [(f"D{n}", f"Deal {n}", "Ann", 100 * n, "open", f"2024-01-{n:02d}", None) for n in range(1, 13)]
        connection.executemany(
            "INSERT INTO deals VALUES (?, ?, ?, ?, ?, ?, ?)", [*rows, ("D99", "X", "Bob", 1, "won", "2024-01-01", "2024-02-01")]
        )
        connection.commit()
        asked = ("import", "sqlite:///crm.db", "--guess", "--yes", "--to", "store.db", "--exported-at")
        assert CliRunner().invoke(program, (*asked, "2024-03-01")).exit_code == 0
        assert sorted(states("store.db")) == ["open"] * 12 + ["won"]
        connection.execute("UPDATE deals SET status = 'won', closed_at = '2024-03-05' WHERE id = 'D3'")
        connection.commit()
    result = CliRunner().invoke(program, (*asked, "2024-04-01"))
    assert result.exit_code == 0, result.output
    assert sorted(states("store.db")) == ["open"] * 11 + ["won"] * 2
