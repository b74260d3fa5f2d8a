"""Pages that are open on a server in this process, and the steps that a browser would send from them."""

import json
import time
from itertools import count
from threading import Event

import httpx
import panel as pn
import panel_material_ui as pmui
from bokeh.document import Document
from panel.io.state import set_curdoc
from panel.models.esm import DataEvent
from panel.models.reactive_html import DOMEvent
from sqlalchemy import MetaData, select

from apps.pages.frame import Site, site_of
from apps.pages.steps import Steps
from coach.api.access import COOKIE
from coach.store import SYSTEM, Store, people
from coach.store.appending import now_ms
from coach.store.sessions import SESSION_MS, keep_token

ROLES = {
    "lab": ("manager", "company"), "dojo": ("trainer", None), "gate": ("operations", None), "data": ("operations", None),
}  # fmt: skip
"""Pages, each with a role that may use it, and a unit."""
_TARGETS = {
    "lab": (pmui.Button, "edit"), "dojo": (pmui.Button, "start-floor-store"),
    "gate": (pmui.IntInput, "ask-max_pairs"), "data": (pmui.FileInput, "drop"),
}  # fmt: skip
PATIENCE = 300.0
_SOON = 0.1
_numbers = count()


class Opened:
    """A page that a person of its own has open."""

    def __init__(self, url: str, store: Store, name: str, language: str = "en"):
        self.url, self.store, self.name, self.person = url, store, name, f"visitor-{next(_numbers)}"
        role, unit = ROLES[name]
        people.add_person(store, SYSTEM, now_ms(), name=self.person, role=role, unit=unit)
        self.secret = self.session()
        before = set(_documents())
        assert self.get(f"/{name}?lang={language}").status_code == 200
        (self.document,) = set(_documents()) - before
        self.site: Site = site_of(self.document)
        self.aim()

    def session(self) -> str:
        """The secret of a session of this person, as on another device."""
        with self.store.write() as connection:
            return keep_token(connection, self.person, "session", now_ms(), now_ms() + SESSION_MS, session=True)

    def get(self, path: str) -> httpx.Response:
        """What the browser of this page is answered."""
        return httpx.get(self.url + path, cookies={COOKIE: self.secret}, timeout=PATIENCE)

    def step(self) -> None:
        """Begin something that changes the store, as from a browser that was told nothing since the page was opened."""
        self.within(self._do)

    def aim(self) -> None:
        """Take further steps with what stands on the page now."""
        kind, name = _TARGETS[self.name]
        found = self.site._body.select(lambda each: isinstance(each, kind) and name in ["", *each.css_classes])
        ((self._target, _),) = found[0]._models.values()

    def _do(self) -> None:
        if self.name == "gate":
            self._target.data.value += 1
        elif self.name == "data":
            piece = {"status": "upload_event", "name": "no-table.csv", "chunk": 1, "total_chunks": 1, "data": b"nothing\n"}
            for message in (piece, {"status": "finished"}):
                self.document.callbacks.trigger_event(DataEvent(self._target, data=message))
        else:
            self.document.callbacks.trigger_event(DOMEvent(self._target, node="click", data={}))

    def within(self, step) -> None:
        """Do something with the document as the server would: when it is free."""
        done = Event()
        with set_curdoc(self.document):
            pn.state.execute(lambda: (step(), done.set()), schedule=True)
        assert done.wait(PATIENCE)

    @property
    def told(self) -> str:
        """Everything that a browser would be told if it asked for the page now."""
        found: list[str] = []
        self.within(lambda: found.append(json.dumps(self.document.to_json(), ensure_ascii=False, default=str)))
        return found[0]


def settle(pages: list[Opened]) -> None:
    """Wait until all that was begun on these pages is done."""
    for _ in range(2):
        time.sleep(_SOON)
        for page in pages:
            while page.document in pn.state._change_callbacks:
                time.sleep(_SOON)
            page.within(lambda: None)
        pn.state._thread_pool.submit(lambda: None).result(PATIENCE)


def one_thread() -> Steps:
    """Threads by which steps end in the order in which they began, so that `settle` knows."""
    return Steps(1)


def kept(store: Store) -> dict[str, list]:
    """All rows of a store but those about people and their sessions."""
    tables = MetaData()
    tables.reflect(store.engine)
    with store.read() as connection:
        return {
            name: connection.execute(select(table)).all()
            for name, table in tables.tables.items()
            if name not in ("person", "token", "audit")
        }


def _documents() -> list[Document]:
    from apps.pages import frame

    return list(frame._sites)
