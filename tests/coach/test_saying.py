"""Messages and to-dos say what the author of their rule wrote, with the record's values."""

import json

import pytest
from sqlalchemy import select

from coach import texts
from coach.messages.outbox import add_webhook
from coach.routing.words import why_words
from coach.rules.advice import today, win_shares
from coach.rules.refusing import refusal_words
from coach.store import SYSTEM, tables
from coach.store.store import Store
from tests.coach.firm import STALL, Firm, policy_of

SAYS = {
    "en": "{record} stands in {stage} at {amount}, with {discount} off, last called {last_action_at}. Plan: {custom.plan}.",
    "zh": "{record}处于{stage}，金额 {amount}，竞争对手：{competitor}。",
}
SPEAKING = STALL | {"says": SAYS, "then": [{"notify": "owner"}, {"todo": "owner"}]}


def bodies(store: Store) -> list[dict]:
    with store.read() as connection:
        return [json.loads(body) for body in connection.scalars(select(tables.outbox.c.body))]


def firm_with_a_silent_deal(tmp_path, rule: dict) -> Firm:
    firm = Firm(tmp_path, policy_of(rule))
    add_webhook(firm.store, SYSTEM, firm.now, name="chat", form="generic", url="https://chat.example/hook")
    firm.deal("7", customer="Sun Ltd", stage=3, amount=12500.0, discount=0.125, **{"custom.plan": "A-17"})
    firm.until("2026-01-13 00:00")
    return firm


@pytest.mark.system("P4")
def test_a_message_and_a_to_do_say_what_the_author_wrote_in_both_languages(tmp_path):
    firm = firm_with_a_silent_deal(tmp_path, SPEAKING)
    en = "Sun Ltd stands in Value proof at 12,500, with 12.5% off, last called 2026-01-05 09:00. Plan: A-17."
    zh = "Sun Ltd处于价值验证，金额 12,500，竞争对手：未记录。"

    (message,) = (each for each in bodies(firm.store) if each["effect"] == "notified")
    assert message["en"]["text"].splitlines() == [en, "By rule 'stall'."]
    assert message["zh"]["text"].splitlines()[0] == zh
    (todo,) = (
        each
        for each in today(firm.store, firm.service, SYSTEM, "rep-1", firm.now)["obligations"]
        if each["what"] == "todo"
    )
    assert todo["text"] == {"en": en, "zh": zh}


def test_a_rule_without_a_text_is_told_in_plain_words(tmp_path):
    firm = firm_with_a_silent_deal(tmp_path, STALL)

    assert bodies(firm.store)[0]["en"]["text"].startswith("By rule 'stall'. For an opportunity, 7 days after the last action")


def test_what_is_written_in_one_language_is_better_than_nothing_in_the_other(tmp_path):
    firm = firm_with_a_silent_deal(tmp_path, SPEAKING | {"says": {"zh": "请致电{record}。"}})

    assert bodies(firm.store)[0]["en"]["text"].splitlines()[0] == "请致电Sun Ltd。"


@pytest.mark.system("P10")
def test_a_gate_says_how_to_comply(tmp_path):
    rebate = {
        "id": "rebate-of-the-brand", "on": "opportunity", "before": "sign", "when": {"discount": "> 8%"},
        "says": {
            "en": "{discount} is beyond the brand's 8%: {record} needs a new quote.",
            "zh": "品牌上限为 8%：请为{record}重新报价。",
        },
    }  # fmt: skip
    firm = Firm(tmp_path, policy_of(rebate))
    firm.deal("7", customer="Sun Ltd", discount=0.125)
    refusal = firm.service.gate(firm.event("won", "7"), "sign", "tester")

    told = refusal_words(firm.service, refusal)
    assert told["en"].startswith("12.5% is beyond the brand's 8%: Sun Ltd needs a new quote.")
    assert told["zh"].startswith("品牌上限为 8%：请为Sun Ltd重新报价。")


@pytest.mark.system("L2")
def test_a_gate_speaks_of_what_is_not_there_yet_by_its_kind(tmp_path):
    photo = {
        "id": "photo", "on": "lead", "before": "create", "when": {"photo": "missing"},
        "says": {"en": "A lead without a photo, from {source}: take one first."},
    }  # fmt: skip
    firm = Firm(tmp_path, policy_of(photo))
    event = firm.event("registered", "L", kind="lead", source="store", customer="Moon Ltd")
    refusal = firm.service.gate(event, "create", "tester")

    told = refusal_words(firm.service, refusal, event.payload)
    assert told["en"].startswith("A lead without a photo, from a store: take one first.")


def test_nothing_is_said_of_a_share_where_no_closing_is_known_to_have_got_that_far():
    first, second = win_shares([(1.0, "lost", 3)], 2)
    assert (first.cases, second.cases) == (3, 0)
    for language in ("en", "zh"):
        told = texts.action_reasons("Second", second, "100", 45.0, None, 20, language)
        assert len(told) == 1
        assert "Second" not in told[0]


def test_a_new_rep_is_not_said_to_have_won_0_of_0_deals():
    why = {"among": 2, "won": 0, "closed": 0, "open_leads": 1, "of_industry": True}
    assert why_words("best_suited", None, why, "en").startswith(
        "Best suited of 2 who are there and have room: no closed deals of this industry yet, 1 open leads in hand."
    )
    assert "0 个" not in why_words("best_suited", None, why, "zh")


def test_wins_are_told_as_they_were_counted_and_not_as_they_are_reckoned_with():
    (share,) = win_shares([(1.0, "won", 1)], 1)
    assert share.share < 1
    told = {name: texts.action_reasons("First", share, "100", 45.0, None, 20, name)[0] for name in ("en", "zh")}
    assert told == {
        "en": "First: 1 of the 1 closed deals that got this far were won",
        "zh": "First：走到这一步的 1 个已结商机中有 1 个赢单",
    }
