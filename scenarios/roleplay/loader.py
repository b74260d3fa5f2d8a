"""From a name or a file to a drill."""

from pathlib import Path

from policies.documents.errors import PolicyError
from policies.documents.reading import find_document, model_in, names_in, read_file
from scenarios.roleplay.check import check
from scenarios.roleplay.document import Roleplay

LIBRARY = Path(__file__).parent


def roleplay_names() -> list[str]:
    """Names of the drills in the library, in alphabetical order."""
    return names_in(LIBRARY)


def load_roleplay(name_or_path: str | Path) -> Roleplay:
    """The drill of that name in the library, or in that YAML file.

    Raises PolicyError with every problem found in the document, facts that no play reaches and a rubric that no play passes
    included; FaultyInput when there is no such drill or file.
    """
    path = find_document(name_or_path, LIBRARY, "unknown_name")
    document = read_file(path)
    roleplay = model_in(document, Roleplay)
    faults = check(roleplay)
    if faults:
        raise PolicyError([document.problem(fault) for fault in faults])
    return roleplay
