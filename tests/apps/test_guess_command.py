"""`rehearse import --guess` as its user sees it: columns and rows are shown, doubts are asked, and nothing is stored before."""

import zipfile

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
    result = rehearse("--guess", "--yes", "--lang", "en", "--exported-at", "2025-06-25")
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
