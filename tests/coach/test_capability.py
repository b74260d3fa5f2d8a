"""S9, sales capability, with what to work on this month; S10, the balanced scorecard of a rep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.rules.service import Service
from policies.language.policy import Policy
from policies.scores.capability import ABILITIES, FEWEST, Ends, capability, index
from policies.scores.scorecard import Standing, scorecard
from tests.coach.scored import ScoredFirm, rows, words
from tests.coach.signed_in import Desk

ends = st.integers(0, 60).flatmap(lambda left: st.integers(0, left).map(lambda went_on: Ends(went_on, left)))
abilities = st.dictionaries(st.sampled_from(list(ABILITIES)), ends)
SECRET = 918_273.0


@given(mine=ends, firm=ends.filter(lambda each: each.went_on > 0))
def test_an_index_lies_between_the_reps_own_share_and_the_firms(mine, firm):
    base = firm.went_on / firm.left
    own = mine.went_on / mine.left if mine.left else base
    low, high = sorted((min(100.0, 50 * own / base), 50.0))
    assert low - 1e-9 <= index(mine, firm) <= high + 1e-9


@given(own=abilities, others=abilities)
def test_what_is_to_be_worked_on_is_the_lowest_index_below_the_firms(own, others):
    firm = {name: Ends(*map(sum, zip(own.get(name, (0, 0)), others.get(name, (0, 0)), strict=True))) for name in ABILITIES}
    score, works_on = capability(own, firm)
    known = {
        name: index(own[name], firm[name]) for name in own
        if own[name].left >= FEWEST and firm[name].left >= 10 and firm[name].went_on
    }  # fmt: skip
    assert (score.value is None) == (not known)
    if known:
        assert score.value == pytest.approx(sum(known.values()) / len(known))
        assert works_on == (min(known, key=lambda name: known[name]) if min(known.values()) < 50 else None) or (
            known[works_on] == min(known.values())
        )


@pytest.mark.parametrize(
    ("firm", "why"),
    [
        (Ends(0, 30), "no index, none of the firm's 30 such deals went on"),
        (Ends(4, 9), "no index, the firm has only 9 such deals that have an end; 10 are needed"),
    ],
)
def test_where_there_is_no_index_the_words_say_what_lacks(firm, why):
    score, _ = capability(dict.fromkeys(ABILITIES, Ends(0, 6)), dict.fromkeys(ABILITIES, firm))
    assert score.value is None
    assert all(each.en.endswith(why) for each in score.reasons)


def test_a_scorecard_weighs_as_it_says():
    best = Standing(1.0, 100.0, 100.0, 2.0, 2.0, 2.0)
    assert scorecard(best).value == 100
    for name, lost in (("pace", 30), ("health", 20), ("capability", 10), ("steps", 15), ("pipeline", 15), ("contribution", 10)):
        assert scorecard(best._replace(**{name: 0.0})).value == pytest.approx(100 - lost)
    assert scorecard(Standing(0.75, 50.0, 50.0, 1.0, 1.0, 1.0)).value == pytest.approx(50)
    assert scorecard(Standing(None, 50.0, 50.0, 1.0, None, None)).value is None
    assert scorecard(Standing(1.0, 50.0, None, None, None, None)).missing == ()


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Everybody gets past discovery; rep-1 loses what rep-2 wins from negotiation on. Both have a target, rep-1 half of it."""
    firm = ScoredFirm(tmp_path_factory.mktemp("capability"))
    firm.service = Service(firm.store, lambda: firm.now)
    for unit, attained in (("rep-1", 50_000.0), ("rep-2", 465_546.0)):
        firm.tell(
            20, "target_set", unit, kind="unit", target=100_000.0 if unit == "rep-1" else SECRET, attained=attained,
            period_start_at=firm.now - 31 * 86_400_000.0, period_end_at=firm.now + 0.0,
        )  # fmt: skip
        for number in range(20):
            name = f"{unit}-{number}"
            firm.tell(100, "registered", name, unit=unit, owner=unit, industry=1.0, stage=1.0, custom__name=f"Deal {name}")
            firm.tell(80, "advanced", name, stage=2.0)
            firm.tell(60, "advanced", name, stage=4.0)
            won = unit == "rep-2" and number < 16 or number < 4
            firm.tell(40, "contact", name)
            firm.tell(30, "won" if won else "lost", name)
    firm.tell(10, "registered", "open", unit="rep-1", owner="rep-1", stage=1.0, amount=5_000.0)
    firm.write()
    return Desk(firm)


@pytest.mark.system("S9")
def test_a_rep_is_told_what_to_work_on_with_own_like_cases_only(desk):
    (mine,) = rows(desk, "rep", "S9")
    assert mine["colour"] == "red"
    assert "risk foresight" in words(mine)
    assert "4 of 20 deals went on" in words(mine)
    assert "To work on this month: risk foresight. Before each negotiation" in words(mine)
    assert "本月重点：风险预见" in words(mine)
    assert all(each["id"].startswith("rep-1") for each in mine["like"])
    above = next(each for each in rows(desk, "manager", "S9") if each["id"] == "rep-1")
    assert above["like"]
    assert all("conversations" in each["en"] for each in above["like"])


@pytest.mark.system("S10")
def test_a_scorecard_is_for_the_rep_and_those_above_and_tells_no_peers_figure(desk):
    (mine,) = rows(desk, "rep", "S10")
    assert "result 0/30: 50% of pace" in words(mine)
    assert {each["id"] for each in rows(desk, "manager", "S10")} == {"rep-1", "rep-2"}
    assert {each["id"] for each in rows(desk, "peer", "S10")} == {"rep-2"}
    assert "51%" not in desk.ask("rep", "GET", "/scores/S10").text
    assert rows(desk, "trainer", "S10") == []


@pytest.mark.system("S10")
def test_opening_deals_is_no_step_and_what_one_has_already_is_not_taken_over(tmp_path):
    firm = ScoredFirm(tmp_path)
    for number in range(4):
        for unit in ("rep-1", "rep-2"):
            firm.tell(20, "registered", f"{unit}-{number}", unit=unit, owner=unit, stage=1.0, amount=1_000.0)
        firm.tell(9, "reassigned", f"rep-1-{number}", unit="rep-1")
        firm.tell(10, "advanced", f"rep-2-{number}", stage=2.0)
    firm.tell(9, "registered", "given", unit="rep-1", owner="rep-1", stage=1.0, amount=1_000.0)
    firm.tell(8, "reassigned", "given", unit="rep-2")
    firm.write()
    told = {each["id"]: words(each) for each in rows(Desk(firm), "admin", "S10")}
    assert "short term 0/15: deals stepping forward 0 times the firm's" in told["rep-1"]
    assert "contribution 0/10" in told["rep-1"]
    assert "contribution 10/10" in told["rep-2"]


@pytest.mark.system("S10")
def test_where_nobody_is_shown_attainment_reps_see_no_scorecard(desk):
    desk.firm.service.activate(Policy(name="unseen", targets={"visibility": "none"}), "tester")
    assert rows(desk, "rep", "S10") == []
    assert len(rows(desk, "manager", "S10")) == 2
    assert rows(desk, "rep", "S9")


@pytest.mark.system("S10")
def test_with_fewer_than_four_reps_a_rep_is_told_nothing_that_gives_a_peer_away(desk):
    """From the own number and that of all of two, the other's could be worked out; those above see both anyway."""
    desk.firm.service.activate(Policy(name="seen"), "tester")
    assert len(rows(desk, "rep", "S9")) == len(rows(desk, "rep", "S10")) == 1
    for unit in ("rep-8", "rep-9"):
        desk.firm.post("absence_began", unit, kind="unit", left_at=float(desk.firm.now))
    desk.firm.now += 1000
    assert rows(desk, "rep", "S9") == rows(desk, "rep", "S10") == []
    assert len(rows(desk, "manager", "S9")) == len(rows(desk, "manager", "S10")) == 2
