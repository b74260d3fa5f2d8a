"""Validations of policies: which document was validated, by whom, and whether it passed."""

import hashlib
import json
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from coach.store import tables
from coach.store.database import next_number
from coach.store.store import Store
from policies.language.policy import Policy

_validation = tables.validation.c
_WORDS = ("name", "extends", "title", "summary", "guardrails")


class Validated(NamedTuple):
    """One validation; `at` in ms."""

    number: int
    policy: str
    passed: bool
    at: int
    by: str


def digest_of(policy: Policy) -> str:
    """What tells a policy from another one: all that acts, whatever the modes of its rules."""
    document = policy.model_dump(mode="json", exclude=set(_WORDS))
    document["rules"] = [{name: value for name, value in rule.items() if name != "mode"} for rule in document["rules"]]
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def keep_validation(store: Store, policy: Policy, passed: bool, at: int, by: str) -> int:
    """Write down how a validation ended; returns its number."""
    with store.write() as connection:
        number = next_number(connection, _validation.number) or 1
        connection.execute(
            insert(tables.validation).values(
                number=number, digest=digest_of(policy), policy=policy.name, passed=passed, at=at, by=by
            )
        )
        return number


def latest_validation(connection: Connection, policy: Policy) -> Validated | None:
    """How the latest validation of a policy ended, whatever the modes of its rules; None if there was none."""
    columns = (_validation.number, _validation.policy, _validation.passed, _validation.at, _validation.by)
    query = select(*columns).where(_validation.digest == digest_of(policy)).order_by(_validation.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else Validated(*row)
