"""From a name or a file to a mapping, and the mapping's JSON Schema."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from coach.mapping.document import Mapping
from policies.document import read_document
from policies.errors import Fault, FaultyInput, PolicyError, nearest_name, problem_in
from policies.loader import faults_of

LIBRARY = Path(__file__).parent / "library"


def mapping_names() -> list[str]:
    """Names of the mappings in the library, in alphabetical order."""
    return sorted(path.stem for path in LIBRARY.glob("*.yaml"))


def load_mapping(name_or_path: str | Path) -> Mapping:
    """The mapping of that name in the library, or in that YAML file. Raises PolicyError with every problem found."""
    path = _find(name_or_path)
    try:
        document = read_document(path)
    except FaultyInput as error:
        raise PolicyError([problem_in(str(path), fault.location[0], "document", fault) for fault in error.faults]) from None
    try:
        return Mapping.model_validate(document.plain())
    except ValidationError as error:
        raise PolicyError([document.problem(fault) for fault in faults_of(error, Mapping)]) from None


def mapping_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a mapping document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Mapping.model_json_schema()}


def _find(name_or_path: str | Path) -> Path:
    written = str(name_or_path)
    if written in mapping_names():
        return LIBRARY / f"{written}.yaml"
    path = Path(written).expanduser()
    if path.is_file():
        return path
    names = tuple(mapping_names())
    fault = Fault("no_such_file", found=written, allowed=names, nearest=nearest_name(written, names))
    raise PolicyError([problem_in(written, 0, "mapping", fault)])
