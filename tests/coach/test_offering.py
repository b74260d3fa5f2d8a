"""The return calculator: a rule offers it, a rep sends it, the customer's looks are recorded, and rules read them (P13)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.offering.returns import Investment, annuity, returns_of
from policies.documents.loader import load_policy
from tests.coach.firm import Firm, at, policy_of
from tests.coach.signed_in import Desk

FIGURES = {"investment": 1000.0, "yearly_saving": 400.0, "yearly_costs": 100.0, "years": 5, "discount_rate": 0.1}
STARTED = at("2026-01-05 09:00")


@pytest.fixture
def desk(tmp_path):
    firm = Firm(tmp_path, load_policy("roi-offer"))
    firm.deal(customer="Lan Hua")
    return Desk(firm)


def offers(desk, role: str = "rep") -> dict:
    return desk.ask(role, "GET", "/deals/A/offers").json()


def today(desk) -> list[str]:
    return [each["what"] for each in desk.ask("rep", "GET", "/reps/rep-1/today").json()["obligations"]]


def send(desk, **told) -> dict:
    answer = desk.ask("rep", "POST", "/deals/A/offers", json=FIGURES | told)
    assert answer.status_code == 200, answer.text
    return answer.json()


def secret(page: dict) -> str:
    return page["link"].rpartition("/")[2]


def look(desk, page: dict, seconds: float, name: str = "a1b2c3d4"):
    return desk.ask(None, "POST", f"/offers/open/{secret(page)}/looks", json={"look": name, "seconds": seconds})


@pytest.mark.system("P13")
def test_a_long_look_without_a_next_step_offers_the_calculator_until_it_is_sent(desk):
    desk.firm.post("viewed", view_minutes=2.0)
    assert (today(desk), offers(desk)["offered"]) == ([], None)
    desk.firm.post("viewed", view_minutes=2.1)
    assert today(desk) == ["offered"]
    told = offers(desk)["offered"]
    assert (told["offer"], told["rule"]) == ("return_calculator", "looked-without-next-step")
    assert told["why"]["en"].isascii()
    assert "投资回报" in told["why"]["zh"]
    desk.firm.now += 60_000
    send(desk)
    assert (today(desk), offers(desk)["offered"]) == ([], None)


@pytest.mark.system("P13")
@pytest.mark.parametrize("news", [{"stage": 2.0}, {"amount": 1200.0}, None])
def test_a_new_stage_or_a_new_quote_offers_it_again_at_the_next_look_and_nothing_else_does(desk, news):
    desk.firm.post("viewed", view_minutes=3)
    desk.firm.now += 60_000
    send(desk)
    desk.firm.now += 60_000
    if news is not None:
        desk.firm.post("field_recorded", **news)
    assert today(desk) == []
    desk.firm.now += 60_000
    desk.firm.post("viewed", view_minutes=3)
    assert today(desk) == ([] if news is None else ["offered"])
    desk.firm.now += 60_000
    send(desk)
    desk.firm.now += 60_000
    desk.firm.post("viewed", view_minutes=3)
    assert today(desk) == []


@pytest.mark.system("P13")
def test_nothing_is_offered_where_the_next_step_is_booked_or_the_offer_is_old(desk):
    desk.firm.post("next_step", next_step_at=float(desk.firm.now + 86_400_000))
    desk.firm.post("viewed", view_minutes=30)
    assert today(desk) == []
    desk.firm.deal("B")
    desk.firm.post("viewed", "B", view_minutes=30)
    assert today(desk) == ["offered"]
    desk.firm.until("2026-01-20 09:00")
    assert today(desk) == []


@pytest.mark.system("P13")
def test_what_the_customer_looks_at_is_recorded_with_the_deal_and_rules_and_s1_read_it(desk):
    page = send(desk, language="en", words="As promised.")
    assert page["message"].startswith("As promised.\nLan Hua: ")
    assert page["link"] in page["message"]
    assert [look(desk, page, each).status_code for each in (0, 60, 150, 150, 60)] == [200] * 5
    (told,) = offers(desk)["sent"]
    assert (told["looks"], told["minutes"]) == (1, 2.5)
    values = desk.ask("rep", "GET", "/records/opportunity/A").json()["values"]
    assert (values["view_minutes"], values["viewed_at"], values["custom.document_open_rate"]) == (2.5, desk.firm.now, 1.0)
    history = desk.ask("rep", "GET", "/records/opportunity/A/history").json()
    assert [each["event"] for each in history["events"]][-4:] == [
        "document", "viewed", "field_recorded", "field_recorded",
    ]  # fmt: skip
    assert history["firings"] == []
    look(desk, page, 30, "another1")
    (told,) = offers(desk)["sent"]
    assert (told["looks"], told["minutes"]) == (2, 3.0)


LOOKED = {"id": "looked", "on": "opportunity", "since": "viewed_at", "when": {"status": "open", "view_minutes": "> 2"},
          "then": [{"notify": "owner"}, {"offer": "return_calculator"}]}  # fmt: skip


@pytest.mark.system("P13")
def test_one_look_fires_a_rule_once_however_often_the_page_tells_of_it(tmp_path):
    desk = Desk(Firm(tmp_path, policy_of(LOOKED)))
    desk.firm.deal()
    page = send(desk)
    told = []
    for seconds in (0, 15, 60, 125, 300, 600, 640):
        desk.firm.now += 60_000
        look(desk, page, seconds)
        told.append(len(desk.ask("rep", "GET", "/notices").json()))
    assert told == [0, 0, 0, 1, 1, 1, 1]
    desk.firm.now += 3_600_000
    look(desk, page, 0, "another1")
    look(desk, page, 130, "another1")
    assert len(desk.ask("rep", "GET", "/notices").json()) == 2
    (kept,) = offers(desk)["sent"]
    assert (kept["looks"], kept["minutes"]) == (2, pytest.approx(640 / 60 + 130 / 60, abs=0.02))


@pytest.mark.system("P13")
def test_a_look_at_the_calculator_puts_the_offer_of_no_rule_back_until_its_link_ends(tmp_path):
    desk = Desk(Firm(tmp_path, policy_of(LOOKED)))
    desk.firm.deal()
    desk.firm.post("viewed", view_minutes=3)
    assert today(desk) == ["offered"]
    desk.firm.now += 60_000
    page = send(desk)
    desk.firm.now += 60_000
    look(desk, page, 300)
    assert (today(desk), offers(desk)["offered"]) == ([], None)
    desk.firm.now += 60_000
    desk.ask("rep", "POST", f"/offers/{page['number']}/end")
    assert today(desk) == []
    desk.firm.now += 60_000
    desk.firm.post("viewed", view_minutes=3)
    assert today(desk) == ["offered"]


@pytest.mark.system("P13")
@pytest.mark.parametrize(("path", "told"), [
    ("/deals/A/offers", FIGURES),
    ("/requests", {"deal": "A", "desk": "legal", "question": "May we?"}),
    ("/notes", {"record": "A", "text": "Met Lan Hua."}),
    ("/events", {"events": [
        {"source": "crm", "key": "1", "event": "contact", "kind": "opportunity", "record": "A", "acted_at": STARTED}
    ]}),
])  # fmt: skip
def test_what_a_manager_does_about_a_deal_leaves_it_with_its_rep(desk, path, told):
    answer = desk.ask("manager", "POST", path, json=told)
    assert answer.status_code == 200, answer.text
    assert desk.ask("rep", "GET", "/records/opportunity/A").json()["unit"] == "rep-1"


@pytest.mark.system("P13")
def test_the_open_rate_of_another_system_stands(desk):
    desk.firm.post("field_recorded", **{"custom.document_open_rate": 0.25})
    look(desk, send(desk), 10)
    values = desk.ask("rep", "GET", "/records/opportunity/A").json()["values"]
    assert values["custom.document_open_rate"] == 0.25


@pytest.mark.system("P13")
def test_the_link_is_unguessable_expires_and_can_be_taken_back(desk):
    pages = [send(desk, days=1) for _ in range(2)]
    assert len({secret(each) for each in pages}) == 2
    assert all(len(secret(each)) >= 32 for each in pages)
    figures = f"/offers/open/{secret(pages[0])}/figures"
    assert desk.ask(None, "POST", figures, json=FIGURES).status_code == 200
    assert desk.ask("peer", "POST", f"/offers/{pages[0]['number']}/end").status_code == 404
    assert desk.ask("rep", "POST", f"/offers/{pages[0]['number']}/end").status_code == 200
    assert desk.ask(None, "POST", figures, json=FIGURES).status_code == 404
    assert look(desk, pages[1], 1).status_code == 200
    desk.firm.until("2026-01-06 09:01")
    gone = look(desk, pages[1], 90)
    assert gone.status_code == 404
    assert not gone.json()["zh"].isascii()
    assert desk.ask("peer", "GET", "/deals/A/offers").status_code == 404
    assert desk.ask("manager", "GET", "/deals/A/offers").status_code == 200


@pytest.mark.system("P13")
def test_what_a_customer_changes_is_kept_nowhere_and_nonsense_is_refused(desk):
    page = send(desk)
    told = desk.ask(None, "POST", f"/offers/open/{secret(page)}/figures", json=FIGURES | {"investment": 2000.0}).json()
    assert told["payback_years"] == pytest.approx(2000 / 300)
    assert offers(desk)["sent"][0]["figures"] == FIGURES
    for wrong in ({"investment": 0}, {"years": 31}, {"discount_rate": -0.1}, {"yearly_saving": "x"}):
        assert desk.ask("rep", "POST", "/deals/A/offers", json=FIGURES | wrong).status_code == 422
    desk.firm.post("lost")
    assert desk.ask("rep", "POST", "/deals/A/offers", json=FIGURES).status_code == 422


@pytest.mark.system("P13")
def test_a_page_makes_a_bounded_number_of_events_whatever_is_told(desk, monkeypatch):
    monkeypatch.setattr("coach.offering.pages.MOST_LOOKS", 5)
    page = send(desk)
    for number in range(8):
        assert look(desk, page, 10, f"look{number:04}").status_code == 200
    assert offers(desk)["sent"][0]["looks"] == 5


def test_an_offer_in_the_office_is_told_to_act_live_only():
    both = {"id": "both", "on": "opportunity", "since": "last_action_at", "after": "1d", "when": {"status": "open"},
            "then": [{"notify": "owner"}, {"offer": "return_calculator"}]}  # fmt: skip
    assert policy_of(both).cannot_rehearse == []
    (told,) = policy_of(both | {"then": [{"offer": "return_calculator"}]}).cannot_rehearse
    assert "live only" in told.en


# Worked example: 1000 paid, 300 gained in each of 5 years at 10 %: annuity factor 3.790787, internal rate 15.2382 %.
def test_figures_of_a_worked_example():
    found = returns_of(Investment(1000.0, 400.0, 100.0, 5, 0.1))
    assert (found.yearly_gain, found.total_gain) == (300.0, 500.0)
    assert found.present_value == pytest.approx(137.236, abs=1e-3)
    assert found.payback_years == pytest.approx(10 / 3)
    assert found.rate == pytest.approx(0.152382, abs=1e-6)
    lossy = returns_of(Investment(1000.0, 100.0, 100.0, 5, 0.1))
    assert (lossy.payback_years, lossy.rate, lossy.present_value) == (None, None, -1000.0)
    assert not returns_of(Investment(1000.0, 200.0, 100.0, 5, 0.1)).within


@given(
    st.floats(1, 1e9), st.floats(0, 1e9), st.floats(0, 1e9), st.integers(1, 30), st.floats(0, 1),
)  # fmt: skip
def test_the_present_value_is_positive_where_the_internal_rate_is_above_the_discount_rate(paid, saved, costs, years, rate):
    found = returns_of(Investment(paid, saved, costs, years, rate))
    assert (found.rate is None) == (found.yearly_gain <= 0)
    if found.rate is not None:
        assert found.rate < -0.999 or found.yearly_gain * annuity(found.rate, years) == pytest.approx(paid, rel=1e-6)
        assert math.isclose(found.rate, rate, abs_tol=1e-9) or (found.present_value > 0) == (found.rate > rate)
    else:
        assert found.present_value < 0


@pytest.mark.parametrize(("paid", "saved", "years", "rate"), [
    (100.0, 1e6, 5, 1e4), (1e12, 1.0, 5, 1e12 ** -0.2 - 1), (1e12, 1.0, 1, 1e-12 - 1), (0.01, 1e12, 30, 1e14),
    (500.0, 100.0, 5, 0.0), (0.3, 0.1, 3, 0.0), (100.0, 100.0, 1, 0.0),
])  # fmt: skip
def test_there_is_an_internal_rate_wherever_a_year_brings_a_gain(paid, saved, years, rate):
    found = returns_of(Investment(paid, saved, 0.0, years, 0.08)).rate
    assert found == pytest.approx(rate, rel=2e-3, abs=1e-15)
    assert math.copysign(1.0, found) == (1.0 if rate == 0.0 else math.copysign(1.0, rate))
