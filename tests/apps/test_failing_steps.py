"""A step that fails is told on the page, in the person's language, and stands in the log with where it happened."""

from types import SimpleNamespace

import panel as pn
import pytest
from markupsafe import escape
from sqlalchemy.exc import OperationalError

from apps.pages.keeping import Keeping
from apps.pages.texts import LANGUAGES, Speaker
from apps.serve import application
from coach.problems import CoachError
from coach.serving import session_watch
from coach.serving.server import LocalServer
from coach.store import Store
from policies.documents.errors import PolicyError
from tests.apps.open_pages import Opened, one_thread, settle

KEEPING = ("lab", "dojo", "gate", "data")
"""Pages on which a step keeps something; the board tells of a tap that fails by itself."""
OWN = {"en": "There is no ink left <in> the pen.", "zh": "墨水用完了<笔>。"}
ERRORS = {
    "one of ours": (CoachError(**OWN), lambda say: OWN[say.language]),
    "a faulty policy": (PolicyError([SimpleNamespace(**OWN)]), lambda say: OWN[say.language]),
    "a store out of reach": (OperationalError("UPDATE", {}, Exception("locked")), lambda say: say("page.store_away")),
    "a mistake": (ZeroDivisionError("divided"), lambda say: say("page.step_failed", kind="ZeroDivisionError")),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(session_watch, "PAUSE_SECONDS", 3600.0)
        store = Store.open(tmp_path_factory.mktemp("failing") / "firm.db")
        app = application(store)
        patched.setattr(pn.state, "_thread_pool", one_thread())
        with LocalServer(app) as url:
            yield url, store
    store.close()


@pytest.fixture
def failing(monkeypatch):
    """From now on what is kept fails with this error; with none it is kept again."""

    def fail(error: Exception | None) -> None:
        def raising(*_arguments, **_named):
            raise error

        monkeypatch.undo()
        if error is not None:
            for name in ("keep", "begin"):
                monkeypatch.setattr(Keeping, name, raising)

    return fail


def take_a_step(page: Opened) -> None:
    page.step()
    settle([page])


def shown(page: Opened, words: str) -> bool:
    """Whether a page shows these words to people, as words."""
    return page.site._notice.visible and str(escape(words)) in page.site._told.object


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("name", KEEPING)
def test_what_failed_is_told_and_logged_and_gone_when_the_step_succeeds(served, failing, caplog, name, kind, language):
    page, (error, words) = Opened(*served, name, language), ERRORS[kind]
    told = words(Speaker(page.site._folder, language))
    waiting = page.site._body.select(pn.widgets.base.WidgetBase)[0]
    waiting.loading = True
    assert not page.site._notice.visible
    failing(error)
    take_a_step(page)
    assert shown(page, told)
    assert not waiting.loading, "a button that waits for a step that failed is let go"
    records = [each for each in caplog.records if each.name == "rehearse.pages"]
    assert [each.exc_info[1] for each in records] == [error]
    failing(None)
    take_a_step(page)
    assert not page.site._notice.visible
    assert page.site.problem == ""


def test_a_step_that_was_begun_before_the_failure_was_seen_does_not_hide_it(served):
    """A field that cannot be kept when the button beside it is pressed: both begin at once."""
    page = Opened(*served, "lab")

    def begin():
        for step in (lambda _: page.site.tell(ZeroDivisionError()), lambda _: None):
            pn.state._thread_pool.submit(step, page.document)

    page.within(begin)
    settle([page])
    assert page.site._notice.visible
    page.within(lambda: pn.state._thread_pool.submit(lambda _: None, page.document))
    settle([page])
    assert not page.site._notice.visible


def test_the_notice_can_be_closed_and_comes_in_the_language_spoken_now(served, failing):
    page = Opened(*served, "lab", "en")
    page.within(lambda: page.site.speak("zh"))
    settle([page])
    page.aim()
    failing(ZeroDivisionError())
    take_a_step(page)
    assert shown(page, Speaker(page.site._folder, "zh")("page.step_failed", kind="ZeroDivisionError"))
    page.within(lambda: page.site._close.param.update(clicks=1))
    assert not page.site._notice.visible


def test_a_step_shows_on_its_own_page_alone_that_it_is_under_way(served):
    """A page whose browser goes away while somebody else's step is under way is no matter of that step."""
    mine, other = Opened(*served, "lab"), Opened(*served, "lab")
    seen: list[tuple[bool, bool]] = []

    def look(_document=None):
        seen.append((mine.site.page.busy, other.site.page.busy))

    mine.within(lambda: pn.state._thread_pool.submit(look, mine.document))
    settle([mine, other])
    look()
    assert seen == [(True, False), (False, False)]
    pn.state._add_busy_event("somebody's")
    look()
    pn.state._remove_busy_event("somebody's")
    assert seen[-1] == (False, False), "what Panel counts over all pages, those included that are being closed"
