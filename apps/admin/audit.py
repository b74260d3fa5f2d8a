"""The audit log: who did what when, found again and taken away."""

from typing import Any

from fastapi.responses import Response
from markupsafe import Markup

from apps.admin.desk import Desk
from apps.board.taking import Table, as_csv
from coach.problems import CoachError
from coach.store import reading

PAGE = 100
_ASKED = ("who", "action", "about", "since", "until")
_INSTANTS = ("begins", "ends")


def draw(desk: Desk) -> Markup:
    """A page of what fits, the latest first."""
    asked = {name: desk.query.get(name, "").strip() for name in _ASKED}
    rows: list[dict] = []
    try:
        before = desk.query.get("before", "")
        last = int(before) if before.isdecimal() and len(before) < 16 else None
        rows = reading.audit(desk.store, desk.viewer, before=last, limit=PAGE + 1, **_wanted(desk, asked))
    except CoachError as error:
        desk.problem = getattr(error, desk.visit.language)
    known = reading.audited_actions(desk.store, desk.viewer)
    actions = sorted([(each, _action(desk, each)) for each in known], key=lambda each: each[1])
    more = rows[PAGE - 1]["id"] if len(rows) > PAGE else None
    return desk.render(
        "audit.html", rows=[(each, _action(desk, each["action"]), _details(desk, each["detail"])) for each in rows[:PAGE]],
        asked=asked, actions=[("", desk.say("audit.everything")), *actions], more=more, before=before,
        file=desk.link("audit.csv", **asked),
    )  # fmt: skip


def taken_away(desk: Desk) -> Response:
    """All that fits, as CSV."""
    wanted = _wanted(desk, {name: desk.query.get(name, "").strip() for name in _ASKED})
    heads = [desk.say(f"audit.{name}") for name in ("when", "who", "what", "about", "details")]
    rows, last = [], None
    while part := reading.audit(desk.store, desk.viewer, before=last, limit=reading.MOST, **wanted):
        last = part[-1]["id"]
        rows += [_line(desk, each) for each in part]
    name = f"audit-{desk.day(desk.now)}.csv"
    told = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(as_csv(Table("audit", heads, rows)).getvalue(), media_type="text/csv; charset=utf-8", headers=told)


def _line(desk: Desk, each: dict[str, Any]) -> list[str]:
    what, details = _action(desk, each["action"]), _details(desk, each["detail"])
    return [desk.stamp(each["at"]), each["actor"], what, each["subject"], details]


def _wanted(desk: Desk, asked: dict[str, str]) -> dict[str, Any]:
    return {
        "who": asked["who"], "action": asked["action"], "about": asked["about"], "since": desk.instant_of(asked["since"]),
        "until": desk.instant_of(asked["until"], end=True),
    }  # fmt: skip


def _action(desk: Desk, action: str) -> str:
    """What was done, in words; one that nobody gave words stands for itself."""
    try:
        return desk.say(f"actions.{action}")
    except KeyError:
        return action.replace("_", " ")


def _details(desk: Desk, detail: dict[str, Any]) -> str:
    """What the log says besides, in words; what has none is left out."""
    said = [(name, _value(desk, name, value)) for name, value in detail.items() if value not in (None, "", [])]
    parts = []
    for name, value in said:
        try:
            parts.append(desk.say("audit.detail", name=desk.say(f"details.{name}"), value=value))
        except KeyError:
            continue
    return desk.say("audit.semicolon").join(parts)


def _value(desk: Desk, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return desk.say("words.yes" if value else "words.no")
    if name in _INSTANTS and isinstance(value, int):
        return desk.day(value)
    if isinstance(value, list):
        return desk.say("words.comma").join(map(str, value))
    if name == "unit":
        return desk.unit_words.get(value, value)
    try:
        return desk.say(f"{_VALUES[name]}.{value}") if name in _VALUES else str(value)
    except KeyError:
        return str(value)


_VALUES = {
    "role": "roles", "language": "languages", "format": "formats", "verdict": "verdicts", "kind": "kinds", "how": "how",
    "resource": "resources",
}  # fmt: skip
"""Details whose values have words of their own, with the section of these."""
