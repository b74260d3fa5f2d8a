"""From a name or a file to a policy, and back."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from ruamel.yaml import YAML

from policies.checks.cycles import cycle_faults
from policies.documents.document import Node, merged
from policies.documents.errors import Fault, FaultyInput, PolicyError, problem_in, unknown_name
from policies.documents.own import own_folder, own_names
from policies.documents.reading import faults_of, find_document, names_in, read_file
from policies.language.policy import Policy

LIBRARY = Path(__file__).resolve().parents[1] / "library"


class LoadedPolicy(NamedTuple):
    """A policy with the document that it was read from, whose nodes know file and line."""

    policy: Policy
    document: Node


def library_names() -> list[str]:
    """Names of the policies in the library, in alphabetical order."""
    return names_in(LIBRARY)


def load_policy(name_or_path: str | Path) -> Policy:
    """The policy of that name in the library or among a person's own, or in that YAML file.

    Raises PolicyError with every problem found: in the file, in the files that it extends, and cycles among its rules.
    """
    return load_document(name_or_path).policy


def load_document(name_or_path: str | Path) -> LoadedPolicy:
    """Like `load_policy`, with the document, for those who must say where something stands."""
    own = str(name_or_path) not in library_names() and str(name_or_path) in own_names()
    try:
        path = find_document(name_or_path, own_folder() if own else LIBRARY, "no_such_policy")
    except FaultyInput as error:
        raise PolicyError([problem_in(str(name_or_path), 0, "policy", each) for each in error.faults]) from None
    document, faults = _read_with_bases(path, ())
    data = document.plain()
    if data.get("extends") is not None:
        data.pop("drop_rules", None)
    try:
        policy = Policy.model_validate(data)
    except ValidationError as error:
        faults = [*faults, *faults_of(error, Policy, data)]
    else:
        faults = [*faults, *cycle_faults(policy)]
    if faults:
        raise PolicyError(sorted(map(document.problem, faults), key=lambda each: (each.file, each.line)))
    return LoadedPolicy(policy, document)


def edited(policy: Policy, changes: Mapping[str, Any]) -> Policy:
    """The policy with some settings changed, such as `{"freeze-idle.after": "7d", "pay.commission": "3%"}`.

    A path begins with the id of a rule or stage, or with the name of a section. Raises PolicyError.
    """
    data = policy.model_dump(mode="json")
    for stage in data["stages"]:
        for key in ("begins_with", "enter", "leave"):
            stage.setdefault(key, None)
    named = {each["id"]: each for each in (*data["rules"], *data["stages"])}
    faults = [fault for path, value in changes.items() if (fault := _put(data, named, path, value))]
    if not faults:
        try:
            changed = Policy.model_validate(data)
        except ValidationError as error:
            faults = faults_of(error, Policy, data)
        else:
            faults = cycle_faults(changed)
    if faults:
        node = _unmarked(data, policy.name)
        raise PolicyError([node.problem(fault) for fault in faults])
    return changed


def policy_yaml(policy: Policy) -> str:
    """The whole policy as a YAML document that extends nothing: loading it gives an equal policy."""
    data = policy.model_dump(mode="json", exclude={"extends", "rules"})
    data["rules"] = [rule.model_dump(mode="json", exclude_defaults=True) for rule in policy.rules]
    stream = StringIO()
    yaml = YAML()
    yaml.allow_unicode = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(data, stream)
    return stream.getvalue()


def _read_with_bases(path: Path, below: tuple[Path, ...]) -> tuple[Node, list[Fault]]:
    document = read_file(path)
    extends = document.value.get("extends")
    if extends is None or extends.value is None:
        return document, []
    chain = (*below, path.resolve())
    try:
        target = find_document(str(extends.value), LIBRARY, "no_such_policy", path.parent)
        if target.resolve() in chain:
            raise FaultyInput([Fault("extends_itself", found=" → ".join(each.stem for each in (*chain, target)))])
    except FaultyInput as error:
        raise PolicyError([document.problem(each.within("extends")) for each in error.faults]) from None
    base, base_faults = _read_with_bases(target, chain)
    if base_faults:
        raise PolicyError([base.problem(each) for each in base_faults])
    whole, faults = merged(base, document)
    return whole, faults


def _put(data: dict[str, Any], named: dict[str, Any], path: str, value: Any) -> Fault | None:
    steps = path.split(".")
    place: Any = named if steps[0] in named else data
    for step in steps[:-1]:
        if not isinstance(place, dict) or step not in place:
            return _no_such_setting(path, step, [*data, *named] if place is data else place)
        place = place[step]
    if not isinstance(place, dict) or steps[-1] not in place or place is named:
        return _no_such_setting(path, steps[-1], place)
    place[steps[-1]] = value
    return None


def _no_such_setting(path: str, step: str, names: Any) -> Fault:
    fault = unknown_name("no_such_setting", step, names if isinstance(names, (dict, list)) else ())
    return fault._replace(found=path)


def _unmarked(data: Any, file: str) -> Node:
    if isinstance(data, dict):
        return Node({name: _unmarked(child, file) for name, child in data.items()}, file, 0)
    if isinstance(data, list):
        return Node([_unmarked(child, file) for child in data], file, 0)
    return Node(data, file, 0)
