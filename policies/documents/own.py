"""A person's own policies: documents in a folder of theirs, which go by their names like those of the library."""

import os
from pathlib import Path

import platformdirs

from policies.documents.reading import names_in


def own_folder() -> Path:
    """Where a person's own policies lie; it may not exist yet."""
    return Path(platformdirs.user_data_dir("rehearse")) / "policies"


def own_names() -> list[str]:
    """Names of a person's own policies, in alphabetical order."""
    return names_in(own_folder())


def keep_own(name: str, document: str) -> Path:
    """Keep a policy's document under its name; whoever reads at that moment finds the former or the new one, whole."""
    folder = own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    beside = folder / f".{name}.{os.getpid()}"
    beside.write_text(document, encoding="utf-8")
    beside.replace(path)
    return path
