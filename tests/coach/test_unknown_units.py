"""A rule that exempts a unit which does not exist exempts nobody, and whoever previews, validates or activates it is told."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.rules import approving
from coach.rules.unknown_units import unknown_units
from coach.store import SYSTEM
from tests.coach.firm import CONTRACT, FREEZE, Firm, policy_of

UNITS = ("company", "team-1", "rep-1", "rep-2")
SLIPS = {"Team-1": "team-1", " rep-1": "rep-1", "rep2": "rep-2", "compnay": "company", "严重不同": ""}


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    firm = Firm(tmp_path_factory.mktemp("firm"))
    firm.deal("A", "rep-1")
    firm.now += 40 * 86_400_000
    yield firm
    firm.store.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from([FREEZE, CONTRACT]), mode=st.sampled_from(["live", "shadow", "off"]),
    exempt=st.lists(st.sampled_from([*UNITS, *SLIPS]), max_size=4, unique=True),
)  # fmt: skip
def test_unknown_names_and_no_others_are_told_with_the_nearest(firm, rule, mode, exempt):
    policy = policy_of(rule | {"exempt": exempt, "mode": mode})
    wrong = [name for name in exempt if name in SLIPS]
    with firm.store.read() as connection:
        faults = unknown_units(connection, policy)
    assert [(each.found, each.nearest) for each in faults] == [(name, SLIPS[name]) for name in wrong]

    told = [sentence for each in firm.service.preview(policy) for sentence in each.unknown]
    assert len(told) == len(wrong)
    for sentences, name in zip(told, wrong, strict=True):
        for language, sentence in sentences.items():
            assert name in sentence
            assert rule["id"] in sentence
            assert SLIPS[name] in sentence, language
        assert sentences["zh"] != sentences["en"]

    outcome = approving.put_in_force(firm.service, SYSTEM, policy, reason="to see")
    assert outcome.unknown == told
    assert outcome.document()["unknown"] == told
