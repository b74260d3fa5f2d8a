"""From a name or a file to a drill."""

from pathlib import Path

from pydantic import ValidationError

from policies.document import read_document
from policies.errors import Fault, FaultyInput, PolicyError, problem_in, unknown_name
from policies.loader import faults_of
from scenarios.roleplay.check import check
from scenarios.roleplay.document import Roleplay

LIBRARY = Path(__file__).parent


def roleplay_names() -> list[str]:
    """Names of the drills in the library, in alphabetical order."""
    return sorted(path.stem for path in LIBRARY.glob("*.yaml"))


def load_roleplay(name_or_path: str | Path) -> Roleplay:
    """The drill of that name in the library, or in that YAML file.

    Raises PolicyError with every problem found in the document, facts that no play reaches and a rubric that no play passes
    included; FaultyInput when there is no such drill or file.
    """
    path = _find(name_or_path)
    try:
        document = read_document(path)
    except FaultyInput as error:
        raise PolicyError([problem_in(str(path), fault.location[0], "document", fault) for fault in error.faults]) from None
    try:
        roleplay = Roleplay.model_validate(document.plain())
    except ValidationError as error:
        raise PolicyError([document.problem(fault) for fault in faults_of(error, Roleplay)]) from None
    faults = check(roleplay)
    if faults:
        raise PolicyError([document.problem(fault) for fault in faults])
    return roleplay


def _find(name_or_path: str | Path) -> Path:
    written = str(name_or_path)
    if written in roleplay_names():
        return LIBRARY / f"{written}.yaml"
    path = Path(written).expanduser()
    if path.is_file():
        return path
    if isinstance(name_or_path, Path) or path.suffix:
        raise FaultyInput([Fault("no_such_file", found=written, allowed=("@file",))])
    raise FaultyInput([unknown_name("unknown_name", written, roleplay_names())])
