"""Which settings of a policy act in one of the two worlds only, and which the office cannot tell apart, in plain words."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from policies.documents.schema import acts_at, field_at
from policies.language.acting import SOURCE_ROUTES
from policies.language.policy import Policy
from policies.language.quantities import said_of


class Both(NamedTuple):
    """A sentence in both languages."""

    en: str
    zh: str


def rehearsed_only(policy: Policy, other: Policy | None = None) -> list[Both]:
    """Settings that differ from another policy's (from the usual ones unless told otherwise) and that nobody acts on live, a
    sentence for each reason."""
    reasons: dict[str, tuple[Mapping[str, Any], list[tuple[str, ...]]]] = {}
    for path, _, _ in _changed(policy, Policy(name="usual") if other is None else other):
        mark = acts_at(path) or _routed_elsewhere(policy, path)
        if mark is not None and mark["where"] == "office":
            reasons.setdefault(mark["en"], (mark, []))[1].append(path)
    return [
        Both(
            f"Rehearsed only: {', '.join(_label(path, 'en') for path in paths)}; {mark['en']}.",
            f"仅在预演中生效：{'、'.join(_label(path, 'zh') for path in paths)}；{mark['zh']}。",
        )
        for mark, paths in reasons.values()
    ]


def _routed_elsewhere(policy: Policy, path: tuple[str, ...]) -> Mapping[str, Any] | None:
    """How leads are given out acts live only where the coach does it."""
    return SOURCE_ROUTES if path[0] == "routing" and policy.routing.assigned_by == "source" else None


def told_apart_by_nobody(one: Policy, other: Policy) -> list[Both]:
    """Settings in which two policies differ although nobody of the office does: all choices are alike to people there, or
    these two are."""
    found = []
    for path, first, second in _changed(one, other):
        mark = acts_at(path)
        if mark is not None and mark["where"] == "both" and {first, second} <= set(mark.get("alike", (first, second))):
            found.append(Both(mark["en"][:1].upper() + mark["en"][1:] + ".", mark["zh"] + "。"))
    return found


def _changed(one: Policy, other: Policy) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    first, second = dict(_leaves(one.model_dump(mode="json"))), dict(_leaves(other.model_dump(mode="json")))
    for path, value in first.items():
        if path in second and second[path] != value:
            yield path, value, second[path]


def _leaves(document: dict[str, Any], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in document.items():
        path = (*prefix, name)
        if isinstance(value, dict) and value:
            yield from _leaves(value, path)
        else:
            yield path, value


def _label(path: tuple[str, ...], language: str) -> str:
    about = field_at(path) or field_at(path[:-1])
    return str(said_of(about).get(language, about.description)) if about else ".".join(path)
