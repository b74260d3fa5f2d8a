"""S15, the risk of the present quote: the share of like customers who did not buy at a like offer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.scores.quote_risk import CIRCLES, FEWEST, Ended, History, Offer, is_alike, tried
from policies.scores.quote_risk import quote_risk as risk_of
from policies.scores.score import DAY
from tests.coach.scored import ScoredFirm, rows, words
from tests.coach.signed_in import Desk

OFFER = Offer("asked", 1.0, 100_000.0, 0.05)
offers = st.builds(
    Offer, st.sampled_from([f"c{number}" for number in range(25)]), st.sampled_from([None, 1.0, 2.0]), st.floats(1e3, 1e7),
    st.none() | st.floats(0, 0.4),
)  # fmt: skip
pasts = st.lists(st.builds(Ended, offers, st.integers(0, 1000), st.integers(0, 1000), st.booleans()), max_size=60)


def quote_risk(offer: Offer, past: list[Ended]):
    return risk_of(offer, History(past))


def like(number: int, bought: bool, **other) -> Ended:
    return Ended(OFFER._replace(customer=f"c{number}", **other), number, number, bought)


def test_it_is_the_share_of_like_customers_who_did_not_buy():
    score = quote_risk(OFFER, [like(number, bought=number % 4 == 0) for number in range(20)])
    assert (score.value, score.cases) == (0.75, 20)
    assert score.interval[0] < 0.75 < score.interval[1]
    assert score.reasons[0].en.startswith("15 of 20 like customers did not buy (same industry")
    assert score.reasons[0].zh.startswith("20 个相似客户中有 15 个未成交（同行业")


def test_each_customer_counts_once_with_the_quote_that_went_out_last_whichever_ended_last():
    past = [like(number, bought=False) for number in range(FEWEST)]
    again = [each._replace(sent=1000 + each.sent, at=each.at - 1000, bought=True) for each in past]
    assert quote_risk(OFFER, [*again, *past]).value == 0.0


def test_fewer_than_ten_like_customers_give_no_number_and_say_how_many():
    score = quote_risk(OFFER, [like(number, bought=False) for number in range(FEWEST - 1)])
    assert score.value is None
    assert f"only {FEWEST - 1} customers" in score.reasons[0].en


def test_the_nearest_circle_that_is_large_enough_counts():
    near = [like(number, bought=False) for number in range(FEWEST)]
    far = [like(100 + number, bought=True, amount=350_000.0) for number in range(50)]
    assert quote_risk(OFFER, near + far).value == 1.0
    assert quote_risk(OFFER, near[:3] + far).value == pytest.approx(3 / 53)


def test_it_is_red_only_where_chance_does_not_explain_the_distance_from_all_quotes():
    elsewhere = [like(100 + number, bought=True, amount=5e6) for number in range(100)]
    assert quote_risk(OFFER, [like(number, bought=False) for number in range(12)] + elsewhere).colour == "red"
    assert quote_risk(OFFER, [like(number, bought=number % 2 == 0) for number in range(12)]).colour == "amber"


@given(cases=st.integers(FEWEST, 400), bought=st.booleans())
def test_where_all_quotes_ended_alike_nothing_differs_and_the_interval_ends_exactly_there(cases, bought):
    score = quote_risk(OFFER, [like(number, bought=bought) for number in range(cases)])
    assert (score.value, score.colour) == (0.0 if bought else 1.0, "amber")
    assert score.interval[0 if bought else 1] == score.value


@given(offer=offers, past=pasts)
def test_the_number_is_what_its_words_say(offer, past):
    score = quote_risk(offer, past)
    assert ("industry" in score.missing) == (offer.industry is None)
    if score.value is None:
        return
    assert score.cases >= FEWEST
    assert score.interval[0] <= score.value <= score.interval[1]
    part, _, whole = score.reasons[0].en.split(" like customers")[0].split(" ")
    assert int(part) / int(whole) == pytest.approx(score.value)
    assert int(whole) == score.cases


@given(one=offers, other=offers, circle=st.sampled_from(CIRCLES))
def test_likeness_is_mutual_and_wider_circles_hold_the_narrower_ones(one, other, circle):
    assert is_alike(one, one, circle)
    assert is_alike(one, other, circle) == is_alike(other, one, circle)
    if is_alike(one, other, CIRCLES[0]):
        assert all(is_alike(one, other, wider) for wider in CIRCLES)


@given(offer=offers, past=pasts, circle=st.sampled_from(CIRCLES))
def test_the_search_finds_everybody_who_is_alike_and_nobody_else(offer, past, circle):
    latest = {each.offer.customer: each for each in sorted(past, key=lambda each: each.sent)}
    alike = {name for name, each in latest.items() if name != offer.customer and is_alike(offer, each.offer, circle)}
    assert {each.offer.customer for each in History(past).within(offer, circle)} == alike


@given(offer=offers, past=pasts)
def test_the_customers_own_past_does_not_count(offer, past):
    assert quote_risk(offer, past) == quote_risk(offer, [each for each in past if each.offer.customer != offer.customer])


def test_it_says_how_well_it_foretold_later_quotes():
    small = [like(number, bought=True) for number in range(20)]
    large = [like(100 + number, bought=False, amount=5e6) for number in range(20)]
    history = History(small + large)
    later = [each._replace(offer=each.offer._replace(customer=f"later {each.offer.customer}")) for each in small + large]
    assert "better than the share of all" in tried(later, history).en
    assert "no better" not in tried(later, history).en
    assert "no better than the share" in tried([each._replace(bought=not each.bought) for each in later], history).en
    assert "not known yet: 5 later" in tried(later[:5], history).en
    assert "0 later" in tried(later, History([])).en


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    firm = ScoredFirm(tmp_path_factory.mktemp("quotes"))
    for number in range(30):
        name = f"Q{number}"
        firm.tell(90, "registered", name, unit="rep-2", owner="rep-2", industry=1.0, amount=100_000.0, stage=4.0)
        firm.tell(80, "document", name)
        firm.tell(79, "field_recorded", name, discount=0.3)  # asked for after the quote: not what it was like
        firm.tell(70, "won" if number < 12 else "lost" if number < 24 else "no_decision", name)
    firm.tell(9, "registered", "mine", unit="rep-1", owner="rep-1", industry=1.0, amount=120_000.0, customer="North")
    firm.tell(8, "document", "mine")
    firm.tell(9, "registered", "unquoted", unit="rep-1", owner="rep-1", industry=1.0, amount=120_000.0)
    firm.write()
    return Desk(firm)


@pytest.mark.system("S15")
def test_a_rep_is_told_the_risk_of_the_own_quote_and_peers_are_not(desk):
    (mine,) = rows(desk, "rep", "S15")
    assert (mine["id"], mine["title"]["zh"], mine["value"], mine["cases"]) == ("mine", "North", 0.6, 30)
    assert "18 of 30 like customers did not buy" in words(mine)
    assert "30 个相似客户中有 18 个未成交" in words(mine)
    assert "How well it foretells is not known yet" in words(mine)
    assert rows(desk, "peer", "S15") == []
    assert [each["id"] for each in rows(desk, "manager", "S15")] == ["mine"]
    assert rows(desk, "trainer", "S15") == []


@pytest.mark.system("S15")
def test_quotes_that_are_told_by_their_instant_alone_count_like_documents(tmp_path):
    firm = ScoredFirm(tmp_path)
    for number in range(25):
        told = {"amount": 100_000.0, "quote_sent_at": firm.now - 80.0 * DAY, "industry": 1.0}
        if number % 2:  # entered with the deal, or after it
            firm.tell(90, "registered", f"Q{number}", unit="rep-2", owner="rep-2", stage=4.0, late=60, **told)
        else:
            firm.tell(90, "registered", f"Q{number}", unit="rep-2", owner="rep-2", stage=4.0)
            firm.tell(75, "field_recorded", f"Q{number}", **told)
        if number < 24:
            firm.tell(50, "won" if number < 6 else "lost", f"Q{number}")
    firm.write()
    (only,) = rows(Desk(firm), "manager", "S15")
    assert (only["id"], only["value"], only["cases"]) == ("Q24", 0.75, 24)
    assert "no quotes are recorded anywhere" not in words(only)


@pytest.mark.system("S15")
def test_the_card_says_formula_range_limits_and_source(desk):
    cards = {each["id"]: each for each in desk.ask("rep", "GET", "/scores").json()}
    card = cards["S15"]
    assert (card["unit"], card["low"], card["high"], card["better"]) == ("share", 0.0, 1.0, "lower")
    assert all(card[name][language] for name in ("name", "formula", "source", "assumed") for language in ("en", "zh"))
    assert desk.ask("rep", "GET", "/scores/S99").status_code == 404
    assert desk.ask(None, "GET", "/scores").status_code == 401
