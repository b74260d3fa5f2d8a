"""What may be posted: actor events only, ids as texts, instants with their zone, values that fit their field."""

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from coach.event_rows import read_events
from coach.events import OWN_SOURCES, PostedEvent, as_number, said_of
from coach.mapping.importing import read_folder
from coach.mapping.loader import load_mapping
from coach.offering import pages
from coach.routing import handing_over as hand_over
from coach.routing import router
from coach.rules import following_up
from coach.scoring import recording
from coach.signals import flagging
from coach.store import planned_absences, pricing
from coach.targets import due
from policies.record.texts import text_number
from tests.coach.firm import Firm, policy_of
from tests.coach.signed_in import Desk
from tests.coach.small_crm import GOOD, MAPPING, write_deals, write_mapping

DAY = 86_400_000
NOON = 1_767_225_600_000
WHOLE = {
    "source": "crm",
    "key": "1",
    "event": "registered",
    "kind": "opportunity",
    "record": "4520000001234567890",
    "acted_at": NOON,
}


def posted(**changes) -> PostedEvent:
    return PostedEvent.model_validate({**WHOLE, **changes})


def fault(**changes) -> tuple[str, str]:
    events, faults = read_events([{**WHOLE, **changes}])
    assert events == []
    return faults[0][1].en, faults[0][1].zh


def test_a_record_of_nineteen_digits_keeps_them_all():
    assert posted().record == "4520000001234567890"
    assert "quotes" in fault(record=4520000001234567890)[0]


def test_an_instant_may_be_written_with_its_zone_but_not_without():
    assert posted(acted_at="2026-01-01T08:00:00+08:00").acted_at == NOON
    en, zh = fault(acted_at="2026-01-01T08:00:00")
    assert "offset" in en
    assert "时区" in zh


@pytest.mark.parametrize("event", ["fired", "frozen", "refused", "todo_opened"])
def test_effects_of_rules_are_never_posted(event):
    en, zh = fault(event=event)
    assert "computed" in en
    assert "不能提交" in zh


@pytest.mark.parametrize("payload", [{"days_idle": 3}, {"required": 1}])
def test_derived_fields_are_never_posted(payload):
    assert "computed" in fault(payload=payload)[0]


@pytest.mark.parametrize("amount", [-5, -5.5])
def test_a_deal_has_not_cost_less_than_nothing(amount):
    assert "below nothing" in fault(event="spent", payload={"expenses": amount})[0]


@pytest.mark.parametrize("event", ["viewed", "field_recorded"])
@pytest.mark.parametrize("minutes", [-5, -0.01, 1440.5, 1e12])
def test_nobody_looks_for_less_than_no_time_or_for_more_than_a_day(event, minutes):
    en, zh = fault(event=event, payload={"view_minutes": minutes})
    assert "'view_minutes' must lie between 0 and 1,440" in en
    assert "“view_minutes”须在 0 与 1,440 之间" in zh


@pytest.mark.parametrize("minutes", [0, 2.5, 1440, None])
def test_a_look_of_up_to_a_day_is_taken(minutes):
    assert posted(event="viewed", payload={"view_minutes": minutes}).payload["view_minutes"] == minutes


@pytest.mark.parametrize(
    ("written", "kept"), [(0.3, 0.3), ("30%", 0.3), ("0.3", 0.3), (1, 1.0), (-0.05, -0.05), ("-5 %", -0.05)]
)
def test_a_share_is_taken_as_a_number_or_with_its_percent_sign(written, kept):
    assert posted(payload={"discount": written}).payload == {"discount": kept}


@pytest.mark.parametrize("name", ["discount", "custom.document_open_rate"])
def test_30_is_no_share_but_meant_as_30_percent(name):
    for told in (fault(payload={name: 30}), _fault_in_a_row({name: 30.0})):
        assert all("30%" in each and name in each for each in told)
    assert "百分号" in told[1]


def _fault_in_a_row(payload) -> tuple[str, str]:
    """What is said of one among many rows."""
    events, ((position, found),) = read_events([WHOLE, {**WHOLE, "key": "2", "payload": payload}])
    assert (len(events), position) == (1, 1)
    return found.en, found.zh


def test_a_file_with_shares_in_whole_numbers_names_the_row_and_the_column(tmp_path):
    text = MAPPING.replace("          owner: 负责人\n", "          owner: 负责人\n          discount: 客户\n")
    rows = [[*GOOD[0][:-1], "12%"], [*GOOD[1][:-1], "30"]]
    files = write_deals(tmp_path / "files", rows)
    reading = read_folder(files, load_mapping(write_mapping(tmp_path, text)), now=NOON, exported_at="2025-06-30")
    assert [each.payload["discount"] for each in reading.events if "discount" in each.payload] == [0.12]
    (told,) = [each for each in reading.remarks if "discount" in each.en]
    assert (told.file, told.row) == ("deals.csv", 3)
    assert "'30' without a percent sign is 30 times the whole; allowed: a share such as 20% or 0.2" in told.en


def test_a_wrong_name_is_told_with_the_nearest_right_one():
    assert "'registered'" in fault(event="registred")[0]
    assert "'amount'" in fault(payload={"amuont": 3})[0]


def test_choices_are_kept_by_name_and_stand_as_their_position():
    kept = posted(payload={"source": 1, "status": "won"}).payload
    assert kept == {"source": "referral", "status": "won"}
    assert [as_number("opportunity", name, value) for name, value in kept.items()] == [1.0, 1.0]


def test_texts_are_kept_and_stand_as_the_same_number_everywhere():
    kept = posted(payload={"needs_summary": "要一台更快的机器"}).payload
    assert kept == {"needs_summary": "要一台更快的机器"}
    assert as_number("opportunity", "needs_summary", kept["needs_summary"]) == text_number("要一台更快的机器") > 0


def test_an_empty_text_is_a_missing_value():
    assert posted(payload={"needs_summary": "  "}).payload == {"needs_summary": None}
    assert as_number("opportunity", "needs_summary", None) != as_number("opportunity", "needs_summary", None)


@pytest.mark.parametrize(
    "changes",
    [{"acted_at": 1_767_225_600}, {"payload": {"amount": float("inf")}}, {"payload": {"amount": "much"}}, {"key": "a\x00b"},
     {"record": "\ud800"}, {"voids": "1"}, {"event": "voided"}, {"recorded_at": NOON - DAY}, {"colour": "red"}, {"record": ""}],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_in_both_languages(changes):
    en, zh = fault(**changes)
    assert en.isascii()
    assert not zh.isascii()


def test_custom_fields_that_scores_read_hold_what_scores_look_for():
    told = {"custom.question_asked_at": "2026-03-02T10:00:00+08:00", "custom.recommend": 9, "custom.phone": "13800001111"}
    assert posted(payload=told).payload == told | {"custom.question_asked_at": 1_772_416_800_000.0}
    assert "must be a finite number" in fault(payload={"custom.recommend": "nine"})[0]
    assert "时区" in fault(payload={"custom.question_asked_at": "2026-03-02T10:00:00"})[1]


TEXTS = st.sampled_from(["1", "", " ", "Ann", "a\x00b", "\ud800", "x" * 200, "x" * 201, "客户", "100 EUR", "\u2003"])
VALUES = st.sampled_from(
    [0.0, -1.5, 3, True, None, float("nan"), 1e16, 10**400, [1], "won", "100 EUR", "much", "", "a\x01", "x" * 5000]
)
FIELDS = st.sampled_from(
    [
        "amount",
        "stage",
        "custom.a",
        "custom.",
        "custom.recommend",
        "status",
        "owner",
        "close_at",
        "days_idle",
        "currency",
        "nonsense",
        3,
    ]
)
ODD = {
    "source": TEXTS, "key": TEXTS | st.just(3), "event": st.sampled_from(["registered", "won", "voided", "fired", 3]),
    "kind": st.sampled_from(["lead", "unit", "request", "thing", 3]), "record": TEXTS | st.just(3), "unit": TEXTS | st.none(),
    "acted_at": st.sampled_from([NOON, NOON + 1, 1, 5_000_000_000_000, "2026-01-01T08:00:00Z", True, 1.5]),
    "recorded_at": st.sampled_from([None, NOON, NOON - 1, 5_000_000_000_000, "2026-01-01T08:00:00Z"]),
    "payload": st.dictionaries(FIELDS, VALUES, max_size=3) | st.just([]), "dated": st.sampled_from([True, False, 1, "no"]),
    "voids": st.sampled_from([None, "1"]), "intent": st.sampled_from([None, "sign"]), "colour": st.just("red"),
    "not_the_same": st.sampled_from([[], ["1"], "1"]),
}  # fmt: skip


@given(changes=st.fixed_dictionaries({}, optional=ODD))
def test_many_rows_are_read_as_the_model_reads_each(changes):
    row = {**WHOLE, **changes}
    events, _ = read_events([row, row])
    try:
        alone = PostedEvent.model_validate(row)
    except ValidationError:
        assert events == []
        return
    assert events == [alone, alone]
    assert {each.model_dump_json(exclude_unset=True) for each in events} == {alone.model_dump_json(exclude_unset=True)}
    assert repr(events[0]) == repr(alone)


def test_nobody_speaks_in_the_coachs_own_name_so_that_what_it_records_always_finds_its_place(tmp_path):
    firm = Firm(tmp_path, policy_of(routing={"assigned_by": "coach", "method": "round_robin", "within_minutes": 0}))
    desk = Desk(firm)
    firm.deal("A")
    for role in ("rep", "manager", "operations", "admin"):
        for source in OWN_SOURCES:
            event = firm.event("contact", "A", key="1").model_copy(update={"source": source}).model_dump(mode="json")
            told = desk.ask(role, "POST", "/events", json={"events": [event]}).json()
            assert told["accepted"] == 0
            assert source in told["refused"][0]["zh"]
    firm.post("registered", "L", kind="lead", source="website")
    firm.until("2026-01-05 12:00")
    assert desk.ask("admin", "GET", "/records/lead/L").json()["unit"] in ("rep-1", "rep-2")


def test_the_coachs_own_sources_are_those_in_whose_name_it_records():
    named = (hand_over, pages, router, following_up, due, flagging, recording, pricing, planned_absences)
    own = {each.SOURCE for each in named}
    assert own == set(OWN_SOURCES)


@pytest.mark.parametrize(
    ("kind", "bounds", "wrong"),
    [
        (int, {"ge": 7}, 6), (int, {"gt": 7}, 7), (int, {"le": 7}, 8), (int, {"lt": 7}, 7), (str, {"max_length": 7}, "a" * 8),
        (str, {"min_length": 7}, "a"), (list, {"max_length": 7}, [0] * 8), (list, {"min_length": 7}, []),
    ],
)  # fmt: skip
def test_a_bound_is_told_in_both_languages(kind: Any, bounds, wrong):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Annotated[kind, Field(**bounds)]).validate_python(wrong)
    assert all("7" in told for told in said_of(refused.value.errors()[0]))
