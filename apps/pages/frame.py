"""The frame around every page: bar, language, colours; and the session's own state in the address.

Panel takes seconds to import, so that this module is imported only when pages are served.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import RLock

import panel as pn
import panel_material_ui as pmui
from bokeh.core.property.descriptors import UnsetValueError
from markupsafe import Markup, escape

from apps.pages.roles import PAGES
from apps.pages.texts import LANGUAGES, Speaker
from coach.store import Viewer

_log = logging.getLogger("rehearse.pages")
STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
FONT = (
    'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", '
    '"Noto Sans SC", sans-serif'
)
_THEME = {
    "palette": {"primary": {"main": "#1d5bbf"}, "success": {"main": "#0b766b"}, "warning": {"main": "#b24e08"}},
    "typography": {"fontFamily": FONT, "fontSize": 14, "button": {"textTransform": "none"}},
    "shape": {"borderRadius": 8},
}


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
        self.page.main = [self._body]
        # Without this the page of every session that ends stays in memory (Panel 1.9.4 with panel-material-ui 0.16.6).
        pn.state.on_session_destroyed(_letting_go(self.page, self._body))

    @property
    def say(self) -> Speaker:
        """The page's words in the present language."""
        return Speaker(self._folder, self.language)

    def refresh(self) -> None:
        """Draw everything anew."""
        self.page.title = self.say("page.brand")
        self.page.header = [self._bar()]
        self._body.objects = [self._drawn() if self._allowed else self._refusal()]

    def _drawn(self) -> pn.viewable.Viewable:
        """The page, or what to tell somebody for whom it could not be drawn: never nothing."""
        try:
            return self._draw()
        except Exception as error:
            _log.exception("the page %s could not be drawn", self.name)
            told = Markup("<p class='callout worse' role='alert'>{}</p><p><a href='{}?lang={}'>{}</a></p>")
            words = self.say("page.not_drawn", kind=type(error).__name__)
            return block(told.format(words, self.name, self.language, self.say("page.begin_again")))

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
        return pn.Row(
            block(f"<nav>{links}{leave}</nav>"), switch, sizing_mode="stretch_width", css_classes=["bar"], stylesheets=[STYLE]
        )

    def speak(self, language: str) -> None:
        """Change the language; the state stays."""
        self.language = language
        remember(lang=language)
        self.refresh()


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
