"""Documents: what the loader says about a faulty one, how one extends another, and that nothing is lost on the way back."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.documents.errors import PolicyError
from policies.documents.loader import edited, library_names, load_document, load_policy, policy_yaml
from policies.language.policy import Policy, Rule
from policies.language.target_sections import Targets
from policies.words.texts import FAULTS
from tests.policies.faulty_documents import CASES, HEAD, NOTICE, RULE, TIMED

load_policy_once = cache(load_policy)


def written(folder, body, name="mine"):
    path = folder / f"{name}.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    return path


def problems_of(path):
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    return caught.value.problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.field}")
def test_an_error_names_file_line_field_what_was_found_what_is_allowed_and_the_nearest_name(tmp_path, case):
    path = written(tmp_path, case.body)

    (problem,) = problems_of(path)

    assert problem.file == str(path)
    assert (problem.line, problem.field, problem.found) == (case.line, case.field, case.found)
    assert case.allowed in problem.allowed
    assert problem.nearest == case.nearest


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.field}")
def test_an_error_says_the_same_in_english_and_chinese(tmp_path, case):
    path = written(tmp_path, case.body)

    (problem,) = problems_of(path)

    assert problem.en.startswith(f"{path}, line {case.line}, {case.field}: ")
    assert problem.zh.startswith(f"{path} 第 {case.line} 行，{case.field}：")
    for language, sentence in (("en", problem.en), ("zh", problem.zh)):
        opening = FAULTS[case.code][language].split("{")[0]
        assert opening in sentence
        assert case.nearest in sentence
        assert "{" not in FAULTS[case.code][language].format(found="", about="")


def test_every_sentence_about_documents_has_a_case_here_or_among_the_checks():
    checked_elsewhere = {
        "too_many_rules", "no_such_setting", "unreachable", "until_always", "rests_always",
        "never_lifted", "escalation_before_notice", "never_recorded",
        "never_passed", "first_not_entered",
        "no_such_stage", "no_text", "unknown_unit", "unknown_calendar", "unknown_owner", "not_yaml", "not_a_document",
        "no_such_scenario",
        "more_than", "too_long", "too_deep", "too_many_values", "not_above", "of_milestones", "payments_sum", "listed_twice",
        "no_such_step",
    }  # fmt: skip

    assert {case.code for case in CASES} | checked_elsewhere == set(FAULTS)


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path):
    path = written(
        tmp_path, "targets: {cadence: weekley}\npay: {bonus: much}\n" + RULE + "    since: nowhere\n    then: [freez]\n"
    )

    problems = problems_of(path)

    assert [problem.line for problem in problems] == [4, 5, 9, 10]


def test_a_file_that_is_not_yaml_names_the_line(tmp_path):
    (problem,) = problems_of(written(tmp_path, "pay: {bonus: 3\nrules: []\n"))

    assert problem.line == 5
    assert "not YAML" in problem.en
    assert "不是 YAML" in problem.zh


def test_a_key_given_twice_is_an_error(tmp_path):
    (problem,) = problems_of(written(tmp_path, "pay: {bonus: 3}\npay: {bonus: 4}\n"))

    assert (problem.line, "duplicate" in problem.en) == (5, True)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words"])
def test_a_file_without_a_document_is_an_error(tmp_path, text):
    path = tmp_path / "empty.yaml"
    path.write_text(text, encoding="utf-8")

    (problem,) = problems_of(path)

    assert "no policy document" in problem.en


def test_an_unknown_name_gives_the_nearest_in_the_library():
    (problem,) = problems_of("wekly-public")

    assert problem.nearest == "weekly-public"
    assert "weekly-public" in problem.zh


def test_more_rules_than_a_mask_holds_are_an_error(tmp_path):
    rules = "".join(f"  - {{id: r{n}, on: lead, since: assigned_at, then: [{{notify: owner}}]}}\n" for n in range(63))

    (problem,) = problems_of(written(tmp_path, "rules:\n" + rules))

    assert (problem.line, problem.found, problem.allowed) == (4, "63", "<= 62")
    assert load_policy(written(tmp_path, "rules:\n" + "".join(rules.splitlines(keepends=True)[:62])))


def test_a_fault_that_was_inherited_is_told_where_it_stands(tmp_path):
    base = written(tmp_path, "pay: {bonus: much}\n", "base")
    child = written(tmp_path, "extends: base.yaml\ntargets: {cadence: wekly}\n", "child")

    assert {(problem.file, problem.line) for problem in problems_of(child)} == {(str(base), 4), (str(child), 5)}


class TestExtending:
    def test_settings_merge_deeply(self, tmp_path):
        base = load_policy("monthly-private")
        policy = load_policy(written(tmp_path, "extends: monthly-private\ntargets: {level: {stretch: 1.2}}\n"))

        assert policy.targets.level == base.targets.level.model_copy(update={"stretch": 1.2})
        assert policy.pay == base.pay

    def test_the_name_and_the_texts_are_never_inherited(self, tmp_path):
        path = tmp_path / "nameless.yaml"
        path.write_text("extends: monthly-private\n", encoding="utf-8")

        assert [problem.field for problem in problems_of(path)] == ["name"]

    def test_a_rule_with_a_known_id_replaces_the_keys_it_gives(self, tmp_path):
        base = load_policy("freeze-15d").rule("freeze-idle")
        policy = load_policy(
            written(tmp_path, "extends: freeze-15d\nrules:\n  - {id: freeze-idle, mode: off, when: {status: open}}\n")
        )

        assert policy.rule("freeze-idle") == base.model_copy(update={"mode": "off", "when": {"status": "open"}})

    def test_new_rules_come_after_the_inherited_ones(self, tmp_path):
        policy = load_policy(written(tmp_path, "extends: freeze-15d\n" + TIMED + NOTICE))

        assert [rule.id for rule in policy.rules] == ["freeze-idle", "remind"]

    def test_rules_can_be_dropped(self, tmp_path):
        policy = load_policy(written(tmp_path, "extends: golden-48h\ndrop_rules: [first-summary]\n"))

        assert [rule.id for rule in policy.rules] == ["next-conversation", "first-deal-summary", "next-deal-conversation"]

    def test_dropping_rules_without_extending_is_an_unknown_key(self, tmp_path):
        (problem,) = problems_of(written(tmp_path, "drop_rules: [a]\n"))

        assert (problem.field, problem.line) == ("drop_rules", 4)

    def test_extending_goes_on_over_several_files_relative_to_each(self, tmp_path):
        (tmp_path / "below").mkdir()
        written(tmp_path, "extends: freeze-7d\npay: {bonus: 1}\n", "base")
        policy = load_policy(written(tmp_path / "below", "extends: ../base.yaml\n"))

        assert (policy.pay.bonus, policy.rule("freeze-idle").after) == (1, "7d")


class TestEditing:
    def test_a_rule_and_a_section_are_edited_by_path(self):
        policy = edited(load_policy("freeze-15d"), {"freeze-idle.after": "7d", "pay.commission": "3%"})

        assert (policy.rule("freeze-idle").after, policy.pay.commission) == ("7d", 0.03)

    @pytest.mark.parametrize(
        ("path", "nearest"),
        [("pay.comission", "commission"), ("freeze-idel.after", "freeze-idle"), ("freeze-idle.aftr", "after")],
    )
    def test_an_unknown_path_gives_the_nearest_name(self, path, nearest):
        with pytest.raises(PolicyError) as caught:
            edited(load_policy("freeze-15d"), {path: 1})

        (problem,) = caught.value.problems
        assert (problem.found, problem.nearest) == (path, nearest)
        assert "没有名为" in problem.zh

    def test_a_value_out_of_bounds_is_told(self):
        with pytest.raises(PolicyError, match=r"pay\.commission.*out of bounds"):
            edited(load_policy("freeze-15d"), {"pay.commission": 9})

    @settings(max_examples=25, deadline=None)
    @given(days=st.integers(0, 3000))
    def test_editing_back_gives_the_policy_again(self, days):
        policy = load_policy("freeze-15d")

        changed = edited(policy, {"freeze-idle.after": f"{days}d"})

        assert (changed == policy) == (days == 15)
        assert edited(changed, {"freeze-idle.after": "15d"}) == policy


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["15d", "> 5", "missing", "status", "red", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["any", "not", "status", "latest", "flag", "set", "id", "en", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
PLACES = [*Policy.model_fields, *(f"targets.{name}" for name in Targets.model_fields)]


@given(place=st.sampled_from(PLACES), rule_place=st.sampled_from(list(Rule.model_fields)), value=ANYTHING)
def test_whatever_stands_in_a_document_it_is_read_or_refused_with_its_problems(place, rule_place, value):
    changes = {place: value, "freeze-idle." + rule_place: value}
    problems = None
    try:
        edited(load_policy_once("freeze-15d"), changes)
    except PolicyError as error:
        problems = error.problems

    assert problems is None or all(problem.en and problem.zh for problem in problems)
    assert problems != []


@pytest.mark.parametrize("name", library_names())
def test_writing_a_policy_and_reading_it_back_changes_nothing(tmp_path, name):
    policy = load_policy(name)
    path = tmp_path / "again.yaml"
    path.write_text(policy_yaml(policy), encoding="utf-8")

    assert load_policy(path) == policy.model_copy(update={"extends": None})


def test_the_document_knows_the_line_of_every_rule():
    policy, document = load_document("full-playbook")
    lines = [document.nearest(("rules", position)).line for position in range(len(policy.rules))]

    assert lines == sorted(lines)
    assert len(set(lines)) == len(lines)
