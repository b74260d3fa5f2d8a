"""Rules whose effects can make each other due with no time passing.

`after` counts from `since`, not from an effect: once it has elapsed, a rule is due at the instant at which its `when`
turns true. So any timed rule that writes what another one reads may set it off at once, unless the constant that it
writes makes the other's `when` false.
"""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from policies.checks.satisfiable import verdict
from policies.documents.errors import Fault
from policies.language.effects import Effect
from policies.language.policy import Policy
from policies.language.predicate import comparisons
from policies.language.rule import Rule


def _written_by(rule: Rule) -> dict[str, float | str | None]:
    """Fields that the effects of a rule write, with the constant written; None where it depends on the record."""
    written: dict[str, float | str | None] = {}
    for effect in rule.effects:
        written.update(_written(effect))
    return written


def cycle_faults(policy: Policy) -> list[Fault]:
    """One fault for each cycle among the live timed rules of a policy."""
    rules = {rule.id: rule for rule in policy.rules if rule.mode == "live" and rule.since is not None}
    positions = {rule.id: position for position, rule in enumerate(policy.rules)}
    causes = {
        reader.id: [writer.id for writer in rules.values() if writer is not reader and _can_set_off(writer, reader)]
        for reader in rules.values()
    }
    faults = []
    while cycle := _find_cycle(causes):
        faults.append(Fault("cycle", ("rules", min(positions[name] for name in cycle)), " → ".join(cycle)))
        causes[cycle[1]].remove(cycle[0])
    return faults


def _find_cycle(causes: Mapping[str, list[str]]) -> list[str]:
    try:
        TopologicalSorter(causes).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def _can_set_off(writer: Rule, reader: Rule) -> bool:
    if writer.on != reader.on:
        return False
    written = _written_by(writer)
    read = {name for each in comparisons(reader.fires_while) for name in each.fields}
    known = {name: value for name, value in written.items() if value is not None}
    return not read.isdisjoint(written) and verdict(reader.fires_while, known) is not False


def _written(effect: Effect) -> dict[str, float | str | None]:
    if effect.code == "frozen":
        return {"frozen": 1.0}
    if effect.code == "flagged":
        return {"flag": float(effect.argument)}
    if effect.code in ("field_required", "approval_asked"):
        return {"required": None}
    if effect.code == "field_set":
        return {effect.field: effect.value}
    return {}
