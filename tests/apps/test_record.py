"""The record's page without a browser: who is told what, in both languages, and what can be taken away."""

import re
from datetime import date

import pytest

from apps.pages.texts import LANGUAGES, Speaker
from apps.record.describing import Describing, Question
from apps.record.page import FOLDER, Record
from apps.record.view import body
from coach.describing.describe import SECTIONS
from coach.events import PostedEvent
from coach.store import Store, Viewer
from coach.store.sight import sight_of
from tests.apps.test_findings import settled

DAY = 86_400_000
START = 1_735_689_600_000  # 2025-01-01T00:00Z
NOW = START + 300 * DAY
UNITS = {
    "company": None,
    "north": "company",
    "south": "company",
    "Ann": "north",
    "Bob": "north",
    "Cid": "south",
    "Dee": "south",
}
REPS = ("Ann", "Bob", "Cid", "Dee")
LEADER, DIRECTOR = Viewer("leader", "manager", "north"), Viewer("director", "manager", "company")


def event(kind: str, name: str, record: str, day: float, **payload) -> PostedEvent:
    at = START + int(day * DAY)
    unit = payload.pop("unit", None)
    return PostedEvent(source="test", key=f"{record}-{name}", event=name, kind=kind, record=record, acted_at=at, recorded_at=at,
                       unit=unit, payload=payload)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = Store.open(tmp_path_factory.mktemp("record") / "firm.db")
    events = [
        event("unit", "registered", unit, 0, level="rep" if unit in REPS else "team", parent=parent)
        for unit, parent in UNITS.items()
    ]
    for number in range(80):
        deal, begun = f"d{number}", 1 + 2 * number
        events.append(
            event(
                "opportunity", "registered", deal, begun, unit=REPS[number % 4], owner=REPS[number % 4], amount=100.0 + number
            )
        )
        if number % 5:
            events.append(event("opportunity", "won" if number % 5 < 3 else "lost", deal, begun + 6 + number % 9))
    opened.append(sorted(events, key=lambda each: each.recorded_at))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def describing(store):
    return Describing(store, lambda: NOW)


def opened(describing, viewer: Viewer, day: date | None = None) -> Record:
    """The page when what it tells has been worked out."""
    page = Record(describing, viewer, viewer.language if viewer.language in LANGUAGES else "en", day)
    page.draw()
    if not page.question.sight.is_nobodys:
        settled(describing, page.question)
    return page


def told(page: Record) -> str:
    """All words that a page shows, and what its plots are drawn from."""
    return str(page.draw())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_manager_is_told_of_those_who_report_and_of_nobody_else(describing, language):
    page = opened(describing, LEADER._replace(language=language))
    words = told(page)
    assert all(name in words for name in ("Ann", "Bob"))
    assert not any(name in words for name in ("Cid", "Dee"))
    html = page.file().decode()
    assert "Ann" in html
    assert not any(re.search(rf"\b{name}\b", html) for name in ("Cid", "Dee"))
    assert Speaker(FOLDER, language)("record.own_people") in words


def test_whoever_is_above_everybody_shares_what_operations_are_told(describing):
    pages = [opened(describing, viewer) for viewer in (DIRECTOR, Viewer("ops", "operations"))]
    assert pages[0].question == pages[1].question
    assert all(name in told(pages[0]) for name in REPS)


def test_a_manager_without_a_unit_is_told_why_there_is_nothing(describing):
    assert "belongs to no unit" in told(opened(describing, Viewer("new", "manager")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_stands_on_the_page_with_its_words_plots_and_numbers(describing, language):
    page = opened(describing, DIRECTOR._replace(language=language))
    found = describing.latest(page.question).value
    assert len(found.description.sections) == len(SECTIONS) + 1
    say = Speaker(FOLDER, language)
    html = str(body(say, found.description, {name.rpartition("-")[0] for name in found.drawn}))
    for section in found.description.sections:
        part = html.split(f"data-section='{section.name}'")[1].split("</section>")[0]
        assert say.both(section.title) in part
        for each in section.measured:
            if f"{each.name}-{language}" in found.drawn:
                assert f"data-plot='{each.name}'" in part
        assert part.count("<li>") == len(section.unsaid)
        assert part.count("class='lead'") == len(section.findings)


def test_as_of_an_earlier_day_nothing_later_counts(describing, store):
    early, late = date(2025, 2, 20), None
    sections = [describing.latest(opened(describing, DIRECTOR, day).question).value.description for day in (early, late)]
    assert sections[0].at < sections[1].at
    assert [each.sections[0].findings[0].en.split()[0] for each in sections] == ["25", "80"]
    assert store.calendar.local_date(sections[0].at) == early


def test_now_is_when_something_was_recorded_last(describing):
    """An old export says nothing of the weeks since: they are not weeks without leads."""
    found = describing.latest(opened(describing, DIRECTOR).question).value.description
    assert START + 160 * DAY < found.at < START + 180 * DAY


def test_a_description_that_is_stopped_says_so_and_can_be_begun_again(store):
    describing = Describing(store, lambda: NOW)
    page = Record(describing, DIRECTOR, "en")
    page.draw()
    describing.stop(page.question)
    settled(describing, page.question)
    assert "It was stopped before its end." in told(page)
    describing.begin(page.question)
    settled(describing, page.question)
    assert "It was stopped" not in told(page)
    assert "data-section='people'" in told(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_store_says_what_to_do(tmp_path, language):
    empty = Store.open(tmp_path / "empty.db")
    page = opened(Describing(empty, lambda: NOW), Viewer("ops", "operations", None, language))
    assert "rehearse import" in told(page)
    empty.close()


def test_who_may_see_whom_is_asked_each_time(describing, store):
    question = Question(None, sight_of(store, LEADER))
    assert Record(describing, LEADER, "en").question == question
    assert question.sight.units == {"north", "Ann", "Bob"}
