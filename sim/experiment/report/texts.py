"""The report's words, read once from texts.yaml."""

from functools import cache
from pathlib import Path

from sim.experiment.report.both import Both


@cache
def all_texts() -> dict[str, Both]:
    """Every text by its dotted name, such as "effect.heading"."""
    from ruamel.yaml import YAML

    sections = YAML(typ="safe").load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": Both(**words) for section, rows in sections.items() for name, words in rows.items()}


def text(name: str, /, **values) -> Both:
    """One text in both languages with its placeholders filled; an unknown name or a missing value is a KeyError."""
    found = all_texts()[name]
    return found.fill(**values) if values else found
