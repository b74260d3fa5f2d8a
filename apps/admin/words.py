"""Choices and addresses that several pages of the administration offer."""

from pydantic import TypeAdapter, ValidationError

from apps.admin.desk import Desk
from coach.events import Identifier, fault_of
from coach.problems import CoachError
from coach.store import reading
from coach.store.people import LANGUAGES, STAFFED
from coach.store.viewer import ROLES
from coach.targets.units import units_of
from policies.words.vocabulary import CHOICES

Choices = list[tuple[str, str]]
INDENT = "\u2003"
"""Before the name of a unit in a list of choices, once for each unit above it."""
_NAME: TypeAdapter[str] = TypeAdapter(Identifier)


def called(text: str) -> str:
    """A name that was typed; CoachError where none can be so."""
    try:
        return _NAME.validate_python(text)
    except ValidationError as error:
        fault = fault_of(error)
        why_en, why_zh = fault.en.partition(": ")[2], fault.zh.partition("：")[2]
        raise CoachError(f"Name: {why_en}.", f"名称：{why_zh}。") from None


def roles(desk: Desk) -> Choices:
    """Roles, with what each is called."""
    return [(role, desk.say(f"roles.{role}")) for role in ROLES]


def languages(desk: Desk) -> Choices:
    """Languages of pages."""
    return [(each, desk.say(f"languages.{each}")) for each in LANGUAGES]


def unit_choices(desk: Desk) -> list[tuple[str, Choices]]:
    """Units in the order of the tree, and desks, each group with its name."""
    with desk.store.read() as connection:
        units = units_of(connection)
    depth = {name: len(units.above(name)) - 1 for name in units.of}
    called = reading.unit_titles(desk.store)
    tree = [(name, INDENT * depth[name] + called.get(name, name)) for name in units.from_above()]
    desks = [(name, CHOICES[name][desk.visit.language == "zh"]) for name in STAFFED]
    return [(desk.say("units.title"), tree), (desk.say("units.desks"), desks)]


def password_address(desk: Desk) -> str:
    """Where a password is set, as browsers reach this server; the secret goes behind a #, which no server ever sees."""
    return str(desk.state.public or desk.request.base_url).rstrip("/") + "/password"
