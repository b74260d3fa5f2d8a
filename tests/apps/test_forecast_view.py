"""The board's forecast without a browser: the own part beside its past accuracy, and nothing of anybody else."""

import numpy as np
import pytest

from apps.board import page as board_page
from apps.board.foretelling import Foretelling
from apps.board.page import FOLDER, Board
from apps.board.place import Place
from apps.board.taking import as_csv
from apps.pages.texts import LANGUAGES, Speaker
from coach.forecasting.forecast import forecast
from coach.forecasting.known import History
from coach.store import Viewer
from coach.store.sight import sight_of
from tests.apps.board_firm import board_firm, copy_of
from tests.apps.test_board import DIRECTOR, MANAGER, PEER, REP, THURSDAY
from tests.apps.test_findings import settled
from tests.coach.won_records import end_of
from tests.coach.won_records import firm as records

TEAMS = {"rep-1": "team-1", "rep-2": "team-1", "rep-9": "team-9", "team-1": "company", "team-9": "company"}
OWNERS = {"rep 0": "rep-1", "rep 1": "rep-2", "rep 2": "rep-9"}


def owned(record):
    """A record with an owner of the firm."""
    entries = [
        each._replace(payload=each.payload | {"owner": OWNERS[each.payload["owner"]]}) if "owner" in each.payload else each
        for each in record.entries
    ]
    return record._replace(entries=entries)


@pytest.fixture(scope="module")
def whole():
    """A forecast of six weeks for a firm of three reps."""
    return forecast(History([owned(each) for each in records(2, weeks=24)], zone="Asia/Shanghai", teams=TEAMS), end_of(24), 6)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    known = {}

    def build(visibility: str):
        if visibility not in known:
            known[visibility] = board_firm(tmp_path_factory.mktemp(visibility), visibility, THURSDAY)
            known[visibility].post("registered", "team-9", kind="unit", level="team", parent="company")
            known[visibility].post("registered", "rep-9", kind="unit", level="rep", parent="team-9")
        return known[visibility]

    return build


@pytest.fixture
def shown(built, tmp_path, whole, monkeypatch):
    """The board of somebody at the forecast, when it has been worked out."""
    monkeypatch.setattr(Foretelling, "_firm", lambda *_: whole)

    def show(viewer: Viewer, visibility: str = "private") -> Board:
        firm = copy_of(built(visibility), tmp_path)
        opened = Board(firm.store, firm.service, viewer)
        opened.go(Place("forecast"))
        opened.draw()
        settled(opened.foretelling, sight_of(firm.store, viewer))
        return opened

    return show


def everything(board: Board) -> str:
    """All that a browser is sent, and what can be taken away."""
    return board.html + board.plots + as_csv(board.table).getvalue().decode()


@pytest.mark.system("S16")
@pytest.mark.parametrize("language", LANGUAGES)
def test_wins_and_amounts_ahead_stand_beside_how_the_past_was_foretold(shown, whole, language):
    html = shown(DIRECTOR._replace(language=language)).html
    say = Speaker(FOLDER, language)
    ahead, past = html.split(say("forecast.past"))
    low, high = whole.all_wins.intervals[80]
    assert say("forecast.likely", low=f"{low:,.0f}", high=f"{high:,.0f}") in ahead
    assert "data-plot='wins'" in ahead
    assert say("forecast.amount_in", weeks=6) in ahead
    assert say.both(whole.shown.words) in past
    assert all(f"{level} %" in past for level in (50, 80, 95))
    assert "CRPS" in past
    assert "data-plot='errors'" in past
    assert all(each in past for each in whole.begins)
    assert say("forecast.origins") in past


@pytest.mark.system("S16")
def test_managers_are_told_by_unit_and_rep_what_reports_to_them(shown):
    director, manager = everything(shown(DIRECTOR)), everything(shown(MANAGER))
    assert all(name in director for name in ("team-1", "team-9", "rep-1", "rep-2", "rep-9"))
    assert all(name in manager for name in ("rep-1", "rep-2"))
    assert not any(name in manager for name in ("team-9", "rep-9", "What was expected, and what came"))


@pytest.mark.system("S16")
@pytest.mark.parametrize("visibility", ["private", "private_rank", "anonymous", "public"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rep_is_told_the_own_figures_alone(shown, whole, visibility, language):
    own = {each.name: each for each in whole.reps}
    words = {
        name: everything(shown(viewer._replace(language=language), visibility))
        for name, viewer in (("rep-1", REP), ("rep-2", PEER))
    }
    for name, other in (("rep-1", "rep-2"), ("rep-2", "rep-1")):
        assert repr(own[name].wins.mean) not in words[other]
        assert repr(own[name].revenue.mean) not in words[other]
        assert repr(own[name].revenue_by_week[0].mean) in words[name]
        assert not any(each in words[name] for each in (other, "rep-9", "team-1", "team-9"))
        assert "data-plot='wins'" not in words[name]
        assert f"{whole.all_revenue.mean:,.0f}" not in words[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nobody_sees_attainment_a_rep_is_foretold_nothing_and_no_work_begins(shown, language):
    board = shown(REP._replace(language=language), "none")
    assert Speaker(FOLDER, language)("forecast.hidden") in board.html
    assert (board.plots, board.table.rows) == ("", [])
    assert not board.foretelling._found


def test_the_table_that_is_taken_away_has_weeks_units_and_reps_with_all_intervals(shown, whole):
    board = shown(DIRECTOR)
    assert len(board.table.heads) == 2 + 7 + 7
    assert len(board.table.rows) == 6 + len(whole.units) + len(whole.reps)
    for row, wins, revenue in zip(board.table.rows, whole.wins, whole.revenue, strict=False):
        assert row[2:9] == [wins.mean, *np.ravel([wins.intervals[level] for level in (50, 80, 95)])]
        assert row[9] == revenue.mean


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_weeks_are_too_few_it_is_said(built, tmp_path, language):
    """The firm has three weeks of records: nothing can be tried on its past."""
    firm = copy_of(built("private"), tmp_path)
    opened = Board(firm.store, firm.service, DIRECTOR._replace(language=language))
    opened.go(Place("forecast"))
    opened.draw()
    settled(opened.foretelling, sight_of(firm.store, DIRECTOR))
    assert {"en": "too few weeks or wins to try it on the past", "zh": "周数或赢单太少"}[language] in opened.html
    assert "data-plot='errors'" not in opened.html


def test_while_it_is_worked_out_a_manager_may_stop_it_and_a_rep_may_not(built, tmp_path):
    firm = copy_of(built("private"), tmp_path)
    foretelling = Foretelling(firm.store, lambda: firm.now)
    foretelling._turn.acquire()
    boards = {}
    for viewer in (DIRECTOR, REP):
        boards[viewer.role] = opened = Board(firm.store, firm.service, viewer, foretelling=foretelling)
        opened.go(Place("forecast"))
        assert "role='progressbar'" in opened.html
        assert opened.again
    assert "data-do='stop'" in boards["manager"].html
    assert "data-do='stop'" not in boards["rep"].html
    boards["rep"].tapped({"do": "stop"})
    assert not foretelling.under_way(sight_of(firm.store, REP)).cancel.is_set()
    boards["manager"].tapped({"do": "stop"})
    assert settled(foretelling, sight_of(firm.store, DIRECTOR)) is None
    assert "It was stopped before its end." in boards["manager"].html
    assert not boards["manager"].again
    foretelling._turn.release()
    boards["manager"].tapped({"do": "work_out"})
    assert settled(foretelling, sight_of(firm.store, DIRECTOR)) is not None
    settled(foretelling, sight_of(firm.store, REP))


def test_the_firm_is_foretold_once_for_all(built, tmp_path, monkeypatch):
    firm = copy_of(built("private"), tmp_path)
    foretelling, made = Foretelling(firm.store, lambda: firm.now), []
    monkeypatch.setattr("apps.board.foretelling.forecast", lambda *asked, **more: made.append(1) or forecast(*asked, **more))
    for viewer in (DIRECTOR, MANAGER, REP, PEER):
        foretelling.ask(sight_of(firm.store, viewer))
        settled(foretelling, sight_of(firm.store, viewer))
    assert made == [1]
    assert board_page.VIEWS == (
        "home",
        "today",
        "pipeline",
        "leads",
        "notes",
        "customers",
        "requests",
        "targets",
        "pay",
        "scores",
        "forecast",
        "reviews",
        "rules",
        "messages",
    )
