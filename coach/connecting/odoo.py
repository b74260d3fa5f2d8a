"""Odoo: leads, opportunities, their stages, activities and people, over JSON-2."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from coach.connecting.interface import Note, Pulled, Tables, Todo
from coach.connecting.json2 import Json2
from coach.mapping.loader import load_mapping
from coach.mapping.people_list import plain

MAPPING = Path(__file__).with_name("odoo.yaml")
FROZEN = "Frozen/冻结"
SLACK = timedelta(minutes=10)
"""A change bears the time of its beginning and is seen when it has ended: what began this long before a pull is read again."""
_TIME = "%Y-%m-%d %H:%M:%S"
_LEAD = [
    "name", "type", "active", "won_status", "date_closed", "lost_reason_id", "stage_id", "user_id", "team_id", "create_date",
    "date_conversion", "date_last_stage_update", "date_deadline", "company_currency", "expected_revenue", "partner_id",
    "partner_name", "phone",
]  # fmt: skip
HEADERS = {
    "leads": ("Id", "Owner", "Created", "Title", "Customer", "Phone", "Team", "Converted", "State", "Closed", "Reason"),
    "deals": (
        "Id", "Owner", "Created", "Title", "Customer", "Phone", "Team", "Amount", "Currency", "Expected", "First stage",
        "State", "Closed", "Reason",
    ),
    "stages": ("Id", "Deal", "At", "Stage", "Direction"),
    "activities": ("Id", "Deal", "At", "Kind"),
    "gone": ("Id",),
    "people": ("name", "unit"),
}  # fmt: skip


class Odoo:
    """One database of an Odoo server (see `interface.Crm`)."""

    source = "odoo"

    def __init__(self, url: str, key: str, database: str | None = None):
        self._api = Json2(url, key, database)
        self.address = self._api.address if database is None else f"{self._api.address} ({database})"
        self._owners: dict[str, int] | None = None
        self._frozen: int | None = None

    def close(self) -> None:
        """Let go of the server."""
        self._api.close()

    def pull(self, since: str | None) -> Pulled:
        """See `interface.Crm.pull`."""
        api = self._api
        zone = api.call("res.users", "context_get").get("tz") or "UTC"
        until = _written(api.server_time)
        after = None if since is None else (datetime.strptime(since, _TIME) - SLACK).strftime(_TIME)
        changed = list(api.rows("crm.lead", _LEAD, [] if after is None else [["write_date", ">=", after]]))
        present = {each["id"] for each in api.rows("crm.lead", ["id"], [["type", "=", "opportunity"]])}
        people = _People(api)
        stages = _Stages(api, changed, everything=after is None)
        files: Tables = {
            "leads": [_lead(each, people) for each in changed if each["type"] == "lead" or each["date_conversion"]],
            "deals": [_deal(each, people, stages) for each in changed if each["type"] == "opportunity"],
            "stages": stages.rows(),
            "activities": list(_activities(api, after, [each["id"] for each in changed], present)),
            "people": people.rows(changed),
        }
        mapping = load_mapping(MAPPING).model_copy(update={"time_zone": zone if _is_zone(zone) else "UTC"})
        return Pulled(files, HEADERS, mapping, frozenset(map(str, present)), until, api.server_time)

    def write_todo(self, todo: Todo) -> None:
        """See `interface.Crm.write_todo`. Someone whom Odoo does not know leaves it to the user of the key."""
        owner = None if todo.owner is None else self._user(todo.owner)
        values = {
            "res_model_id/id": "crm.model_crm_lead", "res_id": todo.record, "summary": todo.text, "date_deadline": todo.due,
            "activity_type_id/id": "mail.mail_activity_data_todo",
        } | ({} if owner is None else {"user_id/.id": str(owner)})  # fmt: skip
        self._api.load("mail.activity", f"rehearse.todo_{todo.number}", values)

    def write_note(self, note: Note) -> None:
        """See `interface.Crm.write_note`."""
        values = {
            "model": "crm.lead", "res_id": note.record, "body": f"<p>{escape(note.text)}</p>", "message_type": "comment",
            "subtype_id/id": "mail.mt_note",
        }  # fmt: skip
        self._api.load("mail.message", f"rehearse.note_{note.number}", values)

    def set_frozen_tag(self, record: str, frozen: bool) -> None:
        """See `interface.Crm.set_frozen_tag`."""
        if self._frozen is None:
            found = self._api.call("crm.tag", "search", domain=[["name", "=", FROZEN]], limit=1)
            self._frozen = (found or self._api.call("crm.tag", "create", vals_list=[{"name": FROZEN}]))[0]
        self._api.call("crm.lead", "write", ids=[int(record)], vals={"tag_ids": [[4 if frozen else 3, self._frozen]]})

    def _user(self, name: str) -> int | None:
        if self._owners is None:
            self._owners = {called: identifier for identifier, called in _People(self._api).names.items()}
        return self._owners.get(name)


class _People:
    """Users by the names under which they are known here: those of one name are told apart by their logins."""

    def __init__(self, api: Json2):
        users = list(api.rows("res.users", ["name", "login"]))
        alike = Counter(plain(each["name"]) for each in users)
        self.names = {
            each["id"]: each["name"] if alike[plain(each["name"])] == 1 else f"{each['name']} ({each['login']})"
            for each in users
        }
        members = api.rows("crm.team.member", ["user_id", "crm_team_id"], [["active", "=", True]])
        self._teams = {each["user_id"][0]: _name(each["crm_team_id"]) for each in members if each["user_id"]}

    def name(self, user: Any) -> str:
        """What the user of a record is called; empty for none."""
        return self.names.get(user[0], user[1]) if user else ""

    def rows(self, leads: Iterable[dict]) -> list[dict[str, str]]:
        """Members of teams, and owners of leads, with their teams."""
        owners = {each["user_id"][0] for each in leads if each["user_id"]}
        everybody = sorted((owners | self._teams.keys()) & self.names.keys())
        called = {plain(self.names[each]) for each in everybody}
        return [
            {"name": self.names[each], "unit": team if plain(team := self._teams.get(each, "")) not in called else ""}
            for each in everybody
        ]


class _Stages:
    """Stages as numbers in the order of the pipeline, and the changes of stage that Odoo has tracked of some leads."""

    def __init__(self, api: Json2, leads: list[dict], *, everything: bool):
        # Who may not read what was tracked is told so, and not of the messages that hold it.
        api.call("mail.tracking.value", "search_read", domain=[], fields=["id"], limit=1)
        ordered = sorted(api.rows("crm.stage", ["sequence"]), key=lambda each: (each["sequence"], each["id"]))
        self._number = {each["id"]: place for place, each in enumerate(ordered, start=1)}
        self._leads = [each for each in leads if each["type"] == "opportunity"]
        some = [] if everything else [["res_id", "in", [each["id"] for each in self._leads]]]
        telling = [["model", "=", "crm.lead"], ["tracking_value_ids", "!=", False]]
        messages = api.rows("mail.message", ["res_id"], [*telling, *some])
        lead_of = {each["id"]: each["res_id"] for each in messages}
        about = [["field_id.model", "=", "crm.lead"], ["field_id.name", "=", "stage_id"]]
        some = [] if everything else [["mail_message_id", "in", list(lead_of)]]
        fields = ["old_value_integer", "new_value_integer", "mail_message_id", "create_date"]
        tracked = list(api.rows("mail.tracking.value", fields, [*about, *some]))
        self._tracked: dict[int, list[dict]] = {}
        for each in tracked:
            self._tracked.setdefault(lead_of.get(each["mail_message_id"][0], 0), []).append(each)

    def first(self, lead: dict) -> str:
        """Number of the stage in which a deal began."""
        tracked = self._tracked.get(lead["id"])
        return self._written(tracked[0]["old_value_integer"] if tracked else lead["stage_id"] and lead["stage_id"][0])

    def rows(self) -> list[dict[str, str]]:
        """Every change, and the present stage where it was reached without being tracked."""
        found = []
        for lead in self._leads:
            tracked, now = self._tracked.get(lead["id"], []), lead["stage_id"] and lead["stage_id"][0]
            changes = [
                (f"stage {each['id']}", each["create_date"], each["old_value_integer"], each["new_value_integer"])
                for each in tracked
            ]
            if tracked and now and tracked[-1]["new_value_integer"] != now:
                key = f"stage {lead['id']} {now} {lead['date_last_stage_update']}"
                changes.append((key, lead["date_last_stage_update"], tracked[-1]["new_value_integer"], now))
            for key, at, old, new in changes:
                if new in self._number:
                    forward = self._number[new] > self._number.get(old, 0)
                    found.append({
                        "Id": key, "Deal": str(lead["id"]), "At": _at(at), "Stage": self._written(new),
                        "Direction": "forward" if forward else "back",
                    })  # fmt: skip
        return found

    def _written(self, stage: Any) -> str:
        return str(self._number.get(stage, ""))


def _common(lead: dict, people: _People) -> dict[str, str]:
    state = {"won": "won", "lost": "lost"}.get(lead["won_status"], "open" if lead["active"] else "archived")
    return {
        "Id": str(lead["id"]), "Owner": people.name(lead["user_id"]), "Created": _at(lead["create_date"]),
        "Title": lead["name"] or "", "Customer": _name(lead["partner_id"]) or lead["partner_name"] or "",
        "Phone": lead["phone"] or "", "Team": _name(lead["team_id"]), "State": state,
        "Closed": "" if state == "open" else _at(lead["date_closed"]),
        "Reason": _name(lead["lost_reason_id"]) if state == "lost" else "",
    }  # fmt: skip


def _lead(lead: dict, people: _People) -> dict[str, str]:
    row = _common(lead, people) | {"Converted": _at(lead["date_conversion"])}
    return row | ({} if lead["type"] == "lead" else {"State": "", "Closed": "", "Reason": ""})


def _deal(lead: dict, people: _People, stages: _Stages) -> dict[str, str]:
    return _common(lead, people) | {
        "Amount": repr(lead["expected_revenue"] or 0.0), "Currency": _name(lead["company_currency"]),
        "Expected": lead["date_deadline"] or "", "First stage": stages.first(lead),
    }  # fmt: skip


def _activities(api: Json2, after: str | None, changed: list[int], deals: set[int]) -> Iterable[dict[str, str]]:
    """Done activities and mails of deals: those that are new, and all of deals that have changed."""
    kinds = {each["id"]: each["category"] for each in api.rows("mail.activity.type", ["category"])}
    told = ["|", ["mail_activity_type_id", "!=", False], ["message_type", "in", ["email", "email_outgoing"]]]
    new = [] if after is None else ["|", ["create_date", ">=", after], ["res_id", "in", changed]]
    fields = ["res_id", "date", "message_type", "mail_activity_type_id"]
    for each in api.rows("mail.message", fields, [["model", "=", "crm.lead"], *told, *new]):
        if each["res_id"] in deals:
            done = each["mail_activity_type_id"]
            kind = kinds.get(done[0], "") if done else each["message_type"]
            yield {"Id": f"message {each['id']}", "Deal": str(each["res_id"]), "At": _at(each["date"]), "Kind": kind or ""}


def _name(link: Any) -> str:
    """What a link to another row shows; empty for none."""
    return link[1] if link else ""


def _at(time: str | bool) -> str:
    """An instant of Odoo, which is UTC, with that said."""
    return f"{time}Z" if time else ""


def _written(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).strftime(_TIME)


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False
