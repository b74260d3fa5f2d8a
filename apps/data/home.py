"""Where an import begins: a place to drop files, and the imports that there were."""

from pathlib import Path

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup, escape

from apps.data.receiving import MOST_DROPPED, drop_field
from apps.pages.frame import STYLE, block
from apps.pages.instants import clock
from apps.pages.keeping import Kept

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_BELOW = (14, 0, 0, 0)


class Home:
    """The beginning, for one visitor."""

    def __init__(self, page):
        self.page = page
        self._folder: Path | None = None

    def draw(self) -> pn.viewable.Viewable:
        """The field for files and the list."""
        say = self.page.site.say
        problem = [block(f"<p class='callout worse'>{escape(say(self.page.problem))}</p>")] if self.page.problem else []
        head = block(f"<h1>{escape(say('home.title'))}</h1><p class='lead'>{escape(say('home.lead'))}</p>")
        field = drop_field(say("home.drop"), self._place, self._landed)
        kinds = block(f"<p class='note'>{escape(say('home.kinds', most=MOST_DROPPED // 1_000_000))}</p>")
        return pn.Column(*problem, head, pn.Column(field, kinds, css_classes=["box"], **_WIDE), self._saved(), **_WIDE)

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = self.page.folder(None)
        return self._folder

    def _landed(self) -> None:
        folder, self._folder = self._place(), None
        self.page.dropped(folder)

    def _saved(self) -> pn.viewable.Viewable:
        say = self.page.site.say
        rows = [self._row(kept) for kept in self.page.keeping.all("import")]
        content = rows or [block(f"<p class='note'>{escape(say('home.none'))}</p>")]
        heading = block(f"<h3>{escape(say('home.saved'))}</h3>")
        return pn.Column(heading, *content, css_classes=["box", "saved"], margin=_BELOW, **_WIDE)

    def _row(self, kept: Kept) -> pn.viewable.Viewable:
        say = self.page.site.say
        note = f"{clock(self.page.store, kept.changed_at)} · {say('home.' + kept.state['state'])}"
        words = Markup("{}<br><span class='note'>{}</span>").format(kept.title[say.language], note)
        button = pmui.Button(label=say("home.open"), variant="text", size="small", on_click=lambda _: self.page.show(kept.id))
        return pn.Row(block(words), button, **_WIDE)
