"""A YAML file as a tree that remembers where each value stands, and how one document changes another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from policies.documents.errors import Fault, FaultyInput, Problem, Told, problem_in, unknown_name
from policies.documents.limits import MOST_DEEP, check_shape, check_size, too_deep

OWN_WORDS = ("name", "title", "summary")  # a policy that extends another never goes by its name



@dataclass(frozen=True)
class Node:
    """A value of a document: a mapping of nodes, a list of nodes or a plain value, with its file and line (from 1)."""

    value: Any
    file: str
    line: int

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {name: child.plain() for name, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def nearest(self, location: Iterable[str | int]) -> "Node":
        """The node at a location, or the last one on the way there that exists."""
        node = self
        for step in location:
            if not leads_on(node.value, step):
                break
            node = node.value[step]
        return node

    def spelled(self, location: Iterable[str | int]) -> str:
        """A location as an author would say it: `rules[freeze-idle].when.status`."""
        text, node = "", self
        for step in location:
            below = node.nearest([step])
            if isinstance(step, int):
                text += f"[{_label_of(below) or step + 1}]"
            else:
                text += f".{step}" if text else str(step)
            node = below
        return text or "document"

    def problem(self, fault: Told) -> Problem:
        """The fault, told with the place where its value stands in this document."""
        node = self.nearest(fault.location)
        if fault.code == "out_of_bounds" and not isinstance(node.value, (dict, list)):
            fault = fault._replace(found=node.value)  # 500%, where the models saw 5.0
        return problem_in(node.file, node.line, self.spelled(fault.location), fault)


def read_document(path: Path) -> Node:
    """The document in a YAML file.

    Raises FaultyInput, with the line in `Fault.location`, when it is not a mapping, or larger or deeper than a document may be.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FaultyInput([Fault("not_yaml", (1,), str(error))]) from None
    data = _loaded(text, "rt")
    if not isinstance(data, CommentedMap):
        raise FaultyInput([Fault("not_a_document", (1,), allowed=("@mapping",))])
    return _marked(data, str(path), 1)


def plain_yaml(text: str) -> Any:
    """What a YAML text says, as plain values; raises FaultyInput as `read_document` does."""
    return _loaded(text, "safe")


def _loaded(text: str, how: str) -> Any:
    check_size(text)
    try:
        data = YAML(typ=how).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FaultyInput([Fault("not_yaml", (line,), f"{error.problem or error.context}")]) from None
    except YAMLError as error:
        raise FaultyInput([Fault("not_yaml", (1,), str(error))]) from None
    except ValueError as error:  # a date that is none, a number of thousands of digits
        raise FaultyInput([Fault("not_yaml", (1,), str(error))]) from None
    except RecursionError:
        raise FaultyInput([too_deep((1,), MOST_DEEP)]) from None
    try:
        check_shape(data)
    except FaultyInput as error:
        raise FaultyInput([fault._replace(location=(1,)) for fault in error.faults]) from None
    return data


def merged(base: Node, changes: Node) -> tuple[Node, list[Fault]]:
    """The base with the changes of a document that extends it, and faults in what the changes name.

    Mappings merge deeply and rules by id: a rule with the id of one in the base replaces the keys that it gives, other
    rules follow behind. `drop_rules` takes rules out. Everything else that the changes give replaces what was there.
    """
    inherited = {name: child for name, child in base.value.items() if name not in (*OWN_WORDS, "drop_rules")}
    given = changes.value
    dropped = given.get("drop_rules")
    rules = base.value.get("rules")
    faults: list[Fault] = []
    if dropped is not None and isinstance(dropped.value, list):
        names = [_id_of(rule) for rule in rules.value] if rules is not None else []
        faults = [
            unknown_name("unknown_rule", each.value, names, location=("drop_rules", position))
            for position, each in enumerate(dropped.value)
            if each.value not in names
        ]
        gone = {each.value for each in dropped.value}
        if rules is not None:
            inherited["rules"] = replace(rules, value=[rule for rule in rules.value if _id_of(rule) not in gone])
    whole = _deep(replace(base, value=inherited), changes)
    if "rules" in inherited and "rules" in given:
        whole.value["rules"] = _rules_by_id(inherited["rules"], given["rules"])
    return replace(whole, file=changes.file, line=changes.line), faults


def _deep(base: Node, changes: Node) -> Node:
    if not (isinstance(base.value, dict) and isinstance(changes.value, dict)):
        return changes
    value = dict(base.value)
    for name, child in changes.value.items():
        value[name] = _deep(value[name], child) if name in value else child
    return replace(changes, value=value)


def _rules_by_id(base: Node, changes: Node) -> Node:
    if not (isinstance(base.value, list) and isinstance(changes.value, list)):
        return changes
    rules = list(base.value)
    inherited = {_id_of(rule): position for position, rule in enumerate(rules)}
    for rule in changes.value:
        position = inherited.pop(_id_of(rule), None)  # taken once: a second rule of that id is a duplicate, and is told
        if position is None:
            rules.append(rule)
        else:
            # Keys are replaced whole: half of the old condition under a new one is what nobody meant.
            rules[position] = replace(rule, value={**rules[position].value, **rule.value})
    return replace(changes, value=rules)


def leads_on(value: Any, step: str | int) -> bool:
    """Whether a value, of a node or plain, has something at a step."""
    if isinstance(value, (list, tuple)):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, dict) and step in value


def _id_of(node: Node) -> Any:
    if not (isinstance(node.value, dict) and "id" in node.value):
        return None
    name = node.value["id"].value
    return name if isinstance(name, str) else None


def _label_of(node: Node) -> str | None:
    """What an author calls an item of a list: its name, which stands beside an `id` of another meaning, or its id."""
    name = node.value.get("name") if isinstance(node.value, dict) else None
    return name.value if name is not None and isinstance(name.value, str) and name.value else _id_of(node)


def _marked(data: Any, file: str, line: int) -> Node:
    if isinstance(data, CommentedMap):
        return Node({_key(name): _marked(child, file, _line(data, name, line)) for name, child in data.items()}, file, line)
    if isinstance(data, CommentedSeq):
        return Node([_marked(child, file, _line(data, place, line)) for place, child in enumerate(data)], file, line)
    return Node(_scalar(data), file, line)


def _key(name: Any) -> str:
    return name if isinstance(name, str) else str(_scalar(name))


def _line(data: CommentedMap | CommentedSeq, place: Any, otherwise: int) -> int:
    try:
        mark = data.lc.key(place) if isinstance(data, Mapping) else data.lc.item(place)
    except (AttributeError, KeyError, TypeError):
        return otherwise  # a value that came through a YAML anchor stands elsewhere
    return mark[0] + 1


def _scalar(data: Any) -> Any:
    for plain in (bool, int, float, str):
        if isinstance(data, plain):
            return plain(data)
    return None if data is None else str(data)
