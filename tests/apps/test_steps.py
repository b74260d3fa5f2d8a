"""Steps of a page: what was typed counts when the button behind it is pressed, however long the look at the session takes."""

import time
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from bokeh.document import Document
from panel.models.esm import DataEvent

from apps.pages import steps
from apps.pages.steps import Steps


class Typed:
    """A field as Panel hands it on."""

    def __init__(self):
        self.value, self.pressed = "", []

    def _change_event(self, document: Document) -> None:
        assert isinstance(document, Document)
        self.value = "10"

    def press(self, document: Document) -> None:
        """A button that reads the field."""
        assert isinstance(document, Document)
        self.pressed.append(self.value)


    def _process_bokeh_event(self, document: Document, event: DataEvent) -> None:
        """A file that is sent in pieces, as Panel hands them on."""
        assert isinstance(document, Document)
        self.pressed.append(event.data["status"])


@pytest.mark.parametrize("slow", [0.0, 0.2])
def test_pieces_of_a_file_are_taken_in_order_and_before_the_news_that_all_are_there(slow, monkeypatch):
    looks = iter([slow, slow / 2, 0.0])
    site = SimpleNamespace(problem="", typed=None, hush=lambda _: None, busy=nullcontext)
    site.stands = lambda: time.sleep(next(looks)) is None
    monkeypatch.setattr(steps, "site_of", lambda document: site if document is not None else None)
    document, field = Document(), Typed()
    with Steps(2) as pool:
        for status in ("upload_event", "upload_event", "finished"):
            pool.submit(field._process_bokeh_event, document, DataEvent(None, data={"status": status}))
    assert field.pressed == ["upload_event", "upload_event", "finished"]


@pytest.mark.parametrize("slow", [0.0, 0.2])
def test_a_button_sees_what_was_typed_before_it_was_pressed(slow, monkeypatch):
    looks = iter([slow, 0.0])

    def stands() -> bool:
        time.sleep(next(looks))
        return True

    site = SimpleNamespace(problem="", typed=None, stands=stands, hush=lambda _: None, busy=nullcontext)
    monkeypatch.setattr(steps, "site_of", lambda document: site if document is not None else None)
    document, field = Document(), Typed()
    with Steps(2) as pool:
        pool.submit(field._change_event, document)
        pool.submit(field.press, document).result(10)
    assert field.pressed == ["10"]
