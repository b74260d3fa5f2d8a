"""One visitor at the administration: what its pages draw with, and what its forms do their work with."""

import secrets
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from markupsafe import Markup

from apps.pages.documents.entry import Visit
from apps.pages.texts import Speaker
from coach.problems import CoachError
from coach.rules.service import Service
from coach.store import Store, Viewer, reading
from coach.store.people import STAFFED
from policies.words.vocabulary import CHOICES

FOLDER = Path(__file__).parent
MOST_FIELDS = 60


async def typed(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, without the blanks around them."""
    sent = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qsl(sent, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise CoachError("The form holds too many fields; nothing was done.", "表单字段过多，未作任何更改。") from None
    return {name: value if "password" in name else value.strip() for name, value in fields}


Typed = Annotated[dict[str, str], Depends(typed)]


class Once:
    """Secrets that were just made, each shown once to the session that made it, and kept in memory until then."""

    MOST = 100

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], str] = {}
        self._lock = Lock()

    def put(self, visit: Visit, secret: str) -> str:
        """Keep a secret; returns the name by which its page asks for it."""
        name = secrets.token_urlsafe(6)
        with self._lock:
            while len(self._kept) >= self.MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[visit.token, name] = secret
        return name

    def take(self, visit: Visit, name: str) -> str | None:
        """The secret of that name; None where it was shown already, or is another session's."""
        with self._lock:
            return self._kept.pop((visit.token, name), None)


class Desk:
    """A visitor at one page of the administration.

    Parameters
    ----------
    state: the application's
    form: what was sent; empty where a page is only opened
    """

    def __init__(self, request: Request, visit: Visit, once: Once, form: dict[str, str] | None = None):
        self.request, self.visit, self.once, self.form = request, visit, once, form or {}
        self.state = request.app.state
        self.store: Store = self.state.store
        self.service: Service = self.state.service
        self.viewer: Viewer = visit.viewer
        self.query = dict(request.query_params)
        self.now: int = self.service.clock()
        self.say = Speaker(FOLDER, visit.language)
        self.problem = ""
        """Why what was sent could not be done."""

    @cached_property
    def zone(self) -> str:
        """The firm's time zone."""
        return self.store.calendar.zone

    @cached_property
    def is_admin(self) -> bool:
        """Whether the visitor may see people and secrets."""
        return self.viewer.role == "admin"

    @cached_property
    def unit_words(self) -> dict[str, str]:
        """What desks, and units with a title, are called, by the name under which people belong to them."""
        place = self.visit.language == "zh"
        return {name: CHOICES[name][place] for name in STAFFED} | reading.unit_titles(self.store)

    @property
    def told(self) -> str:
        """What became of the form that led to this page; empty for nothing to tell."""
        name = self.query.get("told", "")
        try:
            return "" if self.problem or not name else self.say(f"told.{name}")
        except KeyError:
            return ""

    def stamp(self, instant: float | None) -> str:
        """An instant (ms) in the firm's time zone, such as 2026-03-01 09:30; a dash for none."""
        if instant is None:
            return "–"
        return f"{datetime.fromtimestamp(instant / 1000, ZoneInfo(self.zone)):%Y-%m-%d %H:%M}"

    def day(self, instant: float | None) -> str:
        """The day of an instant (ms)."""
        return self.stamp(instant).partition(" ")[0]

    def instant_of(self, day: str, end: bool = False) -> int | None:
        """The beginning, or the end, of a day that was typed as 2026-03-01, in ms; None for nothing typed."""
        from datetime import date, timedelta

        if not day:
            return None
        try:
            wanted = date.fromisoformat(day) + timedelta(days=1 if end else 0)
            return self.store.calendar.midnight(wanted)
        except (ValueError, OverflowError):
            shown = day[:20]
            raise CoachError(
                f"{shown!r} is no day; write it as 2026-03-01.", f"“{shown}”不是日期，请写成 2026-03-01。"
            ) from None

    def link(self, page: str, **told: Any) -> str:
        """The address of a page of the administration, in the visitor's language."""
        kept = {name: str(value) for name, value in told.items() if value not in ("", None)}
        return f"/admin/{page}?" + urlencode(kept | {"lang": self.visit.language})

    def was(self, name: str, otherwise: Any = "") -> Any:
        """What stood in a field of the form that could not be done, or else what is so."""
        return self.form.get(name, otherwise) if self.problem else otherwise

    def render(self, template: str, **values: Any) -> Markup:
        """A part of the page from the template of that name."""
        return Markup(_template(template).render(desk=self, say=self.say, link=self.link, was=self.was, **values))  # noqa: S704


@cache
def _template(name: str):
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(name)
