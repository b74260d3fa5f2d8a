"""A firm behind its documents, and people who are signed in and send forms, without a browser."""

import re
from html import unescape

from fastapi.testclient import TestClient

from apps.pages.mount import documents
from coach.api.access import COOKIE
from coach.api.app import create_app
from coach.store import SYSTEM, people
from coach.store.sessions import SESSION_MS, keep_token
from coach.store.viewer import ROLES
from tests.coach.firm import STALL, Firm, policy_of
from tests.coach.signed_in import UNITS

_TOKEN = re.compile(r'name="form-token" content="(\w+)"')


class Office:
    """Visitors by role over one firm."""

    def __init__(self, folder):
        self.firm = Firm(folder, policy_of(STALL, notices={"deputy": True}))
        self.app = create_app(self.firm.store, clock=lambda: self.firm.now, background=False)
        documents(self.app)
        self.firm.service = self.app.state.service
        for role in ROLES:
            people.add_person(self.firm.store, SYSTEM, self.firm.now, name=role, role=role, unit=UNITS.get(role))

    def visitor(self, name: str, language: str = "en") -> "Visitor":
        """Somebody who has just signed in."""
        return Visitor(self, name, language)


class Visitor:
    """A signed-in person. `page` is what was seen last."""

    def __init__(self, office: Office, name: str | None, language: str = "en"):
        self.client = TestClient(office.app, follow_redirects=False)
        self.client.headers["accept-language"] = language
        self.page = ""
        if name is not None:
            with office.firm.store.write() as connection:
                now = office.firm.now
                self.secret = keep_token(connection, name, "session", now, now + SESSION_MS, session=True)
            self.client.cookies.set(COOKIE, self.secret)

    def open(self, address: str):
        """What a page answers."""
        answer = self.client.get(address)
        self.page = unescape(answer.text)
        return answer

    def send(self, address: str, do: str = "", token: str | None = None, **fields):
        """Send a form of a page, and open the page to which that leads."""
        self.open(address)
        found = _TOKEN.search(self.page)
        told = {"token": (found[1] if found else "") if token is None else token, "do": do, **fields}
        answer = self.client.post(address, data=told)
        if answer.status_code == 303:
            return self.open(answer.headers["location"])
        self.page = unescape(answer.text)
        return answer
