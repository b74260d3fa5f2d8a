"""Documents beyond every limit: whatever the kind, an error of the documented kind says what is wrong, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.cli.guardrail_file import read_guardrails
from apps.cli.score import benchmark_of
from apps.gate.draft import lines_of, uploaded_policy
from coach.mapping.loader import load_mapping
from coach.rules.policy_input import policy_from
from coach.validation.document import read_guardrail_document
from policies.documents.errors import FaultyInput, PolicyError
from policies.documents.limits import MOST_BYTES, MOST_DEEP, MOST_VALUES, check_shape
from policies.documents.loader import load_policy
from policies.language.predicate import MOST_NESTED, parse_when
from scenarios.loader import load_scenario
from scenarios.roleplay.loader import load_roleplay
from tests.coach.firm import STALL, Firm
from tests.coach.signed_in import Desk


def nested(depth: int) -> str:
    return "name: x\nrules: " + "[" * depth + "]" * depth + "\n"


def laughs(levels: int = 9) -> str:
    """Aliases of aliases: few bytes that stand for ten to the power of the levels."""
    lines = ["name: x", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels)]
    return "\n".join(lines) + "\n"


BEYOND = {
    "deep": (nested(MOST_DEEP + 10), "nested too deep", "嵌套过深"),
    "very deep": (nested(5000), "nested too deep", "嵌套过深"),
    "long": ("name: x\nsummary: " + "y" * MOST_BYTES, "characters", "字符"),
    "aliases": (laughs(), "values or more", "更多的值"),
    "no YAML": ("name: [x\n", "not YAML", "不是 YAML"),
    "a number of too many digits": ("name: x\nweeks: " + "9" * 6000 + "\n", "", ""),
    "a list": ("- x\n", "no policy document", "没有制度文档"),
}
READERS = {
    "policy": load_policy,
    "scenario": load_scenario,
    "mapping": load_mapping,
    "roleplay": load_roleplay,
    "guardrails of the gate": read_guardrail_document,
    "guardrails of a verdict": read_guardrails,
    "benchmark": lambda path: benchmark_of(str(path)),
    "lines in the page": lambda path: lines_of(path.read_text(encoding="utf-8")),
    "policy in the page": lambda path: uploaded_policy(path.read_bytes()),
}


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("beyond", BEYOND)
def test_a_document_beyond_a_limit_is_told_so(tmp_path, kind, beyond):
    text, english, chinese = BEYOND[beyond]
    path = tmp_path / "document.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as caught:  # noqa: PT011 -- of two kinds, which are looked at below
        READERS[kind](path)
    assert hasattr(caught.value, "problems") or hasattr(caught.value, "en"), type(caught.value)
    if kind == "policy in the page" and beyond in ("long", "a list"):
        return  # told by the page's own limit, or as a document without its fields
    told = [
        caught.value.text(each) if hasattr(caught.value, "problems") else getattr(caught.value, each) for each in ("en", "zh")
    ]
    assert english in told[0]
    assert chinese in told[1]


@given(st.integers(1, 200), st.sampled_from(["not", "any", "all"]))
def test_conditions_may_be_nested_so_deep_and_no_deeper(depth, word):
    condition: dict = {"status": "open"}
    for _ in range(depth - 1):
        condition = {word: condition if word == "not" else [condition]}
    if depth <= MOST_NESTED:
        parse_when("opportunity", condition)
        return
    with pytest.raises(FaultyInput) as caught:
        parse_when("opportunity", condition)
    assert caught.value.faults[0].code == "too_deep"
    assert caught.value.faults[0].location[0] == word


def conditions(depth: int) -> dict:
    found: dict = {"status": "open"}
    for _ in range(depth):
        found = {"not": found}
    return found


@pytest.mark.parametrize("depth", [25, 60, 100, 450, 900])
def test_the_interface_tells_a_policy_that_is_nested_too_deep(tmp_path, depth):
    desk = Desk(Firm(tmp_path))
    document = {"name": "deep", "rules": [STALL | {"when": conditions(depth)}]}
    for path in ("/policies/preview", "/policies/activate"):
        answer = desk.ask("operations", "POST", path, json={"document": document})
        assert answer.status_code == 422, answer.text[:300]
        assert "nested too deep" in answer.json()["en"]
        assert "嵌套过深" in answer.json()["zh"]
    with pytest.raises(PolicyError):
        policy_from(None, document)


def test_values_are_counted_as_often_as_they_are_repeated():
    shared = ["x"] * 1000
    with pytest.raises(FaultyInput):
        check_shape({"a": [shared] * (MOST_VALUES // 1000 + 1)})
    check_shape({"a": [shared] * (MOST_VALUES // 1000 - 5)})
