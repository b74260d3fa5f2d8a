"""`rehearse parity` runs an office in which the policy's own records come up, and names rules that never did."""

import json

import pytest
from click.testing import CliRunner

from apps.cli.parity import parity_command
from tests.coach.own_records import GUIDE

pytestmark = pytest.mark.parity


def ran(tmp_path, *arguments: str) -> dict:
    """What `rehearse parity` of the guide's chain of tasks tells."""
    text = GUIDE.read_text(encoding="utf-8")
    start = text.index("name: task-chain")
    policy, told = tmp_path / "chain.yaml", tmp_path / "told.json"
    policy.write_text(text[start : text.index("```", start)], encoding="utf-8")
    asked = [str(policy), *arguments, "--json", str(told)]
    CliRunner().invoke(parity_command, asked, catch_exceptions=False, standalone_mode=False)
    return json.loads(told.read_text(encoding="utf-8"))


def test_a_policy_whose_kinds_play_something_is_run_where_they_come_up(tmp_path):
    told = ran(tmp_path, "--weeks", "14")
    assert (told["missing"], told["extra"], told["never_came_up"]) == ([], [], [])
    assert told["same"] > 0


def test_rules_that_never_come_up_are_named(tmp_path):
    told = ran(tmp_path, "--scenario", "small", "--weeks", "1")
    assert told["never_came_up"] == ["predecessors-first", "three-days-each"]
