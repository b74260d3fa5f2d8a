"""The data page, step by step: files lie in a folder of their own, nothing is stored before the import, then all or nothing."""

import gzip
import os
import random
import time
import zipfile
from collections import Counter
from threading import Thread

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from apps.cli.main import program
from apps.data import receiving
from apps.data.done import Done
from apps.data.draft import Draft
from apps.data.home import Home
from apps.data.jobs import ImportJob
from apps.data.looking import Looking
from apps.data.page import Data
from apps.data.places import KEPT_SECONDS, kept_mapping, private_folder
from apps.data.receiving import Receiver, file_name
from apps.data.working import Working
from apps.pages.texts import LANGUAGES
from coach.mapping.archives import unpack_within
from coach.mapping.files import MappingError
from coach.problems import CoachError, NotAllowed
from coach.rules.service import Service
from coach.store import SYSTEM, Store, Viewer, reading, tables
from coach.store.viewer import ROLES

OPERATIONS = Viewer("ops", "operations")
CLEAR = "ID,Name,Owner,Created,Amount,Stage\n" + "".join(
    f"{n},D {n},Ann,2025-01-0{n},{n}00,{('Open', 'Won')[n % 2]}\n" for n in range(1, 10)
)
UNSURE = "ID,Name,Owner,Created,Amount,Stage\n" + "".join(f"{n},D {n},Ann,0{n}/0{n + 1}/2025,{n}00,Zeta\n" for n in range(1, 7))


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "firm.db")
    yield opened
    opened.close()


def page_of(store, viewer: Viewer = OPERATIONS) -> Data:
    return Data(Service(store), viewer)


def drop(page: Data, **files: str) -> Data:
    folder = page.folder(None)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    page.dropped(folder)
    return settled(page)


def settled(page: Data) -> Data:
    """The page when what runs in the background is done."""
    until = time.monotonic() + 300
    while isinstance(page.open, Working) and page.keeping.find(page.open.name).state["state"] in ("looking", "importing"):
        assert time.monotonic() < until
        time.sleep(0.02)
    if isinstance(page.open, Working):
        page.show(page.open.name)
    return page


def answer(page: Data, **answers: str) -> Data:
    for key, value in answers.items():
        page.open._answer(key, value)
        settled(page)
    return page


def bring_in(page: Data) -> Data:
    page.bring_in(page.open.name, page.open.draft)
    return settled(page)


def deals(store) -> dict[str, str]:
    return {each["id"]: each["status"] for each in reading.records(store, SYSTEM, kind="opportunity", limit=500)}


# files on their way


@st.composite
def drops(draw):
    """Files by name, and the messages by which a browser sends them, in about their order."""
    names = st.from_regex(r"[a-z]{1,8}\.(csv|xlsx|tsv\.gz)", fullmatch=True)
    files = draw(st.dictionaries(names, st.binary(min_size=1, max_size=60), min_size=1, max_size=4))
    size = draw(st.integers(1, 20))
    messages = []
    for name, content in files.items():
        parts = [content[start : start + size] for start in range(0, len(content), size)]
        pieces = [
            {"status": "upload_event", "name": name, "chunk": number, "total_chunks": len(parts), "data": part}
            for number, part in enumerate(parts, start=1)
        ]
        messages += draw(st.permutations(pieces))
    return files, size, messages


@given(sent=drops(), early=st.booleans())
@settings(max_examples=60, deadline=None)
def test_files_are_whole_whatever_the_order_of_their_pieces(sent, early, tmp_path_factory):
    files, size, messages = sent
    folder, landed = tmp_path_factory.mktemp("landing"), []
    receiver = Receiver(lambda: folder, lambda: landed.append(sorted(each.name for each in folder.iterdir())))
    last = len(messages) - (early and messages[-1]["total_chunks"] > 1)  # the news that all are there may overtake a piece
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(receiving, "PIECE", size)
        for message in [*messages[:last], {"status": "finished"}, *messages[last:]]:
            receiver.take(message)
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == files
    assert landed == [sorted(files)]


@given(st.text())
def test_what_a_file_is_called_leads_nowhere_else(sent):
    name = file_name(sent)
    assert name
    assert not name.startswith(".")
    assert not {"/", "\\", "\0"} & set(name)


@pytest.mark.parametrize(("name", "of"), [("deals.pdf", 2), ("deals.csv", 200), ("../../x.sh", 2)])
@pytest.mark.parametrize("beside", [[], ["good.csv"]])
def test_what_is_no_table_or_too_large_is_refused_in_both_languages_and_leaves_nothing(name, of, beside, tmp_path):
    landed = []
    receiver = Receiver(lambda: tmp_path, lambda: landed.append(1))
    piece = {"status": "upload_event", "name": name, "chunk": 1, "total_chunks": of, "data": b"x"}
    with pytest.raises(CoachError) as at_once:
        receiver.take(piece)
    receiver.take({**piece, "chunk": 2})
    for other in beside:
        receiver.take({**piece, "name": other, "total_chunks": 1})
    with pytest.raises(CoachError) as at_the_end:
        receiver.take({"status": "finished"})
    for told in (at_once.value, at_the_end.value):
        assert all(words.startswith(name.rpartition("/")[2]) for words in (told.en, told.zh))
    assert ([each.name for each in tmp_path.iterdir()], landed) == (beside, [1] * len(beside))


def test_an_empty_file_sends_no_piece_and_is_told(tmp_path):
    with pytest.raises(CoachError, match="empty"):
        Receiver(lambda: tmp_path, lambda: None).take({"status": "finished"})


@pytest.mark.parametrize("packed", ["zip", "gz", "xlsx"])
def test_what_is_too_large_when_unpacked_is_not_read(packed, tmp_path):
    place = tmp_path / f"deals.csv.{packed}" if packed != "xlsx" else tmp_path / "deals.xlsx"
    if packed == "gz":
        place.write_bytes(gzip.compress(b"a" * 200_000))
    else:
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("deals.csv", "a" * 200_000)
    unpack_within(tmp_path / ".", 10**6)
    if packed != "zip":
        with pytest.raises(MappingError, match="when unpacked"):
            unpack_within(tmp_path, 10**5)
    else:
        assert [each.name for each in tmp_path.iterdir()] == ["deals.csv"]


# from the drop to the board


def test_nothing_is_stored_before_every_question_is_answered_and_somebody_says_so(store):
    page = drop(page_of(store), deals=UNSURE)
    questions = {each.key: each.open for each in page.open.shown.questions}
    assert questions == {"day_or_month": True, "won": True, "zone": False}
    assert page.open.shown.account is None
    assert bring_in(page).open.stopped(page.keeping.find(page.open.name).state), "it says why not"
    assert deals(store) == {}
    page.look(page.open.name, page.open.draft)
    answer(settled(page), day_or_month="month", won="Zeta")
    assert page.open.shown.account.deals == {"registered": 6, "won": 6}
    assert page.open.shown.deals[0].created == "2025-01-02"
    assert deals(store) == {}
    assert isinstance(bring_in(page).open, Done)
    assert set(deals(store).values()) == {"won"}


def test_an_answer_can_be_changed_also_where_it_settled_the_question(store):
    ends = ("Odd,2025-03-01", "Won,2025-03-01", "Open,")
    rows = "".join(f"{n},D {n},Ann,2025-01-0{n % 9 + 1},1,{ends[n % 3]}\n" for n in range(30))
    page = drop(page_of(store), deals="ID,Name,Owner,Created,Amount,Stage,Closed\n" + rows)
    for fate in ("lost", "open", "won"):
        answer(page, **{"stage.Odd": fate})
        (asked,) = [each for each in page.open.shown.questions if each.key == "stage.Odd"]
        assert (asked.chosen, asked.open) == (fate, False)
        assert page.open.shown.account.deals.get("lost", 0) == (10 if fate == "lost" else 0)


def test_a_page_that_is_opened_again_shows_what_it_showed(store):
    page = drop(page_of(store), deals=UNSURE)
    answer(page, won="Zeta")
    again = page_of(store)
    again.show(page.open.name)
    assert again.open.draft == page.open.draft
    other = page_of(store, Viewer("else", "admin"))
    other.show(page.open.name)
    assert (type(other.open), other.problem) == (Home, "home.lost")


def test_after_the_import_the_files_are_gone_and_the_mapping_reads_the_next_ones(store):
    page = bring_in(drop(page_of(store), deals=CLEAR))
    assert list(private_folder(store).iterdir()) == []
    assert kept_mapping(store).is_file()
    page = drop(page_of(store), other=CLEAR + "10,D 10,Bob,2025-02-01,7,Open\n")
    assert page.open.shown.kept == kept_mapping(store).name
    assert page.open.shown.account.deals == {"registered": 1}
    page.look(page.open.name, page.open.draft.model_copy(update={"anew": True}))
    assert settled(page).open.shown.kept is None
    assert page.open.shown.account.deals == {"registered": 1}, "the source is the same, and an event counts once"
    assert len(deals(store)) == 9
    kept_mapping(store).write_text("name: [", encoding="utf-8")
    page.look(page.open.name, page.open.draft)
    assert settled(page).open.shown.broken


def test_leads_are_told_as_such_and_give_no_examples_of_the_deals(store):
    leads = "Lead ID,Company,Created,Lead Status\n" + "".join(f"L{n},Firm {n},2024-07-0{n},New\n" for n in range(1, 10))
    page = drop(page_of(store), deals=CLEAR, leads=leads)
    assert {each.file: each.role for each in page.open.shown.tables} == {"deals.csv": "deals", "leads.csv": "leads"}
    (created,) = [each for each in page.open.shown.columns if each.concept == "created"]
    assert created.examples == ["2025-01-01", "2025-01-02", "2025-01-03"]


def test_rows_whose_dates_cannot_be_read_are_left_out_only_when_somebody_says_so(store):
    page = drop(page_of(store), deals=CLEAR.replace("2025-01-04", "2025-13-44"))
    assert [each.key for each in page.open.shown.questions if each.open] == ["unread"]
    assert page.open.shown.account is None
    answer(page, unread="set_aside")
    assert page.open.shown.account.counts["deals"]["set_aside"] == 1
    assert page.open.shown.account.deals["registered"] == 8


@pytest.mark.parametrize("first", ["page", "terminal"])
def test_the_page_and_the_terminal_name_one_system_alike(first, store, tmp_path):
    def by_page(day: str, text: str) -> None:
        bring_in(drop(page_of(store), **{f"hubspot deals {day}": text}))

    def by_terminal(day: str, text: str) -> None:
        place = tmp_path / f"hubspot deals {day}.csv"
        place.write_text(text, encoding="utf-8")
        told = CliRunner().invoke(program, ("import", str(place), "--guess", "--yes", "--to", str(tmp_path / "firm.db")))
        assert told.exit_code == 0, told.output

    ways = (by_page, by_terminal) if first == "page" else (by_terminal, by_page)
    ways[0]("2025-06-20", CLEAR)
    ways[1]("2025-07-20", CLEAR + "10,D 10,Bob,2025-02-01,7,Open\n")
    with store.read() as connection:
        told = Counter(connection.execute(select(tables.event.c.event)).scalars())
    assert (told["won"], len(deals(store))) == (5, 10)


def test_a_store_gives_its_time_zone_to_the_next_export_unless_another_is_said(store):
    page = answer(drop(page_of(store), deals=CLEAR), zone="Europe/Berlin")
    bring_in(page)
    kept_mapping(store).unlink()
    page = drop(page_of(store), other=CLEAR)
    assert page.open.shown.mapping["time_zone"] == "Europe/Berlin"
    assert [each.chosen for each in page.open.shown.questions if each.key == "zone"] == ["Europe/Berlin"]
    assert answer(page, zone="UTC").open.shown.mapping["time_zone"] == "UTC"


def test_who_imported_stands_in_the_audit_log(store):
    bring_in(drop(page_of(store), deals=CLEAR))
    with store.read() as connection:
        lines = connection.execute(select(tables.audit.c.actor, tables.audit.c.action)).all()
    assert ("ops", "imported") in [tuple(each) for each in lines]


def test_an_import_that_is_stopped_stores_nothing_and_can_be_taken_up(store):
    page, told = drop(page_of(store), deals=CLEAR), []
    name, draft = page.open.name, page.open.draft
    job = ImportJob(name, draft, page.service, "ops", lambda state, _: told.append(state))
    job.cancel.set()
    job.start()
    job.wait(60)
    assert (told, deals(store)) == (["stopped"], {})
    page.keeping.keep(name, {"state": "importing"}, draft.model_dump(mode="json"))  # a server that died
    again = page_of(store)
    again.show(name)
    assert isinstance(again.open, Working)
    again.go_on(name, draft)
    assert isinstance(settled(again).open, Looking)
    assert isinstance(bring_in(again).open, Done)
    assert len(deals(store)) == 9


def test_two_people_at_once_both_come_to_their_end(store):
    pages = []
    for number in ("1", "2"):
        page = page_of(store, Viewer(f"ops-{number}", "operations"))
        pages.append(drop(page, deals=CLEAR.replace("\n", f"\n{number}")[:-1]))
    threads = [Thread(target=bring_in, args=(page,)) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [type(page.open) for page in pages] == [Done, Done]
    assert len(deals(store)) == 18


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.zip", "broken.parquet", "words.csv", "broken.csv.gz"])
def test_a_file_that_cannot_be_read_is_told_by_its_name(store, name):
    page = page_of(store)
    folder = page.folder(None)
    (folder / name).write_bytes(b"\x1f\x8b no" if name.endswith("gz") else b"PK\x03\x04 nothing of the kind\n")
    page.dropped(folder)
    state = settled(page).keeping.find(page.open.name).state
    assert state["state"] == "failed"
    for language in LANGUAGES:
        assert name in state[language]
        assert str(private_folder(store)) not in state[language]
    page.discard(page.open.name, page.open.draft)
    assert (list(private_folder(store).iterdir()), page.keeping.all("import")) == ([], [])


def words_of(drawn) -> str:
    """All that a person could read of it."""
    return " ".join(str(getattr(each, name, "")) for each in drawn.select() for name in ("object", "label"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_drawn_in_both_languages(store, language):
    page = page_of(store)
    page.site.language = language
    say = page.site.say
    assert say("home.none") in words_of(page.open.draw())
    drop(page, deals=UNSURE.replace("Ann,03", ",03"), notes="a,b\n1,2\n")
    told = words_of(page.open.draw())
    assert all(each in told for each in (say("look.waiting", count=2), say("look.needed"), say("look.left_out")))
    answer(page, day_or_month="day", won="Zeta", blank_owner="out")
    told = words_of(page.open.draw())
    assert all(each in told for each in (say("look.counts"), say("account.aside"), say("account.of_rows", rows=1)))
    page.keeping.keep(page.open.name, {"state": "stopped"}, page.open.draft.model_dump(mode="json"))
    assert say("run.stopped") in words_of(Working(page, page.open.name, page.open.draft, {"state": "stopped"}).draw())
    told = words_of(bring_in(page).open.draw())
    assert all(each in told for each in (say("done.new"), say("done.mapping", name=kept_mapping(store).name)))


@pytest.mark.parametrize("role", sorted({*ROLES} - {"operations", "admin"}))
def test_who_may_not_record_everything_may_not_import(store, role):
    page = page_of(store, Viewer("somebody", role, "company"))
    for step in (lambda: page.folder(None), lambda: page.bring_in("x", Draft(folder="x", files=["a.csv"]))):
        with pytest.raises(NotAllowed):
            step()
    assert not private_folder(store).exists() or list(private_folder(store).iterdir()) == []


def test_files_that_nobody_imported_are_gone_after_a_week_and_that_is_told(store):
    page = drop(page_of(store), deals=CLEAR)
    folder = private_folder(store) / page.open.draft.folder
    os.utime(folder, (random.random(), time.time() - KEPT_SECONDS - 10))
    page_of(store)
    assert not folder.exists()
    bring_in(page)
    assert "no longer here" in page.keeping.find(page.open.name).state["en"]
