"""What changes something comes from our own pages or from a program with a token; every answer guards the browser."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from apps.serve import application
from coach.store import SYSTEM, Store, people
from coach.store.appending import now_ms

HOST = "127.0.0.1:8765"
HERE = {"host": HOST}
CHANGING = [
    ("POST", "/api/v1/events"), ("POST", "/api/v1/policies/activate"), ("POST", "/api/v1/policies/rollback"),
    ("PUT", "/api/v1/policies/rules/x/mode"), ("POST", "/api/v1/sign-in"), ("POST", "/api/v1/sign-out"), ("GET", "/sign-out"),
]  # fmt: skip
FOREIGN = [
    {"origin": "http://127.0.0.1:9999"},  # another port of the same host is another place
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site"},
]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    store = Store.open(tmp_path_factory.mktemp("shield") / "firm.db")
    people.add_person(store, SYSTEM, now_ms(), name="ops", role="operations", unit=None, password="a long password")
    with TestClient(application(store), base_url=f"http://{HOST}", follow_redirects=False) as client:
        yield client
    store.close()


@pytest.mark.parametrize(("method", "path"), CHANGING)
@pytest.mark.parametrize("foreign", FOREIGN, ids=str)
def test_another_page_changes_nothing(client, method, path, foreign):
    answer = client.request(method, path, headers=HERE | foreign)
    assert answer.status_code == 403
    assert "未作任何更改" in answer.json()["zh"]


OWN = {
    "a program": {},
    "our page": {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"},
    "behind a proxy": {"origin": "https://firm.example", "x-forwarded-host": "firm.example"},
}


@pytest.mark.parametrize("own", OWN.values(), ids=OWN)
def test_our_own_pages_and_programs_are_heard(client, own):
    given = {"name": "ops", "password": "a long password"}
    assert client.post("/api/v1/sign-in", json=given, headers=HERE | own).status_code == 200


@pytest.mark.parametrize("foreign", FOREIGN[:2], ids=str)
def test_a_page_elsewhere_opens_no_connection(client, foreign):
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/board/ws", headers=HERE | foreign):
        pass
    assert closed.value.code == 1008


@pytest.mark.parametrize("path", ["/", "/board", "/api/v1/policies/current", "/api/v1/openapi.json", "/nowhere"])
def test_every_answer_guards_the_browser(client, path):
    told = client.get(path, headers=HERE).headers
    assert told["x-content-type-options"] == "nosniff"
    assert "frame-ancestors" in told["content-security-policy"]
    assert told["x-frame-options"] == "SAMEORIGIN"
    assert told["referrer-policy"] == "same-origin"
