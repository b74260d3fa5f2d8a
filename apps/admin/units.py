"""Units: the tree, who leads what, and who is on leave with which deputy."""

from markupsafe import Markup
from sqlalchemy import Connection

from apps.admin.desk import Desk
from apps.admin.words import INDENT, called
from coach import absences
from coach.entering import entered, new_key
from coach.problems import CoachError, NotAllowed, not_found
from coach.store import people, reading
from coach.store.deputies import standing_in
from coach.store.planned_absences import planned
from coach.store.policies import current_notices
from coach.store.posting import may_post
from coach.store.titles import UNIT_TITLE
from coach.targets.units import Unit, Units, units_of
from policies.language.sections import Notices
from policies.record.records import LEVELS

SOURCE = "admin"
LONGEST_TITLE = 100


def draw_tree(desk: Desk) -> Markup:
    """All units below those that they report to, who leads them, and leave."""
    with desk.store.read() as connection:
        units, plans, has_deputies = units_of(connection), planned(connection), current_notices(connection).deputy
        deputies = _deputies(connection)
    rows = [(units.of[name], len(units.above(name)) - 1) for name in units.from_above()]
    away = [unit for unit, _ in rows if unit.values.get("absent") == 1.0 and unit.left_at is None]
    return desk.render(
        "units.html", rows=rows, titles=reading.unit_titles(desk.store), leaders=people.leaders(desk.store, desk.viewer),
        levels=_levels(desk), above=_above(units, desk), away=away, plans=plans, deputies=deputies, has_deputies=has_deputies,
        going_on={each.unit: each for each in plans if each.begun},
    )  # fmt: skip


def draw_one(desk: Desk) -> Markup:
    """One unit, with forms to change what is so."""
    with desk.store.read() as connection:
        units, plans, has_deputies = units_of(connection), planned(connection), current_notices(connection).deputy
        deputies = _deputies(connection)
    unit = _known(desk, units)
    everybody = people.people(desk.store, desk.viewer) if desk.is_admin else []
    return desk.render(
        "unit.html", unit=unit, titles=reading.unit_titles(desk.store), levels=_levels(desk),
        above=_above(units, desk, unit.name), leaders=people.leaders(desk.store, desk.viewer).get(unit.name, []),
        below=units.below.get(unit.name, []), managers=[each["name"] for each in everybody if _can_lead(each)],
        plans=[each for each in plans if each.unit == unit.name], absent=unit.values.get("absent") == 1.0,
        deputy=deputies.get(unit.name), has_deputies=has_deputies, today=desk.day(desk.now), longest=LONGEST_TITLE,
    )  # fmt: skip


def _can_lead(person: dict) -> bool:
    return person["active"] and person["role"] == "manager"


def _deputies(connection: Connection) -> dict[str, str]:
    """Who stands in for whom by the tree, whether or not the policy has deputies."""
    return standing_in(connection, Notices(deputy=True))


def _known(desk: Desk, units: Units) -> Unit:
    name = desk.query.get("name", "")
    if name not in units.of:
        raise not_found("unit", "单位", name)
    return units.of[name]


def _levels(desk: Desk) -> list[tuple[str, str]]:
    return [(level, desk.say(f"levels.{level}")) for level in LEVELS]


def _above(units: Units, desk: Desk, unit: str | None = None) -> list[tuple[str, str]]:
    """Units under which another may stand: all but itself, and those below it."""
    allowed = [name for name in units.from_above() if unit is None or unit not in units.above(name)]
    titles = reading.unit_titles(desk.store)
    tree = [(name, INDENT * (len(units.above(name)) - 1) + titles.get(name, name)) for name in allowed]
    return [("", desk.say("units.topmost")), *tree]


def _post(desk: Desk, event: str, unit: str, **payload) -> None:
    told = entered(
        source=SOURCE, key=new_key(desk.viewer.name), event=event, kind="unit", record=unit, acted_at=desk.now, payload=payload
    )
    for _, refusal in may_post(desk.store, desk.viewer, [told])[1]:
        raise refusal
    desk.service.post([told], desk.viewer.name).whole()


def _tree(desk: Desk) -> Units:
    with desk.store.read() as connection:
        return units_of(connection)


def _add(desk: Desk) -> str:
    name, level, parent = called(desk.form.get("name", "")), desk.form.get("level", ""), desk.form.get("parent") or None
    units = _tree(desk)
    if name in units.of:
        raise CoachError(f"There is a unit called {name} already.", f"已有名为“{name}”的单位。")
    if parent is not None and parent not in units.of:
        raise not_found("unit", "单位", parent)
    _post(desk, "registered", name, level=level, parent=parent)
    return desk.link("units", told="unit_added")


def _change(desk: Desk) -> str:
    units = _tree(desk)
    unit = _known(desk, units)
    title, level, parent = desk.form.get("title", ""), desk.form.get("level", ""), desk.form.get("parent") or None
    if len(title) > LONGEST_TITLE:
        raise CoachError(f"A title has at most {LONGEST_TITLE} characters.", f"名称最多 {LONGEST_TITLE} 个字符。")
    if title and not any(letter.isalpha() for letter in title):
        raise CoachError("A title holds at least one letter.", "名称须至少包含一个文字或字母。")
    if parent is not None and parent not in dict(_above(units, desk, unit.name)):
        raise CoachError(
            "A unit stands neither under itself nor under one of its own.", "单位不能隶属于自身或其下级单位。"
        )
    before = {"parent": unit.parent, "level": unit.level, UNIT_TITLE: unit.values.get(UNIT_TITLE)}
    after = {"parent": parent, "level": level, UNIT_TITLE: title or None}
    changed = {name: value for name, value in after.items() if value != before[name]}
    if changed:
        _post(desk, "field_recorded", unit.name, **changed)
    return desk.link("unit", name=unit.name, told="changed")


def _lead(desk: Desk) -> str:
    if not desk.is_admin:
        raise NotAllowed("This is for administrators.", "此项仅供管理员使用。")
    unit, name = _known(desk, _tree(desk)), desk.form.get("leader", "")
    found = next((each for each in people.people(desk.store, desk.viewer) if each["name"] == name and _can_lead(each)), None)
    if found is None:
        raise not_found("manager", "经理", name)
    people.add_person(
        desk.store, desk.viewer, desk.now, name=name, role=found["role"], unit=unit.name, language=found["language"]
    )
    return desk.link("unit", name=unit.name, told="leads")


def _leave(desk: Desk) -> str:
    unit = _known(desk, _tree(desk))
    begins, ends = desk.instant_of(desk.form.get("begins", "")), desk.instant_of(desk.form.get("ends", ""))
    if begins is None:
        raise CoachError("Say on which day the leave begins.", "请填写休假首日。")
    absences.plan(desk.service, desk.viewer, unit.name, begins, ends)
    return desk.link("unit", name=unit.name, told="leave_planned")


def _call_off(desk: Desk) -> str:
    absences.call_off(desk.service, desk.viewer, desk.form.get("key", ""))
    return desk.link("unit", name=desk.query.get("name", ""), told="leave_called_off")


def _back(desk: Desk) -> str:
    unit = _known(desk, _tree(desk))
    absences.end_now(desk.service, desk.viewer, unit.name)
    return desk.link("unit", name=unit.name, told="back")


OF_TREE = {"add": _add}
OF_ONE = {"change": _change, "lead": _lead, "leave": _leave, "call_off": _call_off, "back": _back}
