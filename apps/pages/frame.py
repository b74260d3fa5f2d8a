"""The frame around every page: bar, language, colours; and the session's own state in the address.

Panel takes seconds to import, so that this module is imported only when pages are served.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, RLock

import panel as pn
import panel_material_ui as pmui
from bokeh.core.property.descriptors import UnsetValueError
from bokeh.document import Document
from markupsafe import Markup, escape
from panel.io.state import set_curdoc
from panel.util import edit_readonly
from sqlalchemy.exc import DBAPIError

from apps.pages.connection import tell_when_lost
from apps.pages.roles import PAGES
from apps.pages.texts import LANGUAGES, Speaker
from coach.serving.session_watch import CHANGED, SessionWatch, Watched
from coach.store import Viewer
from policies.documents.errors import PolicyError

_log = logging.getLogger("rehearse.pages")
_HERE = Path(__file__).parent
STYLE = "".join(
    each.read_text(encoding="utf-8") for each in (_HERE / "documents" / "assets" / "site.css", _HERE / "style.css")
)
FONT = (
    'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", '
    '"Noto Sans SC", sans-serif'
)
_THEME = {
    "palette": {"primary": {"main": "#1d5bbf"}, "success": {"main": "#0b766b"}, "warning": {"main": "#b24e08"}},
    "typography": {"fontFamily": FONT, "fontSize": 14, "button": {"textTransform": "none"}},
    "shape": {"borderRadius": 8},
    "components": {
        # The product's name gives way on a phone, so that the menu has room.
        "MuiTypography": {"styleOverrides": {"h3": {"whiteSpace": "nowrap", "@media (max-width: 520px)": {"display": "none"}}}}
    },
}


_sites: dict[Document, "Site"] = {}


def site_of(document: Document | None) -> "Site | None":
    """The site that a document of Bokeh shows."""
    return None if document is None else _sites.get(document)


class Site:
    """One visitor's session of one page: it shows what `draw` gives for a language, and draws again when that changes.

    Parameters
    ----------
    name: page of `PAGES`
    viewer: who is looking
    folder: folder of the page's texts.yaml
    draw: gives the content for the present state
    """

    def __init__(self, name: str, viewer: Viewer, folder: Path, draw: Callable[[], pn.viewable.Viewable]):
        self.name, self.viewer, self._folder, self._draw = name, viewer, folder, draw
        self.lock = RLock()  # two quick clicks may come in on two threads
        asked = argument("lang")
        self.language = asked if asked in LANGUAGES else viewer.language if viewer.language in LANGUAGES else "en"
        self.page = pmui.Page(
            title=self.say(f"page.{name}"), theme_config={"light": _THEME, "dark": _THEME}, theme_toggle=False,
            busy_indicator="linear", main=[], header=[],
        )  # fmt: skip
        self._body = pn.Column(sizing_mode="stretch_width", css_classes=["body"], stylesheets=[STYLE])
        self.problem = ""
        """What the page tells of a step that failed; empty where none did."""
        self._told = block("")
        self._close = pmui.Button(variant="outlined", size="small", on_click=lambda _: self.hush(self.problem))
        self._notice = pn.Row(
            self._told, self._close, sizing_mode="stretch_width", css_classes=["notice"], stylesheets=[STYLE], visible=False
        )
        self._foot = block("", "foot")
        self.page.main = [self._notice, self._body, self._foot]
        with edit_readonly(self.page):
            self.page.busy = False  # it stood for the steps of all people's pages, those included that were just being closed
        self._under_way, self._counting = 0, Lock()
        self.typed: Future | None = None
        """The step by which the page takes what was typed, chosen or sent last."""
        self.fate: str | None = None
        """What became of the session: ENDED or CHANGED; None while it stands."""
        self._session: Watched | None = None
        self._showing = Lock()
        document = pn.state.curdoc
        if document is not None:
            _sites[document] = self
            tell_when_lost(document, folder, self.language)
            pn.state.on_session_destroyed(_forgetting(document))
        # Without this the page of every session that ends stays in memory (Panel 1.9.4 with panel-material-ui 0.16.6).
        pn.state.on_session_destroyed(_letting_go(self.page, self._body))

    @property
    def say(self) -> Speaker:
        """The page's words in the present language."""
        return Speaker(self._folder, self.language)

    def refresh(self) -> None:
        """Draw everything anew."""
        self.page.title = self.say("page.brand")
        drawn = None if self.fate else self._drawn() if self._allowed else self._refusal()
        with self._showing:  # the session may have ended while the page was drawn
            if self.fate is None:
                self.page.header, self._body.objects, self._foot.object = [self._bar()], [drawn], self._who()
            else:
                self.page.header, self._body.objects, self._foot.object = [], [self._farewell()], ""
                self._notice.visible = False

    def _drawn(self) -> pn.viewable.Viewable:
        """The page, or what to tell somebody for whom it could not be drawn: never nothing."""
        try:
            return self._draw()
        except Exception as error:
            _log.exception("the page %s could not be drawn", self.name)
            told = Markup("<p class='callout worse' role='alert'>{}</p><p><a href='{}?lang={}'>{}</a></p>")
            words = self.say("page.not_drawn", kind=type(error).__name__)
            return block(told.format(words, self.name, self.language, self.say("page.begin_again")))

    def belong_to(self, sessions: SessionWatch, secret: str, document: Document) -> None:
        """From now on the page, which is this document, works as long as this session stands, whatever ends it."""
        self._session = session = sessions.watch(secret, self.viewer, lambda fate: _later(document, lambda: self.end(fate)))
        pn.state.on_session_destroyed(lambda _: sessions.let_go(session))

    def stands(self) -> bool:
        """Whether a step may be taken now; where the session has ended by now, the page ends with it."""
        if self.fate is None and self._session is not None:
            fate = self._session.fate()
            if fate is not None:
                self.end(fate)
        return self.fate is None

    def end(self, fate: str) -> None:
        """Show nothing more than that the session has ended."""
        if self.fate is None:
            self.fate = fate
            self.refresh()

    def _farewell(self) -> pn.viewable.Viewable:
        front, again = f"./?next={self.name}&lang={self.language}", f"{self.name}?lang={self.language}"
        where = again if self.fate == CHANGED else front
        told = Markup("<h1>{}</h1><p class='lead' role='alert'>{}</p><p><a class='onward' href='{}'>{}</a></p>")
        title, lead, onward = (self.say(f"page.{self.fate}{part}") for part in ("", "_lead", "_onward"))
        return block(told.format(title, lead, where, onward), "farewell")

    def tell(self, error: BaseException) -> None:
        """Say that a step failed, above everything else; buttons that wait for it are let go."""
        self.problem = _told(error, self.say)
        self._told.object = str(Markup("<p class='callout worse' role='alert'>{}</p>").format(self.problem))
        self._close.label = self.say("page.close")
        with self._showing:
            self._notice.visible = self.fate is None
        for waiting in self._body.select(lambda shown: getattr(shown, "loading", False)):
            waiting.loading = False

    def hush(self, problem: str) -> None:
        """Take back what was told of a step that failed, unless another has failed since."""
        if problem == self.problem:
            self.problem, self._notice.visible = "", False

    @contextmanager
    def busy(self) -> Iterator[None]:
        """The page shows that it is at work."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, steps: int) -> None:
        with self._counting:
            self._under_way += steps
            with edit_readonly(self.page), suppress(UnsetValueError):  # the browser may have gone meanwhile
                self.page.busy = self._under_way > 0

    @property
    def _allowed(self) -> bool:
        return self.viewer.role in PAGES[self.name]

    def _refusal(self) -> pn.viewable.Viewable:
        roles = ", ".join(self.say(f"roles.{role}") for role in PAGES[self.name])
        return block(f"<p class='lead'>{escape(self.say('page.not_allowed', roles=roles))}</p>")

    def _bar(self) -> pn.viewable.Viewable:
        links = Markup("").join(
            Markup("<a href='{}?lang={}' class='{}'>{}</a>").format(
                page, self.language, "here" if page == self.name else "", self.say(f"page.{page}")
            )
            for page, roles in PAGES.items()
            if self.viewer.role in roles
        )
        other = "zh" if self.language == "en" else "en"
        switch = pmui.Button(
            label={"en": "English", "zh": "中文"}[other], variant="outlined", color="light", size="small", css_classes=["lang"],
            on_click=lambda _: self.speak(other),
        )  # fmt: skip
        leave = Markup("<a class='leave' href='sign-out' title='{}'>{}</a>").format(self.viewer.name, self.say("page.sign_out"))
        nav = block(f"<nav>{links}{leave}</nav>", "links")
        return pn.Row(nav, switch, sizing_mode="stretch_width", css_classes=["bar"], stylesheets=[STYLE])

    def _who(self) -> str:
        words = Markup("<p class='note'>{} · <a href='account'>{}</a> · <a href='sign-out?everywhere=true'>{}</a></p>")
        signed_in = self.say("page.signed_in", name=self.viewer.name)
        return str(words.format(signed_in, self.say("page.account"), self.say("page.sign_out_everywhere")))

    def speak(self, language: str) -> None:
        """Change the language; the state stays."""
        self.language = language
        remember(lang=language)
        self.refresh()


def _later(document: Document, step: Callable[[], None]) -> None:
    """Do something with a document when it is free, from whatever thread."""
    with set_curdoc(document):
        pn.state.execute(step, schedule=True)


def _told(error: BaseException, say: Speaker) -> str:
    """What went wrong and what to do, in the words of the error where it has any for people."""
    own = getattr(error, say.language, None)
    if isinstance(own, str):
        return own
    if isinstance(error, PolicyError):
        return error.text(say.language)
    return say("page.store_away") if isinstance(error, DBAPIError) else say("page.step_failed", kind=type(error).__name__)


def _forgetting(document: Document) -> Callable[[object], None]:
    def forget(_session: object) -> None:
        _sites.pop(document, None)

    return forget


def _letting_go(page: pmui.Page, body: pn.Column) -> Callable[[object], None]:
    def let_go(_session: object) -> None:
        for place, name in ((body, "objects"), (page, "main"), (page, "header")):
            with suppress(UnsetValueError):  # the model on the browser's side may be gone already
                setattr(place, name, [])

    return let_go


def argument(name: str) -> str:
    """An argument of the address; empty without."""
    found = (pn.state.session_args or {}).get(name, [b""])[0]
    return found.decode("utf-8", "replace")


def remember(**arguments: str | None) -> None:
    """Put arguments into the address, so that a reload comes back here; None takes one out."""
    location = pn.state.location
    if location is None:
        return
    query = {name: value for name, value in {**location.query_params, **arguments}.items() if value is not None}
    location.search = "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""


def block(html: str | Markup, *classes: str, **options) -> pn.pane.HTML:
    """A piece of our own HTML in the pages' dress."""
    return pn.pane.HTML(str(html), stylesheets=[STYLE], css_classes=list(classes), sizing_mode="stretch_width", **options)


def columns(left: list, right: list) -> pn.viewable.Viewable:
    """Two columns, the left one wider; one below the other on a phone."""
    style = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
    return pn.Row(
        pn.Column(*left, css_classes=["wide"], **style), pn.Column(*right, css_classes=["narrow"], **style),
        css_classes=["two"], **style,
    )  # fmt: skip


def fitted(*fields: pn.viewable.Viewable) -> list[pn.viewable.Viewable]:
    """Small fields as wide as their place."""
    for field in fields:
        field.sizing_mode = "stretch_width"
        if not isinstance(field, pmui.MultiChoice):  # it counts the lines that it shows by the same name
            field.param.update(size="small")
    return [*fields]
