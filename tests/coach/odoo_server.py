"""A server that answers JSON-2 as Odoo 19 does, as far as the coach asks, with one small sales team in it."""

import json
import operator
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "0123456789abcdef"
_STAGES = ("New", "Qualified", "Proposition", "Won")
_LINKS = {"user_id": "res.users", "stage_id": "crm.stage", "team_id": "crm.team", "lost_reason_id": "crm.lost.reason",
          "company_currency": "res.currency", "partner_id": "res.partner", "crm_team_id": "crm.team",
          "mail_activity_type_id": "mail.activity.type", "mail_message_id": "mail.message"}  # fmt: skip

_SIGNS = {"=": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge, "in": lambda value, some: value in some}


class FakeOdoo:
    """The database. `apps`: whether the app CRM is there; `forbidden`: models that the key may not use."""

    def __init__(self):
        self.tables: dict[str, dict[int, dict[str, Any]]] = {}
        self.external: dict[str, int] = {}
        self.crm, self.forbidden = True, set()
        for place, name in enumerate(_STAGES, start=1):
            self.add("crm.stage", name=name, sequence=place, is_won=name == "Won")
        self.add("res.currency", name="EUR")
        self.add("crm.team", name="Sales")
        self.add("crm.lost.reason", name="Too expensive")
        for name, category in (("Call", "phonecall"), ("To-Do", "default")):
            self.add("mail.activity.type", name=name, category=category)
        for name in ("Ann Lee", "Wang Wei"):
            self.add("res.users", name=name, login=name.split()[0].lower())
        self.add("crm.team.member", user_id=1, crm_team_id=1)

    def add(self, model: str, /, **values: Any) -> int:
        table = self.tables.setdefault(model, {})
        number = max(table, default=0) + 1
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        table[number] = {"id": number, "active": True, "create_date": now, "write_date": now} | values
        return number

    def call(self, model: str, method: str, arguments: dict[str, Any]) -> Any:
        """What a call answers. KeyError for what is not there."""
        if (model, method) == ("res.users", "context_get"):
            return {"lang": "en_US", "tz": "Asia/Shanghai", "uid": 1}
        if method in ("create", "write", "unlink", "load", "search", "search_read", "action_set_lost"):
            return getattr(self, method)(model, **arguments)
        raise KeyError(method)

    def search_read(self, model, domain, fields, limit=None, context=None, **_order):
        ids = self.search(model, domain, limit=limit, context=context)
        return [{"id": each} | {name: self._told(model, each, name) for name in fields} for each in ids]

    def search(self, model, domain, limit=None, context=None):
        archived = context is not None or any(term[0] == "active" for term in domain if isinstance(term, list))
        rows = self.tables.get(model, {}).values()
        found = [row["id"] for row in rows if (archived or row["active"]) and self._fits(row, domain)]
        return found[:limit]

    def create(self, model, vals_list):
        usual = {"crm.lead": {"stage_id": 1, "company_currency": 1, "team_id": 1, "won_status": "pending", "type": "lead"}}
        return [self.add(model, **usual.get(model, {}) | values) for values in vals_list]

    def write(self, model, ids, vals):
        for each in ids:
            row = self.tables[model][each]
            if vals.get("stage_id") not in (None, row.get("stage_id")):
                message = self.add("mail.message", model=model, res_id=each, tracking_value_ids=[1])
                self.add("mail.tracking.value", old_value_integer=row["stage_id"], new_value_integer=vals["stage_id"],
                         mail_message_id=message, field_id=1)  # fmt: skip
                row["won_status"] = "won" if vals["stage_id"] == len(_STAGES) else "pending"
            row |= {"write_date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")}
            tags = row.setdefault("tag_ids", [])
            for command, tag in vals.get("tag_ids", []):
                tags[:] = sorted({*tags, tag}) if command == 4 else [one for one in tags if one != tag]
            row |= {name: value for name, value in vals.items() if name != "tag_ids"}
            if row.get("active") and row.get("won_status") == "lost":
                row |= {"won_status": "pending", "date_closed": False}
            if row.get("won_status") == "won":
                row["date_closed"] = row["write_date"]
        return True

    def action_set_lost(self, model, ids, lost_reason_id):
        self.write(model, ids, {"active": False, "lost_reason_id": lost_reason_id})
        for each in ids:
            self.tables[model][each] |= {"won_status": "lost", "date_closed": self.tables[model][each]["write_date"]}

    def unlink(self, model, ids):
        for each in ids:
            del self.tables[model][each]
        return True

    def load(self, model, fields, data):
        numbers = []
        for row in data:
            values = dict(zip(fields[1:], row[1:], strict=True))
            name = f"{model} {row[0]}"
            if name not in self.external:
                self.external[name] = self.add(model)
            values["res_id"] = int(values["res_id"])
            self.tables[model][self.external[name]] |= values | {"res_model": "crm.lead"}
            numbers.append(self.external[name])
        return {"ids": numbers, "messages": [], "nextrow": 0}

    def _told(self, model: str, row: int, name: str) -> Any:
        value = self.tables[model][row].get(name, False)
        if name in _LINKS and value is not False:
            return [value, self.tables.get(_LINKS[name], {}).get(value, {}).get("name", False)]
        return value

    def _fits(self, row: dict[str, Any], domain: list) -> bool:
        terms, either = [], []
        for term in domain:
            if term == "|":
                either.append(len(terms))
            else:
                terms.append(self._holds(row, *term))
        for place in reversed(either):
            terms[place : place + 2] = [terms[place] or terms[place + 1]]
        return all(terms)

    def _holds(self, row: dict[str, Any], name: str, sign: str, wanted: Any) -> bool:
        if name.startswith("field_id."):
            return True
        return _SIGNS[sign](row.get(name, False), wanted)


@contextmanager
def served(odoo: FakeOdoo) -> Iterator[str]:
    """The address of a server of that database."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "{}")
            _, _, _, model, method = self.path.split("/")
            if self.headers.get("Authorization") != f"bearer {KEY}":
                self._answer(401, {"name": "werkzeug.exceptions.Unauthorized", "message": "Invalid apikey"})
            elif model == "crm.lead" and not odoo.crm:
                self._answer(404, {"name": "werkzeug.exceptions.NotFound", "message": f"the model {model!r} does not exist"})
            elif model in odoo.forbidden:
                self._answer(403, {"name": "odoo.exceptions.AccessError", "message": "You are not allowed"})
            else:
                self._answer(200, odoo.call(model, method, body))

        def _answer(self, status: int, told: Any) -> None:
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
