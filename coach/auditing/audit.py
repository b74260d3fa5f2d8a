"""The audit of a quarter: every rule and field that is asked for, what they cost, proposals to drop or loosen (A4)."""

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coach.auditing.feedback import said_of
from coach.auditing.fields import FieldAudit, audit_fields
from coach.auditing.proposals import Proposal, proposals
from coach.auditing.rules import DAY_MS, RuleAudit, audit_rules
from coach.problems import CoachError
from coach.store import Store, tables
from coach.store.policies import current
from coach.store.viewer import Viewer, ask
from policies.documents.loader import policy_yaml
from policies.language.policy import Policy

WEEKS = 13
_version = tables.policy_version.c


class Audit(NamedTuple):
    """An audit of the policy in force from `since` to `until`, both included, ms."""

    policy: Policy
    since: int
    until: int
    rules: list[RuleAudit]
    fields: list[FieldAudit]
    proposals: list[Proposal]

    def document(self) -> dict[str, Any]:
        """As JSON; every proposal with its whole policy as YAML."""
        return {
            "policy": self.policy.name, "since": self.since, "until": self.until,
            "rules": [
                each._asdict() | {"share_followed": each.share, "share_followed_in_shadow": each.shadow_share,
                                  "fired_on": each.fired_on._asdict() | {"share_won": each.fired_on.share},
                                  "never_fired_on": each.never_fired_on._asdict() | {"share_won": each.never_fired_on.share},
                                  "changed_an_outcome": None}
                for each in self.rules
            ],
            "fields": [each._asdict() | {"share_filled": each.share} for each in self.fields],
            "proposals": [
                {"name": each.name, "action": each.action, "what": each.what, "kind": each.kind, "why": each.why._asdict(),
                 "document": policy_yaml(each.document)}
                for each in self.proposals
            ],
        }  # fmt: skip


def audit(store: Store, viewer: Viewer, now: int, weeks: int = WEEKS) -> Audit:
    """Audit the policy in force over the last weeks, for those who lead; CoachError without a policy."""
    ask(viewer, "manager", "operations", "admin")
    since = now - weeks * 7 * DAY_MS
    with store.read() as connection:
        version = current(connection)
        if version is None:
            raise CoachError("No policy is in force yet.", "尚无生效的制度。")
        policy = version.policy
        rules = audit_rules(connection, policy, since, now, said_of(connection, viewer), _begun(connection, policy))
        fields = audit_fields(connection, policy, since, now)
    return Audit(policy, since, now, rules, fields, proposals(policy, rules, fields, since))


def _begun(connection: Connection, policy: Policy) -> dict[str, int | None]:
    """Since when each rule has been in force without a break, ms."""
    begun: dict[str, int | None] = {}
    there: set[str] = set()
    for at, document in connection.execute(select(_version.activated_at, _version.document).order_by(_version.number)):
        now = {each["id"] for each in json.loads(document)["rules"] if each["mode"] != "off"}
        begun |= {rule: at for rule in now - there}
        there = now
    return {rule.id: begun.get(rule.id) for rule in policy.rules}
