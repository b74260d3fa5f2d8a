"""People: who there is, what each may do, and the link by which somebody sets the password."""

from urllib.parse import quote

from markupsafe import Markup

from apps.admin.desk import Desk
from apps.admin.words import called, languages, password_address, roles, unit_choices
from coach.problems import CoachError, not_found
from coach.store import people
from coach.store.passwords import entries, make_link
from coach.targets.units import units_of

_ACTIVE = ("yes", "no", "")
"""Choices of who is listed: those who may come in, those who were put out, everybody."""


def draw_list(desk: Desk) -> Markup:
    """Everybody who fits what is looked for, and a form to add somebody."""
    asked, active = desk.query.get("q", "").strip(), desk.query.get("active", "yes")
    everybody = people.people(desk.store, desk.viewer)
    found = [
        each for each in everybody
        if (active not in ("yes", "no") or each["active"] == (active == "yes")) and _fits(desk, each, asked)
    ]  # fmt: skip
    return desk.render(
        "people.html", people=found, number=len(everybody), asked=asked, active=active,
        entries=entries(desk.store, desk.viewer, desk.now),
        actives=[(each, desk.say(f"people.active_{each or 'all'}")) for each in _ACTIVE], roles=roles(desk),
        units=unit_choices(desk), languages=languages(desk), unit_words=desk.unit_words,
    )  # fmt: skip


def _fits(desk: Desk, person: dict, asked: str) -> bool:
    told = (person["name"], person["unit"] or "", desk.say(f"roles.{person['role']}"))
    return all(any(word in each.casefold() for each in told) for word in asked.casefold().split())


def draw_one(desk: Desk) -> Markup:
    """One person, with forms to change what is so."""
    person = _person(desk)
    name = person["name"]
    secret = desk.once.take(desk.visit, desk.query.get("once", "")) if desk.query.get("once") else None
    tokens = [each for each in people.tokens(desk.store, desk.viewer) if each["person"] == name and each["revoked_at"] is None]
    return desk.render(
        "person.html", person=person, entry=entries(desk.store, desk.viewer, desk.now)[name], roles=roles(desk),
        units=unit_choices(desk), languages=languages(desk), tokens=len(tokens), unit_words=desk.unit_words,
        address=None if secret is None else f"{password_address(desk)}#{quote(secret)}",
    )  # fmt: skip


def _person(desk: Desk) -> dict:
    name = desk.query.get("name", "")
    found = next((each for each in people.people(desk.store, desk.viewer) if each["name"] == name), None)
    if found is None:
        raise not_found("person", "人员", name)
    return found


def _add(desk: Desk) -> str:
    name = called(desk.form.get("name", ""))
    people.add_person(desk.store, desk.viewer, desk.now, name=name, new=True, **_told(desk))
    return _linked(desk, name, "person_added")


def _change(desk: Desk) -> str:
    name = _person(desk)["name"]
    people.add_person(desk.store, desk.viewer, desk.now, name=name, **_told(desk))
    return desk.link("person", name=name, told="changed")


def _told(desk: Desk) -> dict:
    role, unit = desk.form.get("role", ""), desk.form.get("unit", "") or None
    with desk.store.read() as connection:
        known = {*units_of(connection).of, *people.STAFFED}
    if unit is not None and unit not in known:
        raise CoachError(f"There is no unit {unit!r}.", f"没有单位“{unit}”。")
    if role == "rep" and unit is None:
        raise CoachError("A rep belongs to a unit: choose which.", "销售须属于某个单位，请选择单位。")
    if role == "manager" and unit is None:
        raise CoachError("Choose the unit that the manager leads.", "请选择该经理负责的单位。")
    language = desk.form.get("language", "browser")
    if language not in people.LANGUAGES:
        raise CoachError("There is no such language.", "没有这种语言。")
    return {"role": role, "unit": unit, "language": language}


def _link(desk: Desk) -> str:
    return _linked(desk, _person(desk)["name"], "link_made")


def _linked(desk: Desk, name: str, told: str) -> str:
    secret = make_link(desk.store, desk.viewer, desk.now, name)
    return desk.link("person", name=name, told=told, once=desk.once.put(desk.visit, secret))


def _put_out(desk: Desk) -> str:
    name = _person(desk)["name"]
    if name == desk.viewer.name:
        raise CoachError("You cannot put yourself out; another administrator can.", "不能停用自己的账号，可由其他管理员操作。")
    people.deactivate(desk.store, desk.viewer, desk.now, name)
    return desk.link("person", name=name, told="put_out")


OF_LIST = {"add": _add}
OF_ONE = {"change": _change, "link": _link, "put_out": _put_out}
