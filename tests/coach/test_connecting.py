"""Odoo asked over the network: the store says what Odoo says, and what the coach found stands in Odoo once.

The same tests run against a server of the tests' own and, with ODOO_URL and ODOO_KEY (and ODOO_DATABASE), against a real Odoo,
in which they make and delete deals.
"""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from apps.cli.main import program
from coach.connecting.connect import bring, write_back
from coach.connecting.interface import ConnectionProblem, Note, Todo
from coach.connecting.json2 import Json2
from coach.connecting.odoo import FROZEN, Odoo
from coach.store import Store, tables
from coach.store.reading import record
from coach.store.viewer import SYSTEM
from tests.coach.odoo_server import KEY, FakeOdoo, served


class Place:
    """An Odoo for tests: its address and key, and the deals that are made in it."""

    def __init__(self, url: str, key: str, database: str | None = None):
        self.url, self.key, self.database = url, key, database
        self.api = Json2(url, key, database)
        self.made: list[int] = []

    def deal(self, **values) -> int:
        values = {"type": "opportunity", "name": "A deal of the tests", "expected_revenue": 1000.0} | values
        (number,) = self.api.call("crm.lead", "create", vals_list=[values])
        self.made.append(number)
        return number

    def change(self, deal: int, **values) -> None:
        self.api.call("crm.lead", "write", ids=[deal], vals=values)

    def stages(self) -> list[int]:
        return [each["id"] for each in sorted(self.api.rows("crm.stage", ["sequence"]), key=lambda each: each["sequence"])]

    def crm(self) -> Odoo:
        return Odoo(self.url, self.key, self.database)

    def clear(self) -> None:
        found = self.api.call("crm.lead", "search", domain=[["id", "in", self.made]], context={"active_test": False})
        if found:
            self.api.call("crm.lead", "unlink", ids=found)
        self.api.close()


@pytest.fixture(params=["fake", pytest.param("live", marks=pytest.mark.odoo)])
def place(request):
    if request.param == "live":
        if not {"ODOO_URL", "ODOO_KEY"} <= os.environ.keys():
            pytest.skip("no real Odoo: set ODOO_URL and ODOO_KEY (the key of an administrator of a database for tests)")
        place = Place(os.environ["ODOO_URL"], os.environ["ODOO_KEY"], os.environ.get("ODOO_DATABASE"))
        yield place
        place.clear()
        return
    with served(FakeOdoo()) as url:
        place = Place(url, KEY)
        yield place
        place.clear()


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def crm(place):
    crm = place.crm()
    yield crm
    crm.close()


def held(store: Store, deal: int) -> dict:
    """What the store says of a deal, open unless it says otherwise."""
    told = record(store, SYSTEM, "opportunity", str(deal))
    return {"status": None, "stage": None, **told["values"], "unit": told["unit"]}


def test_a_second_pull_of_the_same_changes_nothing(place, crm, store):
    place.deal()
    first = bring(store, crm)
    second = bring(store, crm)
    assert first.accepted > 0
    assert (second.accepted, second.vanished) == (0, [])
    assert bring(store, crm, anew=True).accepted == 0


def test_what_changes_in_odoo_changes_in_the_store(place, crm, store):
    kept, other = place.deal(), place.deal(name="Another deal of the tests")
    bring(store, crm)
    before = held(store, other)
    users = [each for each in place.api.rows("res.users", ["name", "share"], [["active", "=", True]]) if not each["share"]]
    place.change(kept, expected_revenue=2500.0, user_id=users[-1]["id"])
    bring(store, crm)
    assert held(store, kept)["amount"] == 2500.0
    assert held(store, kept)["unit"] == held(store, kept)["owner"] == users[-1]["name"]
    assert held(store, other) == before


def test_stages_are_told_with_the_instants_of_their_changes(place, crm, store):
    deal, stages = place.deal(), place.stages()
    bring(store, crm)
    assert held(store, deal)["stage"] == 1.0
    for stage, number in ((stages[2], 3.0), (stages[1], 2.0)):
        place.change(deal, stage_id=stage)
        bring(store, crm)
        assert held(store, deal)["stage"] == number


def test_a_deal_is_won(place, crm, store):
    deal = place.deal()
    bring(store, crm)
    place.change(deal, stage_id=place.stages()[-1])
    bring(store, crm)
    assert held(store, deal)["status"] == "won"


def test_a_lost_deal_that_is_taken_up_again_is_open(place, crm, store):
    deal = place.deal()
    (reason, *_) = place.api.rows("crm.lost.reason", ["name"])
    place.api.call("crm.lead", "action_set_lost", ids=[deal], lost_reason_id=reason["id"])
    bring(store, crm)
    assert (held(store, deal)["status"], held(store, deal)["custom.lost_reason"]) == ("lost", reason["name"])
    place.change(deal, active=True, **({"probability": 10.0} if place.key != KEY else {}))
    bring(store, crm)
    assert held(store, deal)["status"] in (None, "open")


def test_a_deal_that_is_archived_or_deleted_is_closed_without_a_decision(place, crm, store):
    archived, deleted, stays = place.deal(), place.deal(), place.deal()
    bring(store, crm)
    place.change(archived, active=False)
    place.api.call("crm.lead", "unlink", ids=[deleted])
    bring(store, crm)
    assert held(store, deleted)["status"] == "no_decision"
    assert held(store, archived)["status"] in ("no_decision", "lost")
    assert held(store, stays)["status"] in (None, "open")
    assert bring(store, crm).accepted == 0


def test_what_is_written_twice_stands_there_once(place, crm):
    deal = place.deal()
    number = 900_000_000 + deal
    for _ in range(2):
        crm.write_todo(Todo(number, str(deal), "Call the customer", "2026-03-01", None))
        crm.write_note(Note(number, str(deal), "Silent for <14> days"))
        crm.set_frozen_tag(str(deal), True)
    of_deal = [["res_id", "=", deal], ["res_model", "=", "crm.lead"]]
    (todo,) = place.api.rows("mail.activity", ["summary", "date_deadline"], of_deal)
    assert (todo["summary"], todo["date_deadline"]) == ("Call the customer", "2026-03-01")
    notes = [each for each in place.api.rows("mail.message", ["body"], [["res_id", "=", deal], ["model", "=", "crm.lead"]])
             if "Silent for &lt;14&gt; days" in str(each["body"])]  # fmt: skip
    assert len(notes) == 1
    assert _tags(place, deal) == [FROZEN]
    crm.set_frozen_tag(str(deal), False)
    assert _tags(place, deal) == []


def test_open_todos_and_frozen_deals_go_back_once(place, crm, store):
    deal = place.deal()
    bring(store, crm)
    _todo_and_freeze(store, deal)
    first, second = write_back(store, crm, "en"), write_back(store, crm, "en")
    assert (first.todos, first.tags) == (1, 1)
    assert (second.todos, second.notes, second.tags) == (0, 0, 0)
    assert _tags(place, deal) == [FROZEN]
    bring(store, crm)
    assert held(store, deal)["frozen"] == 1.0


def _tags(place: Place, deal: int) -> list[str]:
    (told,) = place.api.rows("crm.lead", ["tag_ids"], [["id", "=", deal]])
    return [each["name"] for each in place.api.rows("crm.tag", ["name"], [["id", "in", told["tag_ids"] or []]])]


def _todo_and_freeze(store: Store, deal: int) -> None:
    """As a rule does."""
    row = record(store, SYSTEM, "opportunity", str(deal))["row"]
    fired = {"number": 0, "event": "fired", "at": 1, "fired_at": 1, "since": 1}
    todo = {"id": 0, "firing": 0, "role": "owner", "opened_at": 1}
    common = {"rule": "silent", "record": row, "due_at": 1_770_000_000_000, "late": False}
    with store.write() as connection:
        connection.execute(insert(tables.firing).values(**fired, **common))
        connection.execute(insert(tables.todo).values(**todo, **common))
        values = tables.record.c["values"]
        held = connection.scalar(tables.record.select().with_only_columns(values).where(tables.record.c.row == row))
        connection.execute(
            tables.record.update().where(tables.record.c.row == row).values({"values": held[:-1] + ', "frozen": 1.0}'})
        )


def _no_app(odoo: FakeOdoo) -> None:
    odoo.crm = False


def _no_rights(odoo: FakeOdoo) -> None:
    odoo.forbidden.add("mail.tracking.value")


@pytest.mark.parametrize(
    ("spoil", "key", "english", "chinese"),
    [
        (None, "wrong-secret-key", "does not know this key", "不认可该密钥"),
        (None, "钥匙串", "cannot be used", "无法使用"),
        (_no_app, KEY, "app CRM", "CRM 应用"),
        (_no_rights, KEY, "may not work with mail.tracking.value", "无权"),
    ],
)
def test_what_goes_wrong_is_told_with_its_remedy_and_without_the_key(tmp_path, spoil, key, english, chinese):
    odoo = FakeOdoo()
    if spoil is not None:
        spoil(odoo)
    with served(odoo) as url:
        for language, words in (("en", english), ("zh", chinese)):
            result = _connected(tmp_path, url, key, language)
            assert result.exit_code == 2
            assert words in result.output
            assert key not in result.output


def test_no_server_is_told(tmp_path):
    assert "does not answer" in _connected(tmp_path, "http://127.0.0.1:9", KEY, "en").output


def test_another_odoo_does_not_mix_into_a_store(store):
    for number in (1, 2):
        with served(FakeOdoo()) as url:
            place = Place(url, KEY)
            place.deal()
            if number == 1:
                bring(store, place.crm())
            else:
                with pytest.raises(ConnectionProblem, match="Use another store"):
                    bring(store, place.crm())


def test_it_watches_until_it_is_stopped_and_outlives_a_server_that_is_away(tmp_path, monkeypatch):
    slept: list[int] = []

    def sleep(seconds: int) -> None:
        slept.append(seconds)
        odoo.forbidden = {"crm.lead"} if len(slept) == 1 else set()
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("apps.cli.connect.time.sleep", sleep)
    odoo = FakeOdoo()
    with served(odoo) as url:
        result = _connected(tmp_path, url, KEY, "en", "--watch", "5")
    assert (slept, result.exit_code) == ([5, 5, 5], 130)
    assert result.output.count("Trying again in 5 s") == 1
    assert result.output.count("events are new in the store") == 2


def _connected(folder: Path, url: str, key: str, language: str, *more: str):
    file = folder / "key"
    file.write_text(key + "\n", encoding="utf-8")
    arguments = ["connect", "odoo", url, "--to", str(folder / "firm.db"), "--key-file", str(file), "--lang", language, *more]
    return CliRunner().invoke(program, arguments)
