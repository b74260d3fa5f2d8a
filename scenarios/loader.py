"""From a name or a file to a scenario, and back."""

from io import StringIO
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML

from policies.document import read_document
from policies.errors import Fault, FaultyInput, PolicyError, problem_in, unknown_name
from policies.loader import faults_of
from sim.office.scenario import Scenario

LIBRARY = Path(__file__).parent


def scenario_names() -> list[str]:
    """Names of the scenarios in the library, in alphabetical order."""
    return sorted(path.stem for path in LIBRARY.glob("*.yaml"))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """The scenario of that name in the library, or in that YAML file.

    Raises PolicyError with every problem found in the document, FaultyInput when there is no such scenario or file.
    """
    path = _find(name_or_path)
    try:
        document = read_document(path)
    except FaultyInput as error:
        raise PolicyError([problem_in(str(path), fault.location[0], "document", fault) for fault in error.faults]) from None
    try:
        return Scenario.model_validate(document.plain())
    except ValidationError as error:
        raise PolicyError([document.problem(fault) for fault in faults_of(error, Scenario)]) from None


def scenario_yaml(scenario: Scenario, *, whole: bool = False) -> str:
    """The scenario as a YAML document: what differs from the defaults, or all of it. Loading it gives an equal scenario."""
    yaml = YAML()
    yaml.allow_unicode = True
    yaml.width = 120
    stream = StringIO()
    yaml.dump(scenario.model_dump(mode="json", exclude_defaults=not whole), stream)
    return stream.getvalue()


def _find(name_or_path: str | Path) -> Path:
    written = str(name_or_path)
    if written in scenario_names():
        return LIBRARY / f"{written}.yaml"
    path = Path(written).expanduser()
    if path.is_file():
        return path
    if isinstance(name_or_path, Path) or path.suffix:
        raise FaultyInput([Fault("no_such_file", found=written, allowed=("@file",))])
    raise FaultyInput([unknown_name("no_such_scenario", written, scenario_names())])
