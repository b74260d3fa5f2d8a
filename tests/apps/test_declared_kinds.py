"""Policies that declare kinds of record: written and read back, in the schema, in words, and in a form."""

import pickle

import jsonschema
import pytest

from apps.lab.conditions import Conditions
from apps.lab.draft import as_document, checked
from apps.lab.page import FOLDER
from apps.lab.rules import RulesForm
from apps.pages.texts import Speaker
from policies.checks.check import faults_in
from policies.documents.loader import load_policy, policy_yaml
from policies.documents.schema import policy_schema
from policies.language.kinds import kinds_in
from policies.language.policy import Policy
from policies.words.kind_words import bare, kind_words
from policies.words.policy_words import differences, policy_words
from tests.coach.own_records import processes

VALIDATOR = jsonschema.Draft202012Validator(policy_schema())


@pytest.mark.parametrize("name", processes())
def test_a_process_of_the_guide_is_the_same_when_it_is_written_kept_and_copied(name, tmp_path):
    policy = processes()[name]
    document = policy.model_dump(mode="json")
    assert list(VALIDATOR.iter_errors(document)) == []
    assert Policy.model_validate(document) == Policy.model_validate(policy) == policy
    file = tmp_path / "written.yaml"
    file.write_text(policy_yaml(policy), encoding="utf-8")
    assert load_policy(file) == policy
    copied = pickle.loads(pickle.dumps(policy))  # noqa: S301 - our own
    assert [rule.predicate for rule in copied.rules] == [rule.predicate for rule in policy.rules]
    assert faults_in(policy) == []


@pytest.mark.parametrize("name", processes())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_kinds_are_told_in_words_and_so_is_that_they_are_gone(name, language):
    policy = processes()[name]
    without = policy.model_copy(update={"kinds": {}, "rules": ()})
    told = policy_words(policy, language)
    for kind in policy.record_kinds.values():
        assert any(bare(kind_words(kind, language)) in each for each in told)
    assert len(differences(without, policy, language)) == len(policy.kinds) + len(policy.rules)
    assert len(differences(policy, without, language)) == len(policy.kinds) + len(policy.rules)
    assert differences(policy, policy, language) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_lab_shows_and_changes_rules_on_declared_kinds(language):
    policy, say = processes()["task-chain"], Speaker(FOLDER, language)
    document = as_document(policy)
    changes: list[None] = []
    RulesForm(say, document, lambda: changes.append(None)).draw()
    assert checked(document)[0] == policy
    rule = document["rules"][0]
    form = Conditions(say, rule, kinds_in(document)["task"], False, lambda: None, lambda: None)
    form._set(form._rows[0], 2, "3")
    changed = checked(document)[0]
    assert changed is not None
    assert changed.rules[0].when == {"waiting_for": "> 3"}


def test_titles_that_lack_a_language_are_told():
    document = processes()["our-quotes"].model_dump(mode="json")
    document["kinds"]["quote"]["fields"]["total"]["title"]["zh"] = ""
    [fault] = faults_in(Policy.model_validate(document))
    assert (fault.code, fault.location) == ("no_text", ("kinds", "quote", "fields", "total", "title"))
