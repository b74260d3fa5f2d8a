"""A firm behind its interface, with one person in each role who is signed in by a token."""

from fastapi.testclient import TestClient

from coach.api.app import create_app
from coach.store import SYSTEM, people
from coach.store.viewer import ROLES
from tests.coach.firm import Firm

UNITS = {"rep": "rep-1", "manager": "team-1", "desk": "presales"}
PASSWORD = "a long enough one"


class Desk:
    """Clients by role; `peer` is the rep beside the first."""

    def __init__(self, firm: Firm):
        self.firm = firm
        self.app = create_app(firm.store, clock=lambda: firm.now, background=False)
        firm.service = self.app.state.service
        firm.service.clock = lambda: firm.now
        self.tokens = {role: self._token(role, role, UNITS.get(role)) for role in ROLES}
        self.tokens["peer"] = self._token("peer", "rep", "rep-2")

    def _token(self, name: str, role: str, unit: str | None) -> str:
        people.add_person(self.firm.store, SYSTEM, self.firm.now, name=name, role=role, unit=unit)
        return people.new_token(self.firm.store, SYSTEM, name, "test", self.firm.now)

    def person(self, name: str, role: str, unit: str | None) -> None:
        """One more person, who asks by that name."""
        self.tokens[name] = self._token(name, role, unit)

    def ask(self, role: str | None, method: str, path: str, **told):
        """One request as somebody; None for nobody."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        client = TestClient(self.app, raise_server_exceptions=False)
        return client.request(method, f"/api/v1{path}", headers=headers, **told)
