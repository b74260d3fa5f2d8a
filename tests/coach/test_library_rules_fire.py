"""No rule of the library is dead: each fires on a small history in the coach, and in an office, or the office says why not."""

from functools import cache

import numpy as np
import pytest

from apps.demo import POLICY as SAMPLE_POLICY
from apps.demo import WEEKS as SAMPLE_WEEKS
from coach.store import SYSTEM, reading
from policies.documents.loader import edited, library_names, load_policy
from policies.language.policy import Policy
from policies.record.records import EVENT
from scenarios.loader import load_scenario
from sim.office.office import Office
from sim.office.scenario import Scenario
from tests.coach.firm import Firm, at
from tests.sim.offices import WEEK, started, tiny, written

RULES = [(name, rule.id) for name in library_names() for rule in load_policy(name).rules]


def lead(firm: Firm, **payload) -> None:
    firm.post("registered", "L", kind="lead", unit="rep-1", source="website", **payload)
    firm.post("assigned", "L", kind="lead", owner="rep-1")


def reached_lead(firm: Firm) -> None:
    lead(firm)
    firm.post("first_contact", "L", kind="lead")


def store_lead(firm: Firm) -> None:
    firm.post("registered", "L", kind="lead", unit="rep-1", source="store", photo=True, product_interest=1)
    firm.post("assigned", "L", kind="lead", owner="rep-1")


def deal(firm: Firm) -> None:
    firm.deal()
    firm.post("first_contact")


def customer(firm: Firm, **payload) -> None:
    firm.post("registered", "C", kind="customer", unit="rep-1", **payload)
    firm.post("delivered", "C", kind="customer")


def pale_customer(firm: Firm) -> None:
    customer(firm, satisfaction=4, payments=4, late_payments=1)


def angry_customer(firm: Firm) -> None:
    customer(firm, satisfaction=1, payments=4, late_payments=4, complaints=4)


def proposal_looked_at(firm: Firm) -> None:
    firm.deal()
    firm.post("viewed", view_minutes=2.5)


def request(desk: str):
    return lambda firm: firm.post("registered", "R", kind="request", unit="rep-1", owner="rep-1", desk=desk)


def early_closing(firm: Firm) -> None:
    firm.deal(close_at=float(at("2026-01-20 12:00")), next_step_at=float(at("2026-01-27 10:00")))


def few_actions(firm: Firm) -> None:
    _target(firm)
    firm.post("counted", "rep-1", kind="unit", effective_visits=1, tailored_quotes=0, upsells=0)


def _target(firm: Firm) -> None:
    firm.post(
        "target_set", "rep-1", kind="unit", target=1000.0, attained=0.0, period_start_at=at("2026-01-05 00:00"),
        period_end_at=at("2026-04-06 00:00"),
    )  # fmt: skip


HISTORIES = {
    "first-touch": lead, "untouched-reroute": lead, "store-lead-todo": store_lead, "first-summary": reached_lead,
    "next-conversation": reached_lead, "first-deal-summary": deal, "next-deal-conversation": deal, "needs-in-72h": deal,
    "stall-reminder": deal, "freeze-idle": deal, "service-after-delivery": customer, "health-amber": pale_customer,
    "health-red": angry_customer, "request-late": request("finance"), "long-request-late": request("legal"),
    "call-again": deal, "silent-for-three-weeks": deal, "closes-before-next-step": early_closing,
    "actions-short": few_actions, "behind-two-weeks": _target, "sick-two-weeks": deal,
    "looked-without-next-step": proposal_looked_at,
    "falsely-prosperous": lambda firm: firm.deal(false_prosperity=True),
    "signals-agree": lambda firm: firm.deal(false_prosperity=False, commission_frozen=True),
}  # fmt: skip
"""What happens on 5 January 2026; the rule fires by 6 February, a look at two months in a row by 2 April."""
REFUSED = {
    "contract-before-signing": ("sign", "won"),
    "proposal-answers-needs": ("sign", "won"),
    "no-progress-no-expense": ("expense", "spent"),
    "no-step-while-frozen": ("advance", "advanced"),
}


@pytest.mark.parametrize(("policy", "rule"), RULES)
def test_it_fires_in_the_coach(tmp_path, policy, rule):
    firm = Firm(tmp_path, load_policy(policy))
    if rule == "store-lead-complete":
        refusal = firm.service.gate(firm.event("registered", "L", kind="lead", source="store"), "create", "tester")
        assert (refusal.rule, refusal.missing) == (rule, ["photo", "product_interest"])
        return
    if rule in REFUSED:
        gate, event = REFUSED[rule]
        firm.deal()
        firm.until("2026-02-20 10:00")
        refusal = firm.service.gate(firm.event(event), gate, "tester")
        assert refusal.rule == rule
        return
    HISTORIES[rule](firm)
    firm.until("2026-04-02 00:00" if rule.startswith("health") else "2026-02-06 12:00")
    fired = {each["rule"] for each in reading.firings(firm.store, SYSTEM) if each["event"] in ("fired", "shadow_fired")}
    assert rule in fired


COMPLIED_WITH_BEFORE = ("no-step-while-frozen", "store-lead-complete")
"""Gates that the people of the office meet before they come to the step: the stall reason is recorded with the touch before,
and a store lead is filed with what its form asks for."""


@cache
def fired_in_offices(name: str) -> set[str]:
    """Rules that fired, or refused, in offices with expenses, customers, busy desks and entries that come late."""
    document = tiny().model_dump()
    document["deals"]["expense_share"] = 0.4
    document["customers"]["per_rep"] = 12
    document["desks"] |= {"own_load": 0.8, "own_job_hours": 12}
    document["behaviour"] = {"recorded_at_best": 0.6}
    policy, scenario = load_policy(name), Scenario.model_validate(document)
    asks_nothing = edited(policy, {f"{stage.id}.requires": [] for stage in policy.stages})
    return _fired(policy, scenario) | _fired(asks_nothing, scenario)


def _fired(policy: Policy, scenario: Scenario) -> set[str]:
    office = started(policy, 4, scenario)
    office.run_until(office.now + 26 * WEEK)
    rows = written(office)
    by = rows["rule"][np.isin(rows["event"], (EVENT.fired, EVENT.shadow_fired, EVENT.refused))]
    return {policy.rules[rule].id for rule in np.unique(by) if rule >= 0}


@pytest.mark.parametrize(("policy", "rule"), RULES)
def test_it_fires_in_an_office_or_is_told_not_to(policy, rule):
    left_out = {each.rule for each in load_policy(policy).cannot_rehearse}
    assert (rule in fired_in_offices(policy)) != (rule in left_out or rule in COMPLIED_WITH_BEFORE)


def test_the_golden_hours_are_alive_in_the_sample_firm():
    policy = load_policy(SAMPLE_POLICY)
    office = Office.start(load_scenario("small"), policy, journal=True)
    office.run_until(office.now + SAMPLE_WEEKS * WEEK)
    rows = written(office)
    fired = [policy.rules[rule].id for rule in rows["rule"][rows["event"] == EVENT.fired]]
    for rule in ("first-deal-summary", "next-deal-conversation", "stall-reminder", "freeze-idle", "behind-two-weeks"):
        assert fired.count(rule) >= 5, rule
