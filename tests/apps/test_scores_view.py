"""The board's scores without a browser: own numbers with their reasons, and nothing of a peer."""

import json

import pytest
from click.testing import CliRunner

from apps.board.page import Board
from apps.board.place import Place
from apps.board.taking import as_csv
from apps.cli.main import program
from coach.scoring.readings import READINGS
from coach.store import Viewer
from coach.store.sight import EVERYTHING
from policies.scores.catalogue import ABOUT
from tests.apps.test_findings import settled
from tests.coach.scored import ScoredFirm

PEER, DIRECTOR = Viewer("peer", "rep", "rep-2"), Viewer("director", "manager", "company")


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    built = ScoredFirm(tmp_path_factory.mktemp("shown"))
    for number in range(12):
        built.tell(90, "registered", f"Q{number}", unit="rep-2", owner="rep-2", industry=1.0, amount=100_000.0)
        built.tell(80, "document", f"Q{number}")
        built.tell(70, "won" if number < 3 else "lost", f"Q{number}")
    built.tell(9, "registered", "mine", unit="rep-1", owner="rep-1", industry=1.0, amount=120_000.0, customer="North <b>")
    built.tell(8, "document", "mine")
    built.tell(30, "registered", "K", kind="request", unit="rep-2", desk="presales", custom__question="A型泵的最高耐压是多少")
    built.tell(29, "answered", "K", kind="request", custom__answer="1.6 兆帕", custom__knowledge=True)
    built.write()
    return built


def shown(firm, viewer, language="en") -> Board:
    opened = Board(firm.store, firm.service, viewer._replace(language=language))
    opened.speak(language)
    opened.go(Place("scores"))
    opened.draw()
    settled(opened.scoring, EVERYTHING)
    return opened


@pytest.mark.system("S15")
def test_a_rep_sees_the_own_number_with_reasons_and_what_it_is(firm):
    opened = shown(firm, Viewer("rep", "rep", "rep-1"))
    html = opened.html
    assert "North &lt;b&gt;" in html
    assert "9 of 12 like customers did not buy" in html
    assert "What this number is" in html
    assert "9 of 12 like customers" in as_csv(opened.table).read().decode()


def test_a_peer_sees_nothing_of_it_and_the_manager_above_does(firm):
    assert "North" not in shown(firm, PEER).html
    assert "North" in shown(firm, DIRECTOR).html
    assert "no score yet" in shown(firm, Viewer("lost", "rep", None)).html


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_terminal_tells_of_every_score_that_there_is_a_number_of(firm, tmp_path, language):
    at = "2026-06-01 10:00"
    done = CliRunner().invoke(
        program, ["score", str(firm.path), "--at", at, "--json", str(tmp_path / "all.json"), "--lang", language],
        catch_exceptions=False, env={"COLUMNS": "200"},
    )  # fmt: skip
    assert done.exit_code == 0
    told = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["scores"]
    assert set(told) == set(READINGS)
    assert {"S3", "S7", "S11", "S15"} <= {name for name, rows in told.items() if rows}
    for name, rows in told.items():
        if name != "S1":
            assert (f"{name} {ABOUT[name].name[language == 'zh']}"[:12] in done.output) == bool(rows)


@pytest.mark.parametrize("name", list(READINGS))
def test_every_score_can_be_told_alone(firm, name):
    asked = ["score", str(firm.path), "--only", name.lower(), "--lang", "en"]
    done = CliRunner().invoke(program, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert done.output.startswith(f"{name} {ABOUT[name].name.en}")


def test_it_speaks_chinese(firm):
    html = shown(firm, Viewer("rep", "rep", "rep-1"), "zh").html
    assert "12 个相似客户中有 9 个未成交" in html
    assert "当前报价的风险" in html


@pytest.mark.system("S7")
def test_a_question_is_looked_up_in_place(firm):
    opened = shown(firm, Viewer("rep", "rep", "rep-1"))
    opened.go(Place("scores", question="泵耐压"))
    assert "1.6 兆帕" in opened.html
    opened.go(Place("scores", question="warranty"))
    assert "Nothing in the knowledge base fits" in opened.html
    opened.go(Place("scores", question="?"))
    assert "Write what you look for" in opened.html


def test_one_score_alone_is_shown_when_it_is_chosen(firm):
    opened = shown(firm, DIRECTOR)
    assert "id='score-S1'" in opened.html
    opened.go(Place("scores", score="S15"))
    assert "id='score-S1'" not in opened.html
    assert {row[0].split()[0] for row in opened.table.rows} == {"S15"}
    opened.go(Place("scores", score="nothing"))
    assert "id='score-S1'" in opened.html
