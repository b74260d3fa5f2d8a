"""Behind a proxy the server is told by which address browsers come: only pages of that address change something."""

import socket

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from apps.cli.main import program
from coach.api.address import Address, address_of, origin_of
from coach.api.app import create_app
from coach.api.shield import from_here
from coach.problems import CoachError
from coach.store import SYSTEM, Store, people
from coach.store.appending import now_ms

HOSTS = st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z]{2,5}){0,2}", fullmatch=True)
ADDRESSES = st.builds(Address, st.sampled_from(["http", "https"]), HOSTS, st.integers(1, 65535))


@given(ADDRESSES)
def test_an_address_is_read_as_it_is_written_whatever_goes_without_saying(address):
    assert address_of(str(address)) == origin_of(str(address)) == address
    assert address_of(f"{address.scheme.upper()}://{address.host.upper()}:{address.port}/") == address


@pytest.mark.parametrize(
    ("text", "written"),
    [("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"), ("https://预演.example", "https://xn--s90atz.example")],
)
def test_addresses_may_be_numbers_and_names_in_any_script(text, written):
    assert str(address_of(text)).partition("://")[0] == "https"
    assert address_of(str(address_of(text))) == address_of(text)
    assert str(address_of(text)).isascii()
    assert written.startswith("https://[") == str(address_of(text)).startswith("https://[")


FAULTY = [
    "", "rehearse.example.com", "ftp://rehearse.example.com", "https://", "https://rehearse.example.com/coach",
    "https://rehearse.example.com?x=1", "https://rehearse.example.com#x", "https://me:secret@rehearse.example.com",
    "https://rehearse.example.com:port", "https://rehearse.example.com:70000", "https://rehearse.example.com:0",
    "https://re hearse.example.com", "https://[::1", "*",
]  # fmt: skip


@pytest.mark.parametrize("text", FAULTY)
def test_what_is_no_address_is_told_with_how_to_write_it(text):
    with pytest.raises(CoachError) as told:
        address_of(text)
    assert "https://rehearse.example.com" in told.value.en
    assert "https://rehearse.example.com" in told.value.zh
    assert told.value.en.isascii() == text.isascii()


@given(ADDRESSES, ADDRESSES, st.sampled_from(["http", "https"]))
def test_with_a_public_address_a_page_is_ours_where_scheme_host_and_port_are_those(public, other, scheme):
    for origin in (public, other, other._replace(host=public.host), public._replace(scheme=other.scheme)):
        headers = Headers({"origin": str(origin), "host": "127.0.0.1:8000", "x-forwarded-host": other.netloc})
        assert from_here(headers, scheme, public) == (origin == public)


@given(ADDRESSES, st.sampled_from(["http", "https"]))
def test_without_one_the_hosts_of_the_request_count_and_no_page_without_the_s_asks_one_with_it(page, scheme):
    for header in ("host", "x-forwarded-host"):
        headers = Headers({"host": "127.0.0.1:8000", "origin": str(page)} | {header: page.netloc})
        assert from_here(headers, scheme) == (page.scheme == "https" or scheme == "http")
    assert not from_here(Headers({"host": "other.example", "origin": str(page)}), scheme) or page.netloc == "other.example"


@pytest.mark.parametrize(("public", "secure"), [(None, False), ("http://firm.example", False), ("https://firm.example", True)])
def test_the_cookie_leaves_the_browser_encrypted_only_where_the_address_says_so(tmp_path, public, secure):
    store = Store.open(tmp_path / "firm.db")
    people.add_person(store, SYSTEM, now_ms(), name="ops", role="operations", password="a long password")
    app = create_app(store, background=False, public=None if public is None else address_of(public))
    told = TestClient(app).post("/api/v1/sign-in", json={"name": "ops", "password": "a long password"})
    assert ("Secure" in told.headers["set-cookie"]) == secure


@pytest.mark.parametrize(("language", "words"), [("en", "is no address"), ("zh", "不是服务器地址")])
def test_the_command_refuses_what_is_no_address_before_it_opens_anything(tmp_path, language, words):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    place = tmp_path / "x.db"
    told = CliRunner().invoke(
        program, ["serve", "--store", str(place), "--port", port, "--public-address", "firm.example", "--lang", language]
    )
    assert (told.exit_code, words in told.output, place.exists()) == (2, True, False)
