"""The processes of the guide to records of a firm's own kinds, and a desk at which one of them is in force."""

import re
from functools import cache
from pathlib import Path

from coach.mapping.document import Mapping
from policies.documents.document import plain_yaml
from policies.language.policy import Policy
from tests.coach.firm import Firm
from tests.coach.signed_in import Desk

GUIDE = Path(__file__).parents[2] / "docs" / "own-records.md"


@cache
def mapping() -> Mapping:
    """The mapping of the guide."""
    [found] = re.findall(r"```yaml mapping\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return Mapping.model_validate(plain_yaml(found))


@cache
def processes() -> dict[str, Policy]:
    """The policies of the guide by name."""
    found = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return {policy.name: policy for policy in map(Policy.model_validate, map(plain_yaml, found))}


class OwnRecords(Desk):
    """What people of a firm post about records of its own kinds, through the interface, under a process of the guide."""

    def __init__(self, folder: Path, process: str):
        super().__init__(Firm(folder, processes()[process]))
        self._keys = 0

    def event(self, event: str, kind: str, record: str, /, at: int | None = None, **told) -> dict:
        """An event as it is posted: `intent` and `voids` are its own, all else is payload."""
        self._keys += 1
        own = {name: told.pop(name) for name in ("intent", "voids", "unit") if name in told}
        return {
            "source": "erp", "key": f"e-{self._keys}", "event": event, "kind": kind, "record": record, "unit": "rep-1",
            "acted_at": self.firm.now if at is None else at, "payload": told, **own,
        }  # fmt: skip

    def post(self, event: str, kind: str, record: str, /, **told) -> dict:
        """Post an event that has to be taken."""
        answer = self.ask("operations", "POST", "/events", json={"events": [self.event(event, kind, record, **told)]})
        assert answer.json().get("accepted") == 1, answer.json()
        return answer.json()

    def refused(self, gate: str, event: str, kind: str, record: str, /, **told) -> dict:
        """What a gate says to a step; empty where it lets it pass."""
        answer = self.ask("rep", "POST", f"/gates/{gate}", json=self.event(event, kind, record, **told))
        assert answer.status_code in (200, 409), answer.json()
        return {} if answer.status_code == 200 else answer.json()

    def record(self, kind: str, record: str) -> dict:
        """A record as it stands."""
        return self.ask("rep", "GET", f"/records/{kind}/{record}").json()

    def opens(self, path: str) -> list[tuple]:
        """Rule and record of to-dos or notices."""
        return [(each["rule"], each["record_id"]) for each in self.ask("operations", "GET", path).json()]
