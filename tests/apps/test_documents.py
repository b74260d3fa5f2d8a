"""Documents over HTTP: who is led where, forms that cannot be forged, sessions that end, and what a page may load."""

import re

import pytest
from fastapi.testclient import TestClient

from apps.pages.documents.assets import address_of
from apps.pages.roles import PAGES
from apps.record.page import _day_of
from apps.serve import application
from coach.api.access import COOKIE
from coach.store import SYSTEM, people, sessions
from coach.store.viewer import ROLES
from tests.apps.board_firm import PASSWORD, board_firm
from tests.apps.open_pages import kept

DOCUMENTS = ("board", "record")
TAP = {"do": "tap", "event": "contact", "kind": "opportunity", "record": "new-deal"}
LARGEST = 300_000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    firm = board_firm(tmp_path_factory.mktemp("documents"))
    for role in ROLES:
        unit = "finance" if role == "desk" else "company"
        people.add_person(firm.store, SYSTEM, firm.now, name=f"a {role}", role=role, unit=unit, password=PASSWORD)
    firm.app = application(firm.store)
    firm.app.state.service.clock = lambda: firm.now
    return firm


@pytest.fixture
def visitor(site):
    """A browser of somebody, signed in or nobody."""

    def signed_in(name: str | None = "rep", language: str = "en-GB") -> TestClient:
        client = TestClient(site.app, follow_redirects=False, headers={"accept-language": language})
        if name is not None:
            assert client.post("/api/v1/sign-in", json={"name": name, "password": PASSWORD}).status_code == 200
        return client

    return signed_in


def part_of(html: str) -> dict[str, str]:
    """What a page's own script sends along."""
    found = {name: re.search(f'<meta name="{name}" content="([0-9a-f]+)"', html).group(1) for name in ("form-token", "rights")}
    return {"x-part": "1", "x-form-token": found["form-token"], "x-rights": found["rights"]}


@pytest.mark.parametrize("address", ["board", "board?view=targets&rep=rep-1", "record?day=2026-01-02", "gate?x=1"])
def test_who_is_not_signed_in_comes_back_to_the_same_address_after_the_sign_in(visitor, address):
    nobody = visitor(None)
    answer = nobody.get(f"/{address}")
    assert answer.status_code == 303
    front = nobody.get(answer.headers["location"])
    asked = re.search('data-next="([^"]*)"', front.text).group(1).replace("&amp;", "&")
    assert asked == address
    led = visitor("a manager").get("/", params={"next": asked})
    assert led.headers["location"] == f"/{address}"


@pytest.mark.parametrize("foreign", ["//evil.example", "https://evil.example/board", "/\\evil.example", "no", "board@evil"])
def test_a_sign_in_leads_nowhere_else(visitor, foreign):
    led = visitor("a manager").get("/", params={"next": foreign}).headers["location"]
    assert led == f"/{next(name for name, roles in PAGES.items() if 'manager' in roles)}"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_is_for_its_roles_in_every_part_of_it(visitor, role, name):
    client = visitor(f"a {role}")
    expected = 200 if role in PAGES[name] else 403
    page = client.get(f"/{name}")
    assert page.status_code == client.get(f"/{name}/sheet").status_code == expected
    assert ("This page is for the roles" in page.text) == (expected == 403)
    assert client.post(f"/{name}", json={}, headers=part_of(page.text)).status_code == expected


def test_a_form_without_its_sessions_token_changes_nothing(site, visitor):
    rep, other = visitor(), visitor("peer")
    token = part_of(other.get("/board").text)["x-form-token"]
    before = kept(site.store)
    for headers in ({}, {"x-form-token": token}, {"x-form-token": b"\xc3\xa9"}):
        answer = rep.post("/board", json=TAP, headers=headers)
        assert answer.status_code == 403
        assert "未作任何更改" in answer.json()["zh"]
    assert kept(site.store) == before
    assert "Recorded now" in rep.post("/board", json=TAP, headers=part_of(rep.get("/board").text)).text


def sign_out(_site, client):
    client.get("/sign-out")


def sign_out_on_another_device(site, client):
    viewer = sessions.known_by(site.store, client.cookies[COOKIE], site.now)
    sessions.sign_out_everywhere(site.store, viewer, site.now)


def leave(site, _client):
    people.deactivate(site.store, SYSTEM, site.now, "leaver")


def another_unit(site, _client):
    people.add_person(site.store, SYSTEM, site.now, name="leaver", role="rep", unit="rep-2")


@pytest.mark.parametrize(
    ("end", "status"), [(sign_out, 401), (sign_out_on_another_device, 401), (leave, 401), (another_unit, 409)]
)
def test_a_page_whose_session_ends_is_told_so_and_changes_nothing(site, visitor, end, status):
    people.add_person(site.store, SYSTEM, site.now, name="leaver", role="rep", unit="rep-1", password=PASSWORD)
    client, elsewhere = visitor("leaver"), visitor("rep")
    secret = client.cookies[COOKIE]
    page = part_of(client.get("/board").text)
    assert client.get("/session", headers=page).status_code == 204
    end(site, client)
    client.cookies.set(COOKIE, secret)
    before = kept(site.store)
    told = [
        client.get("/session", headers=page), client.get("/board/sheet", headers=page),
        client.post("/board", json=TAP, headers=page),
    ]  # fmt: skip
    assert [answer.status_code for answer in told] == [status] * 3
    assert all(answer.text == "" for answer in told)
    assert kept(site.store) == before
    assert elsewhere.get("/session", headers=part_of(elsewhere.get("/board").text)).status_code == 204


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_light_and_runs_no_script_but_ours(visitor, name):
    page = visitor("a manager").get(f"/{name}")
    assert len(page.content) < LARGEST
    policy = page.headers["content-security-policy"]
    assert re.search(r"script-src 'self'(;| 'unsafe-eval';)", policy)
    assert "script-src 'self';" in policy or name == "record"  # where Bokeh draws
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))", page.text)
    assert inline == []
    assert re.findall(r"\son\w+=", page.text) == []
    assert page.headers["cache-control"] == "no-store"


def test_what_a_page_loads_is_kept_for_good_and_found_by_its_content_alone(visitor):
    client = visitor()
    loaded = re.findall(r'(?:src|href)="(/assets/[^"]+)"', client.get("/board").text)
    assert len(loaded) >= 5
    for address in loaded:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    digest = address_of("site.css").split("/")[2]
    for other in ("/assets/0/site.css", f"/assets/{digest}/%2e%2e/layout.html",
                  f"/assets/{digest}/board/page.py", f"/assets/{digest}/nothing.css"):  # fmt: skip
        assert client.get(other).status_code == 404


@pytest.mark.parametrize(
    ("language", "asked", "word"), [("en-GB", "", "Today"), ("zh-CN", "", "今天"), ("zh-CN", "?lang=en", "Today")]
)
def test_a_page_speaks_the_readers_language_and_says_which(visitor, language, asked, word):
    html = visitor(language=language).get(f"/board{asked}").text
    assert f"<h1>{word}" in html
    assert f'<html lang="{"en" if word == "Today" else "zh-CN"}">' in html


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_is_taken_away_under_the_views_name(visitor, ending):
    answer = visitor("director").get(f"/board/targets.{ending}?view=targets")
    assert f'filename="targets.{ending}"' in answer.headers["content-disposition"]
    assert len(answer.content) > 100


@pytest.mark.parametrize("name", ["北", "a%0d%0aset-cookie:x", "a%22b"])
def test_a_table_has_a_name_of_ours_whatever_the_address_calls_it(visitor, name):
    answer = visitor("director").get(f"/board/{name}.csv?view=targets")
    assert (answer.status_code, answer.headers["content-disposition"]) == (200, 'attachment; filename="targets.csv"')


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "x"])
def test_a_record_as_of_a_day_that_cannot_be_is_that_of_now(day):
    assert _day_of(day) is None


HTML = {"accept": "text/html"}


@pytest.mark.parametrize(("name", "language", "word"), [("rep", "en-GB", "no such page"), (None, "zh-CN", "没有此页面")])
def test_an_address_without_a_page_is_told_as_a_page_and_to_programs_as_before(visitor, name, language, word):
    client = visitor(name, language)
    for address in ("/nowhere", "/assets/0/site.css", "/board/nothing"):
        answer = client.get(address, headers=HTML)
        assert (answer.status_code, word in answer.text) == (404, True)
        assert client.get(address).json()["status"] == 404
    assert client.get("/api/v1/nothing", headers=HTML).json()["status"] == 404


@pytest.mark.parametrize("name", ["rep", None])
def test_a_page_that_cannot_be_drawn_says_so_and_the_log_says_more(site, visitor, name, monkeypatch, caplog):
    monkeypatch.setattr("apps.board.page.Board.draw", lambda _: 1 / 0)
    monkeypatch.setattr("apps.pages.mount.front_page", lambda **_: 1 / 0)
    signed_in = visitor(name)
    client = TestClient(site.app, raise_server_exceptions=False, cookies=dict(signed_in.cookies))
    answer = client.get("/board" if name else "/", headers=HTML)
    assert answer.status_code == 500
    assert "could not be shown (ZeroDivisionError)" in answer.text
    assert "ZeroDivisionError" in caplog.text
    assert client.get("/board/sheet" if name else "/").json()["status"] == 500
