"""The sample firm, the first sign-ins, and the commands around the coach."""

import socket
from datetime import date

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from apps import demo, serve
from apps.cli.main import program
from coach.store import SYSTEM, Store, reading


def run(*arguments: str):
    return CliRunner().invoke(program, list(arguments))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_sample_firm_says_what_it_is_and_lets_its_people_in(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "WEEKS", 5)
    monkeypatch.setattr(demo, "LIVE_WEEKS", 1)
    store = Store.open(tmp_path / "demo.db")
    assert serve.is_empty(store)
    sign_ins = {each.name: each for each in demo.fill_with_sample(store, date(2026, 1, 12))}
    assert demo.is_sample(store)
    assert not serve.is_empty(store)
    assert serve.first_sign_ins(store) == []
    assert {each["kind"] for each in reading.records(store, SYSTEM, limit=500)} >= {"unit", "lead", "opportunity"}
    assert reading.firings(store, SYSTEM)
    client = TestClient(serve.application(store))
    for name, password, role, _ in sign_ins.values():
        answer = client.post("/api/v1/sign-in", json={"name": name, "password": password})
        assert answer.json()["role"] == role
    told = client.post("/api/v1/sign-in", json={"name": "rep-1", "password": sign_ins["rep-1"].password})
    assert told.status_code == 200
    assert client.get("/api/v1/reps/rep-1/today").json()["open_opportunities"] >= 0
    assert client.get("/api/v1/reps/rep-2/today").status_code == 404


def test_a_new_store_gets_one_admin_whose_password_is_kept_nowhere(tmp_path):
    store = Store.open(tmp_path / "new.db")
    (admin,) = serve.first_sign_ins(store)
    assert (admin.name, admin.role) == ("admin", "admin")
    assert serve.first_sign_ins(store) == []
    store.close()
    assert admin.password.encode() not in (tmp_path / "new.db").read_bytes()


def test_a_port_in_use_is_told(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = run("serve", "--store", str(tmp_path / "x.db"), "--port", port)
    assert answer.exit_code == 2
    assert port in answer.output


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be looked at" * 40, None])
def test_what_is_no_store_is_told_in_both_languages(tmp_path, content):
    place = tmp_path / "other.db"
    if content is None:
        import sqlite3

        with sqlite3.connect(place) as connection:
            connection.execute("CREATE TABLE theirs (x)")
        content = place.read_bytes()
    else:
        place.write_bytes(content)
    for language, words in (("en", "store"), ("zh", "存储")):
        answer = run("serve", "--store", str(place), "--port", str(free_port()), "--lang", language)
        assert answer.exit_code == 2
        assert words in answer.output
    assert place.read_bytes() == content


@pytest.mark.parity
def test_the_parity_command_says_that_both_did_the_same():
    answer = run("parity", "golden-48h", "--weeks", "2")
    assert answer.exit_code == 0
    assert "the same" in answer.output
