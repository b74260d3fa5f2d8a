"""What the libraries hold, read once while the server runs: reading a document anew for every visitor costs seconds."""

from functools import cache, lru_cache

from policies.documents.errors import PolicyError
from policies.documents.loader import library_names, load_policy
from policies.documents.own import own_folder, own_names
from policies.language.policy import Policy
from scenarios.loader import load_scenario, scenario_names
from scenarios.roleplay.document import Roleplay
from scenarios.roleplay.loader import load_roleplay, roleplay_names
from sim.office.scenario import Scenario


@cache
def policies() -> dict[str, Policy]:
    """Policies of the library by name, the usual starting point first."""
    names = sorted(library_names(), key=lambda name: name != "monthly-private")
    return {name: load_policy(name) for name in names}


def own_policies() -> dict[str, Policy]:
    """A person's own policies by name; those that can no longer be read are left out."""
    return {name: policy for name in own_names() if (policy := _own(name, (own_folder() / f"{name}.yaml").stat().st_mtime_ns))}


@lru_cache(256)
def _own(name: str, _changed: int) -> Policy | None:
    try:
        return load_policy(name)
    except PolicyError:
        return None


def all_policies() -> dict[str, Policy]:
    """Policies of the library and a person's own."""
    return {**policies(), **{name: each for name, each in own_policies().items() if name not in policies()}}


@cache
def offices() -> dict[str, Scenario]:
    """Offices of the library by name, the small one first."""
    return {name: load_scenario(name) for name in sorted(scenario_names(), key=lambda name: name != "small")}


@cache
def drills() -> dict[str, Roleplay]:
    """Drills of the library by name."""
    return {name: load_roleplay(name) for name in roleplay_names()}


def titles(shelf: dict, language: str) -> dict[str, str]:
    """Title in a language to name, as a choice shows it."""
    return {getattr(each.title, language): name for name, each in shelf.items()}
