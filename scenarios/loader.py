"""From a name or a file to a scenario, and back."""

from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from policies.documents.reading import find_document, model_in, names_in, read_file
from sim.office.scenario import Scenario

LIBRARY = Path(__file__).parent


def scenario_names() -> list[str]:
    """Names of the scenarios in the library, in alphabetical order."""
    return names_in(LIBRARY)


def load_scenario(name_or_path: str | Path) -> Scenario:
    """The scenario of that name in the library, or in that YAML file.

    Raises PolicyError with every problem found in the document, FaultyInput when there is no such scenario or file.
    """
    path = find_document(name_or_path, LIBRARY, "no_such_scenario")
    return model_in(read_file(path), Scenario)


def scenario_yaml(scenario: Scenario, *, whole: bool = False) -> str:
    """The scenario as a YAML document: what differs from the defaults, or all of it. Loading it gives an equal scenario."""
    yaml = YAML()
    yaml.allow_unicode = True
    yaml.width = 120
    stream = StringIO()
    yaml.dump(scenario.model_dump(mode="json", exclude_defaults=not whole), stream)
    return stream.getvalue()
