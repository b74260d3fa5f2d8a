"""One thing wrong in a document is told once, with file, place and remedy, in both languages."""

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from coach.mapping.document import Mapping
from coach.mapping.loader import LIBRARY as MAPPINGS
from policies.documents.errors import PolicyError
from policies.documents.loader import LIBRARY as POLICIES
from policies.documents.reading import model_in, read_file
from policies.language.policy import Policy
from scenarios.loader import LIBRARY as SCENARIOS
from scenarios.roleplay.document import Roleplay
from scenarios.roleplay.loader import LIBRARY as ROLEPLAYS
from sim.office.scenario import Scenario
from tests.mutations import mutated, mutations

KINDS = {Mapping: MAPPINGS, Policy: POLICIES, Scenario: SCENARIOS, Roleplay: ROLEPLAYS}
REMEDIES = {
    "en": ("allowed: ", "did you mean", "add it", "give one of them another"),
    "zh": ("可用：", "是否想写", "补上", "改其一"),
}


@cache
def documents(model) -> list[tuple[dict, list]]:
    """Documents of a library that stand alone, each with all its mutations."""
    read = (YAML(typ="safe").load(path.read_text(encoding="utf-8")) for path in sorted(KINDS[model].glob("*.yaml")))
    plain = [json.loads(json.dumps(each)) for each in read if "extends" not in each]  # an anchor would be changed everywhere
    return [(each, mutations(each)) for each in plain]


def problems_of(path: Path, document: dict, model) -> list:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML, a line each
    try:
        model_in(read_file(path), model)
    except PolicyError as error:
        return error.problems
    return []


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
@settings(max_examples=60)
@given(data=st.data())
def test_one_fault_is_told_once_with_its_place_and_remedy(tmp_path_factory, model, data):
    path = tmp_path_factory.getbasetemp() / f"{model.__name__}.yaml"
    document, changes = data.draw(st.sampled_from(documents(model)))
    change = data.draw(st.sampled_from(changes))
    whole = mutated(document, change)
    problems = problems_of(path, whole, model)
    emptied = isinstance(change.value, dict)  # then each key that is asked for is missing
    assert emptied or len(problems) <= 1, [each.en for each in problems]
    assert len({each.field for each in problems}) == len(problems)
    for each in problems:
        assert each.line > 1 or change.place == ("name",) or len(change.place) == 1
        assert each.en.startswith(f"{path}, line {each.line}, {each.field}: ")
        assert each.zh.startswith(f"{path} 第 {each.line} 行，{each.field}：")
        for language, remedies in REMEDIES.items():
            assert any(remedy in getattr(each, language) for remedy in remedies), getattr(each, language)
        assert str(_last_name(whole, change.place)) in each.field or emptied or len(change.place) == 1


def _last_name(document: dict, place: tuple) -> str:
    """The innermost key of the document above a place: where the author is sent must be as near as that."""
    names, inside = [""], document
    for step in place[:-1]:
        inside = inside[step]
        if isinstance(step, str):
            names.append(step)
    return names[-1]


def test_every_kind_of_change_makes_faults(tmp_path):
    """The property above is about something: of each kind of change some are wrong, whatever the document."""
    for model in KINDS:
        document, changes = documents(model)[0]
        for how in {each.how for each in changes}:
            some = [each for each in changes if each.how == how][:: max(1, len(changes) // 60)]
            assert any(problems_of(tmp_path / "m.yaml", mutated(document, each), model) for each in some), (model, how)
