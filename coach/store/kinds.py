"""Kinds of record that policies of the store declare. What was declared once stays known, so that what is recorded stays."""

import json
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import Connection, select

from coach.store import tables
from policies.engine.layout import Layout, layout_of
from policies.language.policy import Policy
from policies.record.fields import Kind
from policies.record.records import RECORD_KINDS, fields_of
from policies.record.required import required_columns

_version = tables.policy_version.c


def declaring_policies(connection: Connection) -> list[Policy]:
    """The policies of the store that declare kinds, in the order in which they came into force."""
    query = select(_version.document).where(_version.document.contains('"kinds": {"')).order_by(_version.number)
    return [_read(document) for document in connection.scalars(query)]


@lru_cache(maxsize=32)
def _read(document: str) -> Policy:
    return Policy.model_validate(json.loads(document))


def known_kinds(policies: Iterable[Policy]) -> dict[str, Kind]:
    """The kinds of some policies, the latest last, by name: of a field that was declared anew the latest declaration counts."""
    known: dict[str, Kind] = {}
    for policy in policies:
        for name, kind in policy.record_kinds.items():
            before = known.get(name, kind)
            fields = {each.name: each for each in (*before.fields, *kind.fields)}
            over = {each.name: each for each in (*before.over, *kind.over)}
            known[name] = Kind(name, fields.values(), over.values(), kind.called, kind.declared)
    return known


def stored_kinds(connection: Connection) -> dict[str, Kind]:
    """The kinds that policies of the store declare."""
    return known_kinds(declaring_policies(connection))


def required_names(connection: Connection, kind: str, bits: int) -> list[str]:
    """Names of the fields that rules ask for, by the bits that a record of a kind keeps of them."""
    fields = [each.name for each in fields_of(kind) if not each.derived and not each.linked]
    declared = isinstance(kind, Kind)
    layout = layout_of([], declaring_policies(connection)) if declared else Layout({})
    asked = required_columns(len(RECORD_KINDS) if declared else RECORD_KINDS.index(kind), bits)
    return [name for name in fields if layout.place(kind, name) in asked]


def kinds_among(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """By name the kinds that stand among some names, with their fields; asks the store only where one is not built in."""
    names = set(names)
    declared = {} if names <= set(RECORD_KINDS) else stored_kinds(connection)
    return {name: declared.get(name, name) if name not in RECORD_KINDS else name for name in names}
