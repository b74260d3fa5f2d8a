"""Stages that are told to the coach: which are taken, and what a refusal says of them."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from coach.event_rows import read_events
from coach.events import PostedEvent
from coach.mapping.importing import import_folder
from coach.mapping.loader import load_mapping
from coach.store import SYSTEM, reading
from coach.store.appending import now_ms
from policies.record.records import FIELDS
from tests.coach.firm import CONTRACT, Firm, policy_of
from tests.coach.signed_in import Desk
from tests.coach.small_crm import GOOD, MAPPING, write_deals, write_mapping
from tests.policies.stage_layouts import stages_of

pytestmark = pytest.mark.system("P1")
NOW = 1_790_000_000_000
SEVEN = policy_of(CONTRACT, name="seven", stages=stages_of([None] * 7, [["needs_summary"], ["pain_points"], ["budget"]]))
STAGED = MAPPING.replace(
    "          amount: {column: 金额, at_least: 10, why: {en: a demonstration, zh: 演示}}\n",
    "          amount: {column: 金额, at_least: 10, why: {en: a demonstration, zh: 演示}}\n"
    "          stage: {column: 阶段, values: {成交: 6, 谈判: 4, 失联: 0}}\n",
)


@pytest.fixture
def firm(tmp_path):
    opened = Firm(tmp_path, SEVEN)
    yield opened
    opened.store.close()


def stage_of(firm: Firm) -> float:
    return reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["stage"]


class TestBounds:
    @given(st.one_of(st.integers(-5, 12), st.floats(-5, 12), st.booleans(), st.just("2")))
    def test_a_stage_is_a_whole_number_from_one_on(self, told):
        row = {"source": "s", "key": "k", "event": "advanced", "kind": "opportunity", "record": "A", "acted_at": NOW,
               "payload": {"stage": told}}  # fmt: skip
        good = not isinstance(told, (bool, str)) and told >= 1 and told == int(told)
        if good:
            assert PostedEvent(**row).payload == {"stage": float(told)}
            return
        with pytest.raises(ValidationError):
            PostedEvent(**row)
        ((_, fault),) = read_events([row])[1]
        assert ("whole number" in fault.en, "整数" in fault.zh) == (True, True)

    @pytest.mark.parametrize("event", ["advanced", "field_recorded", "forecast"])
    def test_a_stage_beyond_the_last_is_not_taken_and_the_order_is_told(self, firm, event):
        firm.deal(stage=7)
        (refused,) = firm.post(event, "A", stage=8).refused
        assert all(f"Stage {number}" in refused.en and f"阶段 {number}" in refused.zh for number in range(1, 8))
        assert stage_of(firm) == 7
        assert not firm.post(event, "A", stage=7).refused

    def test_a_deal_is_not_registered_beyond_the_last_stage(self, firm):
        (refused,) = firm.post("registered", "N", stage=8).refused
        assert "stage" in refused.en
        assert not firm.post("registered", "N", stage=7).refused

    def test_what_was_recorded_under_other_stages_stays_and_is_told_again_without_fault(self, firm):
        firm.deal(stage=6)
        firm.service.activate(policy_of(name="fewer", stages=stages_of([None] * 3)), "tester")
        assert not firm.post("forecast", "A", stage=6, amount=5.0).refused
        assert not firm.post("advanced", "A", stage=5).refused
        assert stage_of(firm) == 5
        assert firm.post("advanced", "A", stage=6).refused

    def test_without_a_policy_there_is_no_last_stage(self, tmp_path):
        firm = Firm(tmp_path)
        firm.deal(stage=12)
        assert stage_of(firm) == 12
        firm.store.close()


class TestImports:
    @pytest.fixture
    def read(self, firm, tmp_path):
        mapping = load_mapping(write_mapping(tmp_path / "mapping", STAGED))

        def bring(rows):
            report = import_folder(write_deals(tmp_path / "files", rows), mapping, firm.store, now=NOW)
            firm.now = now_ms()  # the views follow when the coach next works
            firm.service.tick()
            return report

        return bring

    def test_a_stage_beyond_the_last_is_left_out_and_told_with_row_and_remedy(self, firm, read):
        firm.service.activate(policy_of(name="five"), "tester")
        report = read(GOOD)
        (remark,) = [each for each in report.remarks if each.column == "阶段"]
        assert (remark.file, remark.row, remark.found, remark.set_aside) == ("deals.csv", 2, "6", False)
        assert "Negotiation → Contract and delivery" in remark.en
        assert "`values`" in remark.zh
        stages = [reading.record(firm.store, SYSTEM, "opportunity", row[0])["values"].get("stage") for row in GOOD]
        assert stages == [None, 4.0, 4.0]
        assert sum(table.repaired for table in report.tables) == 1

    def test_all_stages_that_there_are_come_in(self, firm, read):
        assert not [each for each in read(GOOD).remarks if each.column == "阶段"]
        assert reading.record(firm.store, SYSTEM, "opportunity", GOOD[0][0])["values"]["stage"] == 6.0

    def test_a_number_that_is_no_stage_sets_the_row_aside(self, read):
        lost = ["D", "李强", "2025/03/05 09:30", "30000", "官网", "失联", "", "", "丙公司"]
        (remark,) = [each for each in read([*GOOD, lost]).remarks if each.set_aside]
        assert (remark.row, "whole number" in remark.en) == (5, True)


class TestRefusals:
    """A step that is refused says where the deal stands, what is next and what is missing, by names."""

    @staticmethod
    def asked(desk, firm, gate, event, **payload) -> dict:
        step = json.loads(firm.event(event, "A", **payload).model_dump_json())
        told = desk.ask("rep", "POST", f"/gates/{gate}", json=step)
        assert told.status_code == 409
        asked, answer = desk.ask("rep", "GET", f"/gates/{gate}/opportunity/A").json(), told.json()
        if answer["rule"] == asked["rule"]:  # else the step itself was wrong, whatever the deal lacks
            names = ("en", "zh", "stage", "next_stage")
            assert [asked[name] for name in names] == [answer[name] for name in names]
        return answer

    @pytest.mark.parametrize(("stage", "gate", "event", "told", "rule"), [
        (1, "advance", "advanced", 2, "stage"), (1, "advance", "advanced", 3, "stage_order"),
        (2, "advance", "advanced", 9, "no_such_stage"), (3, "sign", "won", None, "contract-before-signing"),
        (2, "advance", "forecast", 4, "stage_order"),
    ])  # fmt: skip
    def test_a_refusal_names_the_stage_the_next_one_and_what_is_missing(self, firm, stage, gate, event, told, rule):
        firm.deal("A", stage=stage)
        answer = self.asked(Desk(firm), firm, gate, event, **({} if told is None else {"stage": told}))
        assert answer["rule"] == rule
        assert (answer["stage"], answer["next_stage"]) == (
            {"en": f"Stage {stage}", "zh": f"阶段 {stage}"}, {"en": f"Stage {stage + 1}", "zh": f"阶段 {stage + 1}"}
        )  # fmt: skip
        fields = {each.name: each for each in FIELDS["opportunity"]}
        for language, now, following in (("en", f"in the stage Stage {stage};", f"Stage {stage + 1}"),
                                         ("zh", f"处于“阶段 {stage}”", f"“阶段 {stage + 1}”")):  # fmt: skip
            assert now in answer[language]
            assert following in answer[language]
            assert not any(re.search(rf"\b{name}\b", answer[language]) for name in fields if "_" in name)
        assert all(fields[name].zh in answer["zh"] for name in answer["missing"])

    @pytest.mark.parametrize(("stage", "words"), [(7, "the last stage, Stage 7"), (None, "the first one is Stage 1")])
    def test_the_last_stage_and_no_stage_are_told_as_such(self, firm, stage, words):
        firm.deal("A", stage=stage)
        assert words in self.asked(Desk(firm), firm, "sign", "won")["en"]


class TestInstants:
    def test_a_recorded_at_of_null_is_the_instant_of_receipt(self, firm):
        firm.deal()
        row = json.loads(firm.event("contact", "A").model_dump_json())
        assert row["recorded_at"] is None
        firm.now += 60_000
        told = Desk(firm).ask("operations", "POST", "/events", json={"events": [row]}).json()
        assert (told["accepted"], told["refused"]) == (1, [])
        events = reading.history(firm.store, SYSTEM, "opportunity", "A")["events"]
        assert [each["recorded_at"] for each in events if each["key"] == row["key"]] == [firm.now]

    def test_an_acted_at_of_null_is_refused_and_told_which_of_the_two_may_be_null(self, firm):
        row = json.loads(firm.event("contact", "A").model_dump_json()) | {"acted_at": None}
        ((_, fault),) = read_events([row])[1]
        assert "recorded_at" in fault.en
        assert "recorded_at" in fault.zh
