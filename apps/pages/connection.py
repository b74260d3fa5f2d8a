"""A page whose server is out of reach says so by itself: there is nobody else left to say it."""

from pathlib import Path

from bokeh.document import Document
from bokeh.events import ClientReconnected, ConnectionLost
from bokeh.models import CustomJS

from apps.pages.texts import LANGUAGES, Speaker

_CODE = (Path(__file__).parent / "connection.js").read_text(encoding="utf-8")


def tell_when_lost(document: Document, folder: Path, language: str) -> None:
    """Show it in the browser when the connection is lost, until it is there again."""
    speakers = {each: Speaker(folder, each) for each in LANGUAGES}
    texts = {each: {"told": say("page.lost"), "again": say("page.lost_again")} for each, say in speakers.items()}
    for event, lost in ((ConnectionLost, True), (ClientReconnected, False)):
        document.js_on_event(event, CustomJS(args={"texts": texts, "spoken": language, "lost": lost}, code=_CODE))
