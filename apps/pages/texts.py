"""A page's words, read once from the texts.yaml beside it."""

from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh")
SHARED = Path(__file__).parent
"""Folder of the texts that all pages share."""


@cache
def texts(folder: Path) -> dict[str, dict[str, str]]:
    """Every text of a folder by its dotted name, such as "home.title", in both languages."""
    from ruamel.yaml import YAML

    sections = YAML(typ="safe").load((folder / "texts.yaml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": words for section, rows in sections.items() for name, words in rows.items()}


class Speaker:
    """Says the texts of a folder, and of what all pages share, in one language."""

    def __init__(self, folder: Path, language: str):
        self.language = language
        self._texts = texts(SHARED) | texts(folder)

    def __call__(self, name: str, /, **values) -> str:
        """A text with its placeholders filled; an unknown name or a missing value is a KeyError."""
        return self._texts[name][self.language].format(**values)

    def both(self, words) -> str:
        """The right one of a text that has `en` and `zh`."""
        return getattr(words, self.language)
