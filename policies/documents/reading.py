"""Any document of this project, from a library by name or from a file by path, as a model; what is wrong with it, by line."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from policies.documents.document import Node, leads_on, read_document
from policies.documents.errors import Fault, FaultyInput, PolicyError, problem_in, unknown_name
from policies.documents.schema import field_at, model_at
from policies.language.quantities import SHARE_READ, said_of, told_share

_FILE_ENDINGS = (".yaml", ".yml")
_Document = TypeVar("_Document", bound=BaseModel)

# What pydantic found wrong with the type of a value, by the beginning of its error's name.
_EXPECTED = {"int": "@whole_number", "float": "@number", "bool": "@yes_or_no", "string": "@text", "tuple": "@list",
             "list": "@list", "model": "@mapping", "dict": "@mapping"}  # fmt: skip
_BOUNDS = ("greater_than", "less_than", "too_short", "too_long", "finite_number")
_SIGNS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}


def names_in(library: Path) -> list[str]:
    """Names of the documents in a library, in alphabetical order."""
    return sorted(path.stem for path in library.glob("*.yaml"))


def find_document(name_or_path: str | Path, library: Path, unknown: str, folder: Path | None = None) -> Path:
    """The document of that name in a library, or the file of that path, from a folder.

    Raises FaultyInput; `unknown` is the text that says that there is no document of that name.
    """
    written = str(name_or_path)
    if written in names_in(library):
        return library / f"{written}.yaml"
    path = (folder or Path()) / Path(written).expanduser()
    if path.is_file():
        return path
    if isinstance(name_or_path, Path) or written.endswith(_FILE_ENDINGS):
        raise FaultyInput([Fault("no_such_file", found=written, allowed=("@file",))])
    raise FaultyInput([unknown_name(unknown, written, names_in(library))])


def read_file(path: Path) -> Node:
    """The document in a file. Raises PolicyError, by line, where it is no such document."""
    try:
        return read_document(path)
    except FaultyInput as error:
        raise PolicyError([problem_in(str(path), line_of(each), "document", each) for each in error.faults]) from None


def line_of(fault: Fault) -> int:
    """Where reading failed: what is no document at all has its line as location."""
    line = fault.location[0]
    return line if isinstance(line, int) else 0


def model_in(document: Node, model: type[_Document]) -> _Document:
    """What a document says, as a model. Raises PolicyError with every problem, by line."""
    data = document.plain()
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise PolicyError([document.problem(fault) for fault in faults_of(error, model, data)]) from None


def faults_of(error: ValidationError, root: type[BaseModel], data: Any) -> list[Fault]:
    """What a validation of a document of that model found wrong, each thing once, with locations from the root of the document.

    `data`: the document as it was given to the model.
    """
    found = [(_fault_of(each, _location(each, data), root, data), each) for each in error.errors()]
    inner = {location[:length] for location in (fault.location for fault, _ in found) for length in range(len(location))}
    kept: dict[Any, Fault] = {}
    for place, (fault, detail) in enumerate(found):
        of_choice = fault.location != tuple(detail["loc"])
        follows = of_choice or _is_long_enough(detail, fault.location, data)
        if follows and fault.location in inner:
            continue  # what stands inside is told, and this only follows from it
        key = ("choice", fault.location) if of_choice else place
        kept[key] = _either(kept[key], fault) if key in kept else fault
    return _without_misspelled(list(kept.values()))


def _location(detail: Mapping[str, Any], data: Any) -> tuple[str | int, ...]:
    """Where in the document an error stands: pydantic's own words for the choices of a type are no steps of it."""
    written = tuple(detail["loc"])
    location: list[str | int] = []
    for place, step in enumerate(written):
        if not leads_on(data, step):
            if detail["type"] == "fault":
                return (*location, *written[place:])
            if detail["type"] == "missing" and place == len(written) - 1:
                location.append(step)
            continue
        data = data[step]
        location.append(step)
    return tuple(location)


def _is_long_enough(detail: Mapping[str, Any], location: tuple, data: Any) -> bool:
    """Whether an error counts only the items without faults of a list that has enough."""
    if detail["type"] != "too_short":
        return False
    for step in location:
        data = data[step]
    return isinstance(data, (list, dict)) and len(data) >= detail["ctx"]["min_length"]


def _either(one: Fault, other: Fault) -> Fault:
    """What is wrong with a value that fits none of several types."""
    first = other if other.code == "unknown_name" and one.code != "unknown_name" else one
    return first._replace(allowed=tuple(dict.fromkeys([*one.allowed, *other.allowed])))


def _without_misspelled(faults: list[Fault]) -> list[Fault]:
    """A required key that is there in another spelling is not told as missing, too."""
    meant = {(*fault.location[:-1], fault.nearest) for fault in faults if fault.code == "unknown_key"}
    return [fault for fault in faults if fault.code != "missing_key" or fault.location not in meant]


def _fault_of(detail: Mapping[str, Any], location: tuple[str | int, ...], root: type[BaseModel], data: Any) -> Fault:
    kind, found = detail["type"], detail["input"]
    if kind == "fault":
        return detail["ctx"]["fault"]._replace(location=location)
    if kind == "extra_forbidden":
        model = model_at(location[:-1], root)
        return unknown_name("unknown_key", location[-1], model.model_fields if model else (), location=location)
    if kind == "missing":
        return Fault("missing_key", location, location[-1])
    if kind == "literal_error":
        return unknown_name("unknown_name", found, re.findall(r"'([^']*)'", detail["ctx"]["expected"]), location=location)
    if kind.startswith(_BOUNDS):
        found = detail["ctx"].get("actual_length", found)
        bounds = _bounds(location, root, detail.get("ctx", {}), _value_at(location, data))
        return Fault("out_of_bounds", location, found, (bounds,))
    return Fault("wrong_type", location, found, (_EXPECTED.get(kind.split("_")[0], "@text"),))


def _bounds(location: tuple[str | int, ...], root: type[BaseModel], context: Mapping[str, Any], written: Any) -> str:
    """What lies within the bounds of a field, as people write it there: of a share 0% – 100%, of other numbers 0.1 – 3."""
    about = field_at(location, root)
    marks = list(about.metadata) if about else _marks_of_values(field_at(location[:-1], root))
    limits = {type(each): each for each in marks}
    unit = str(said_of(about or field_at(location[:-1], root)).get("unit", ""))
    in_percent = SHARE_READ in marks and (unit.startswith("share") or str(written).strip().endswith("%"))
    if Ge in limits and Le in limits:
        low, high = (told_share(each) if in_percent else f"{each:g}" for each in (limits[Ge].ge, limits[Le].le))
        return f"{low} – {high}"
    ends = {
        sign: getattr(each, name)
        for sign, name in ((">=", "min_length"), ("<=", "max_length"))
        for each in limits.values()
        if hasattr(each, name)
    }
    if len(ends) == 1:
        return " ".join(f"{sign} {end}" for sign, end in ends.items())
    told = (f"{_SIGNS.get(name, name)} {value}" for name, value in context.items())
    return " – ".join(map(str, ends.values())) or ", ".join(told)


def _marks_of_values(about: FieldInfo | None) -> list[Any]:
    """What the type of a mapping's values says of their bounds."""
    if about is None or get_origin(about.annotation) is not dict:
        return []
    marks = getattr(get_args(about.annotation)[1], "__metadata__", ())
    return [mark for each in marks for mark in (each.metadata if isinstance(each, FieldInfo) else [each])]


def _value_at(location: tuple[str | int, ...], data: Any) -> Any:
    for step in location:
        if not leads_on(data, step):
            return None
        data = data[step]
    return data
