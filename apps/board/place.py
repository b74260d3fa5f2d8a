"""What an address of the board names."""

from collections.abc import Mapping
from typing import NamedTuple


class Place(NamedTuple):
    """A view, and what of it; empty for what the viewer sees first."""

    view: str = ""
    rep: str = ""
    """The rep or other unit whose records are shown."""
    all: bool = False
    """Whether everything is listed, not the first lines alone."""
    score: str = ""
    question: str = ""
    """What is looked up in the knowledge base."""
    look: str = ""
    sort: str = ""
    stage: str = ""
    """How the pipeline is looked at, in which order, and which stage of it."""
    kind: str = ""
    record: str = ""
    """The record that is shown, of that kind; for notes the deal that one is about."""


def place_named(query: Mapping[str, str]) -> Place:
    """The place that the query of an address names."""
    told = {name: query.get(name, "") for name in Place._fields if name != "all"}
    return Place(**told, all=query.get("all") == "1")
