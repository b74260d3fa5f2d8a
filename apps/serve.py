"""Everything on one address: the coach's interface, and the pages that are added here."""

import importlib
import secrets
from pathlib import Path
from typing import NamedTuple

import platformdirs
from fastapi import FastAPI
from sqlalchemy import func, select

from coach.api.address import Address
from coach.api.app import create_app
from coach.store import SYSTEM, Store, people, tables
from coach.store.appending import now_ms

PAGES: tuple[str, ...] = ("apps.pages.mount:mount",)
"""Pages, as "module:function". Each function is given the application, and adds itself with `panel.io.fastapi.add_application`;
the store and the service stand in `app.state`, and `coach.api.access.COOKIE` names the session's cookie."""


class SignIn(NamedTuple):
    """A sign-in that was just made."""

    name: str
    password: str
    role: str
    unit: str | None


def application(store: Store, *, public: Address | None = None) -> FastAPI:
    """The interface with all pages. `public`: the address by which browsers come, as for `create_app`."""
    app = create_app(store, public=public)
    for place in PAGES:
        module, _, function = place.partition(":")
        getattr(importlib.import_module(module), function)(app)
    return app


def default_place(demo: bool) -> Path:
    """Where the store stands unless told otherwise; the sample firm has a place of its own."""
    return Path(platformdirs.user_data_dir("rehearse")) / ("demo.db" if demo else "store.db")


def is_empty(store: Store) -> bool:
    """Whether nothing was ever recorded and nobody was ever added."""
    with store.read() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (tables.event, tables.person)]
    return not any(counts)


def first_sign_ins(store: Store) -> list[SignIn]:
    """An admin for a store without anybody, with a password that is kept nowhere; nothing for others."""
    if people.people(store, SYSTEM):
        return []
    return [new_sign_in(store, "admin", "admin", None)]


def new_sign_in(store: Store, name: str, role: str, unit: str | None) -> SignIn:
    """Add a person with a password made up on the spot."""
    password = secrets.token_urlsafe(9)
    people.add_person(store, SYSTEM, now_ms(), name=name, role=role, unit=unit, password=password)
    return SignIn(name, password, role, unit)
