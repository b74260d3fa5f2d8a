"""Policies in plain words: whatever they say is said, in both languages, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.documents.loader import edited, library_names, load_policy
from policies.language.policy import Policy, Rule
from policies.record.records import ACTOR_EVENTS, DESKS, FIELDS, FLAGS, GATES, PERIODS, ROLES
from policies.words.policy_words import differences, policy_words, rule_words
from policies.words.rule_words import field_label
from policies.words.texts import FAULTS
from policies.words.vocabulary import CHOICES, EFFECTS, FLAG_WORDS, SENTENCES

LANGUAGES = ("en", "zh")
BASE = load_policy("monthly-private")


def leaves(model, prefix=""):
    for name in type(model).model_fields:
        value = getattr(model, name)
        if hasattr(type(value), "model_fields"):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


OTHER_VALUE = {
    "expenses.approval": "on_record", "guidance.action_cards": True,
    "targets.cadence": "weekly", "targets.visibility": "public", "targets.level.method": "fixed",
    "targets.level.seasonal": False, "targets.level.market_correction": "7%",
    "targets.level.market_by_region": {"North": "-5%"}, "targets.elasticity.evidence": "none",
    "targets.elasticity.approved_by": ["manager"], "targets.elasticity.per_quarter": 2, "targets.moves.reviewed": "week",
    "targets.moves.decided_by": "director", "targets.moves.gives_from": 2, "targets.moves.leads_share": 0.5,
    "routing.registration": "manual",
    "routing.method": "pool", "routing.assigned_by": "coach", "pay.commission": "4%", "pay.period": "quarterly",
    "notices.deputy": True, "recording.programme_days": 21,
    "discount.authority": "3%", "discount.max": "33%",
}  # fmt: skip


class TestDifferences:
    @pytest.mark.parametrize(
        ("new", "english", "chinese"),
        [
            ("weekly-private", ["Targets are set weekly instead of monthly."], ["目标周期：每周（原为每月）。"]),
            ("linear-pay", [
                "Commission is 3% instead of 2.5% of what is sold.",
                "The bonus at target is 0 instead of 2,000 per month.",
                "Above target the commission is 1 × instead of 1.5 × the usual.",
            ], ["提成比例：3%（原为2.5%）。", "每月达标奖金：0（原为2,000）。", "超过目标后的提成倍数：1 倍（原为1.5 倍）。"]),
            ("manual-routing", [
                "Leads are entered by hand instead of by themselves.",
                "A new lead goes to the rep that the manager chooses instead of the next rep in turn.",
                "A lead is assigned within 17.3 hours instead of 2 hours.",
                "Real leads without an owner are given out by the coach instead of the system that they come from.",
            ], ["线索登记方式：人工（原为自动）。", "新线索分配给：经理指定的销售（原为轮到的销售）。",
                "线索分配时限：17.3 小时（原为2 小时）。", "无负责人的真实线索的分配者：教练（原为来源系统）。"]),
        ],
    )  # fmt: skip
    def test_a_sales_manager_can_read_them(self, new, english, chinese):
        assert differences(BASE, load_policy(new), "en") == english
        assert differences(BASE, load_policy(new), "zh") == chinese

    @pytest.mark.parametrize("path", [path for path in leaves(BASE) if path in SENTENCES])
    def test_a_change_of_any_setting_is_one_sentence(self, path):
        quiet = {"notices.quiet_from": "22:00", "notices.quiet_to": "07:00"}
        other = edited(BASE, quiet if path in quiet else {path: OTHER_VALUE.get(path, 1)})

        for language in LANGUAGES:
            opening = SENTENCES[path][LANGUAGES.index(language)].split("{}")[0]
            said = [sentence for sentence in differences(BASE, other, language) if sentence.startswith(opening)]
            assert len(said) == 1
            assert differences(other, BASE, language) != differences(BASE, other, language)

    def test_every_setting_of_a_policy_has_a_sentence(self):
        told_elsewhere = {
            "name",
            "extends",
            "title.en",
            "title.zh",
            "summary.en",
            "summary.zh",
            "stages",
            "kinds",
            "calendars",
            "rules",
            "guardrails",
        }

        assert set(leaves(BASE)) == set(SENTENCES) | told_elsewhere

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", library_names())
    def test_a_policy_differs_from_itself_in_nothing_and_from_every_other_in_something(self, name, language):
        policy = load_policy(name)

        assert differences(policy, policy, language) == []
        assert name == BASE.name or differences(BASE, policy, language)

    def test_no_targets_is_a_sentence_of_its_own(self):
        assert differences(BASE, load_policy("no-targets"), "en")[0] == "There are no targets."
        assert differences(BASE, load_policy("no-targets"), "zh")[0] == "不设目标。"

    @pytest.mark.parametrize(
        ("old", "new", "english", "chinese"),
        [
            ("freeze-15d", "freeze-7d", "Rule 'freeze-idle' acts after 7 days instead of 15 days.",
             "规则“freeze-idle”的等待时间：7 天（原为15 天）。"),
            ("freeze-15d", "freeze-shadow", "Rule 'freeze-idle' is in shadow instead of live.",
             "规则“freeze-idle”的状态：试运行（原为启用）。"),
        ],
    )  # fmt: skip
    def test_a_rule_that_changed_in_one_thing_says_only_that(self, old, new, english, chinese):
        assert differences(load_policy(old), load_policy(new), "en") == [english]
        assert differences(load_policy(old), load_policy(new), "zh") == [chinese]

    def test_rules_come_and_go(self):
        freeze = load_policy("freeze-15d")

        assert differences(BASE, freeze, "en")[0].startswith("New rule 'freeze-idle': For an opportunity, 15 days after")
        assert differences(freeze, BASE, "en")[0].startswith("Rule 'freeze-idle' is gone: ")
        assert differences(freeze, BASE, "zh")[0].startswith("取消规则“freeze-idle”：")

    def test_the_order_of_rules_matters_and_is_told(self):
        golden = load_policy("golden-48h")
        turned = golden.model_copy(update={"rules": golden.rules[::-1]})

        assert differences(golden, turned, "en") == ["The rules come in another order."]

    def test_stages_and_what_they_ask(self):
        first = BASE.stages[0].model_copy(update={"requires": ("budget",)})
        changed = BASE.model_copy(update={"stages": (first, *BASE.stages[1:])})

        assert differences(BASE, changed, "en") == [
            "To leave the stage Needs discovery, the customer's budget must be recorded.",
            "To leave the stage Needs discovery, the needs summary need no longer be recorded.",
        ]

    def test_guardrails_take_the_callers_names_of_metrics(self):
        guarded = Policy.model_validate(
            {**BASE.model_dump(), "guardrails": [{"metric": "turnover", "worse_by_at_most": "10%"}]}
        )

        assert differences(BASE, guarded, "zh", metric_name={"turnover": "离职率"}.get) == ["底线：离职率最多变差 10%。"]
        assert differences(guarded, BASE, "en") == ["There is no longer a guardrail on turnover."]

    @given(st.data())
    def test_swapping_the_two_says_as_many_things(self, data):
        names = st.sampled_from(library_names())
        old, new = load_policy(data.draw(names)), load_policy(data.draw(names))

        assert len(differences(old, new, "en")) == len(differences(new, old, "en")) == len(differences(old, new, "zh"))


class TestRules:
    @pytest.mark.parametrize(
        ("policy", "rule", "english", "chinese"),
        [
            ("freeze-15d", "freeze-idle",
             "For an opportunity, 15 days after the last action or the reactivation, whichever is later, if it is open and it "
             "is not frozen: it is frozen; it cannot advance or be signed until the stall reason is recorded.",
             "商机：自最近动作时间或重新激活时间（取最晚者）起满 15 天，若商机状态为进行中且未冻结："
             "冻结；填写停滞原因之前不得推进或签约。"),
            ("behind-pace", "behind-two-weeks",
             "For a rep, team or region, at the end of each week, if the shortfall against pace is above 20%, 2 times in a "
             "row: it is flagged red; the manager is notified.",
             "个人、团队或区域：每周结束时，若落后进度高于20%，且连续 2 次：标为红色；通知经理。"),
            ("full-playbook", "contract-before-signing",
             "For an opportunity, signing is refused while the contract file is not recorded.",
             "商机，若合同文件未记录：拒绝签约。"),
        ],
    )  # fmt: skip
    def test_each_kind_of_rule_reads_as_a_sentence(self, policy, rule, english, chinese):
        assert rule_words(load_policy(policy).rule(rule), "en") == english
        assert rule_words(load_policy(policy).rule(rule), "zh") == chinese

    def test_one_of_a_kind_is_singular(self):
        rule = Rule(id="r", on="lead", since="assigned_at", after="1bd", then=["reroute"])

        assert rule_words(rule, "en") == "For a lead, 1 business day after the assignment: it is given to another rep."

    def test_mode_exemptions_and_catching_up_are_said(self):
        rule = Rule(
            id="r", on="lead", since="assigned_at", then=["freeze"], mode="shadow", exempt=["north"], activate="catch_up"
        )

        assert rule_words(rule, "en").endswith("(in shadow: only journalled). Exempt: north. It also catches up on the past.")
        assert rule_words(rule, "zh").endswith("（试运行：只记录）。不适用于：north。启用时补算过去。")

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", library_names())
    def test_no_raw_names_reach_the_reader(self, name, language):
        for sentence in policy_words(load_policy(name), language):
            assert "_" not in sentence
            assert "{" not in sentence
            if language == "en":
                assert sentence.isascii() or "→" in sentence or "×" in sentence

    def test_every_choice_flag_and_effect_has_words(self):
        choices = {choice for fields in FIELDS.values() for field in fields for choice in field.choices}
        flags = {field.name for fields in FIELDS.values() for field in fields if field.type == "flag"}

        assert choices | {*ROLES, *GATES, *PERIODS, *DESKS, *FLAGS} <= set(CHOICES)
        assert flags == set(FLAG_WORDS)
        assert not set(EFFECTS) & set(ACTOR_EVENTS)

    @pytest.mark.parametrize("kind", FIELDS)
    def test_every_field_has_a_name_in_both_languages(self, kind):
        for field in FIELDS[kind]:
            assert field_label(kind, field.name, "en").isascii()
            assert not field_label(kind, field.name, "zh").isascii()


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_is_said_in_both_languages_with_the_same_blanks(code):
    english, chinese = FAULTS[code]["en"], FAULTS[code]["zh"]

    assert not chinese.isascii()
    assert {blank for blank in ("{found}", "{about}") if blank in english} == {
        blank for blank in ("{found}", "{about}") if blank in chinese
    }
