"""Policies that are edited in the lab: told apart by name and title, kept, and found again by the command line."""

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.cli.main import program
from apps.lab.draft import Draft, as_document, named_apart
from apps.pages.shelves import all_policies, own_policies, policies
from policies.documents import own
from policies.documents.errors import PolicyError
from policies.documents.loader import load_policy, policy_yaml
from policies.documents.own import keep_own, own_names
from policies.language.policy import Policy
from policies.words.policy_words import differences
from scenarios.loader import load_scenario
from sim.experiment.report.page import command
from sim.experiment.running.experiment import compare
from tests.policies.stage_layouts import layouts, stages_of

BASE = "freeze-15d"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(own.platformdirs, "user_data_dir", lambda name: str(tmp_path / name))


def edited(**changes) -> Draft:
    """A question about the base, freezing after other days or with other settings."""
    document = as_document(policies()[BASE])
    document["rules"][0]["after"] = changes.pop("after", "15d")
    return Draft(today=BASE, proposed=BASE, edited=document | changes)


@given(st.integers(1, 60), st.sampled_from(["private", "public", "anonymous"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_edited_policy_goes_by_a_name_and_a_title_of_its_own(days, visibility):
    targets = as_document(policies()[BASE])["targets"] | {"visibility": visibility}
    today, tried = edited(after=f"{days}d", targets=targets).policies()
    told = {language: differences(today, tried, language) for language in ("en", "zh")}
    if not told["en"]:
        assert tried == today
        return
    assert tried.name != today.name
    assert tried.title.en != today.title.en
    assert tried.title.zh != today.title.zh
    assert len(told["en"]) == len(told["zh"]) == (days != 15) + (visibility != today.targets.visibility)
    again = named_apart(tried, tried)
    assert (again.name, again.title) == (tried.name, tried.title), "edits of edits do not pile up in the name"


@given(layouts())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_edited_policy_keeps_where_the_work_of_its_stages_lies(said):
    _, tried = edited(after="7d", stages=stages_of(said)).policies()
    assert [stage.begins_with for stage in tried.stages] == said
    keep_own(tried.name, policy_yaml(tried))
    assert as_document(load_policy(tried.name)) == as_document(tried)


def test_an_edited_policy_keeps_the_conditions_of_its_stages():
    stages = stages_of(["discovery", None])
    stages[1] |= {"enter": {"budget": ">= 500"}, "leave": {"any": [{"decision_maker": "present"}, {"amount": "< 100"}]}}
    _, tried = edited(after="7d", stages=stages).policies()
    keep_own(tried.name, policy_yaml(tried))
    again = load_policy(tried.name).stages[1]
    assert (again.enter, again.leave) == (stages[1]["enter"], stages[1]["leave"])


@given(st.integers(1, 60))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_kept_and_found_again_by_its_name(days):
    _, tried = edited(after=f"{days}d").policies()
    if tried.name in policies():
        return
    keep_own(tried.name, policy_yaml(tried))
    keep_own(tried.name, policy_yaml(tried))
    assert load_policy(tried.name) == tried
    assert tried.name in own_names()
    assert own_policies()[tried.name] == tried
    assert set(policies()) < set(all_policies())


def test_a_document_that_can_no_longer_be_read_is_left_out_and_told_by_its_name():
    keep_own("broken", "name: broken\nrules: 7\n")
    assert "broken" not in all_policies()
    with pytest.raises(PolicyError, match="rules"):
        load_policy("broken")
    with pytest.raises(PolicyError):
        load_policy("../../etc/passwd")


def test_the_verdict_says_what_differs_and_the_command_gives_it_again(tmp_path):
    today, tried = edited(after="20d").policies()
    keep_own(tried.name, policy_yaml(tried))
    verdict = compare(today, tried, load_scenario("small"), weeks=1, max_pairs=8, seed=3, threads=1)
    assert "20" in verdict.policies.differences[0].en
    assert "20" in verdict.policies.differences[0].zh
    assert verdict.policies.b.title.en in verdict.sentence.en
    words = command(verdict)
    assert words[:4] == ["rehearse", "ab", BASE, tried.name]
    out = tmp_path / "again.json"
    answer = CliRunner().invoke(program, [*words[1:], "--json", str(out), "--lang", "en"])
    assert answer.exit_code == 0, answer.output
    again = type(verdict).model_validate_json(out.read_text(encoding="utf-8"))
    assert again.policies == verdict.policies
    assert again.sentence == verdict.sentence
    assert isinstance(load_policy(tried.name), Policy)
