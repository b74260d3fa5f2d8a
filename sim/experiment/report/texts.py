"""The report's words, read once from texts*.yaml."""

from functools import cache
from pathlib import Path

from sim.experiment.report.both import Both


@cache
def all_texts() -> dict[str, Both]:
    """Every text by its dotted name, such as "effect.heading"."""
    from ruamel.yaml import YAML

    files = [YAML(typ="safe").load(file.read_text(encoding="utf-8")) for file in Path(__file__).parent.glob("texts*.yaml")]
    sections = [section for sections in files for section in sections.items()]
    return {f"{section}.{name}": Both(**words) for section, rows in sections for name, words in rows.items()}


def text(name: str, /, **values) -> Both:
    """One text in both languages with its placeholders filled; an unknown name or a missing value is a KeyError."""
    found = all_texts()[name]
    return found.fill(**values) if values else found
