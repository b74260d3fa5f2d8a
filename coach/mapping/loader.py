"""From a name or a file to a mapping, and the mapping's JSON Schema."""

from pathlib import Path
from typing import Any

from coach.mapping.document import Mapping
from policies.documents.errors import FaultyInput, PolicyError, problem_in
from policies.documents.reading import find_document, model_in, read_file

LIBRARY = Path(__file__).parent / "library"


def load_mapping(name_or_path: str | Path) -> Mapping:
    """The mapping of that name in the library, or in that YAML file. Raises PolicyError with every problem found."""
    try:
        path = find_document(name_or_path, LIBRARY, "unknown_name")
    except FaultyInput as error:
        raise PolicyError([problem_in(str(name_or_path), 0, "mapping", fault) for fault in error.faults]) from None
    return model_in(read_file(path), Mapping)


def mapping_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a mapping document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Mapping.model_json_schema()}
