"""On which database the coach's tests run: `pytest tests/coach --database postgresql` keeps every store on a server."""

import itertools
from pathlib import Path

import pytest

from coach.store import backups, checking
from coach.store import store as opening
from coach.store.database import engine_of
from tests.coach.postgres import Server, programs


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server; what needs it is skipped where there is none."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    started = Server(durable=False).start()
    yield started
    started.drop()


@pytest.fixture(scope="session", autouse=True)
def _stores(request):
    """Each file that a test opens as a store is a schema of its own on the server."""
    if request.config.getoption("--database") == "sqlite":
        yield
        return
    server, known, numbers = request.getfixturevalue("server"), {}, itertools.count()

    def on_server(place, create):
        path = Path(str(place)).resolve()
        if "://" in str(place) or (not create and path not in known):
            return engine_of(place, create)
        if path not in known:
            known[path] = server.empty(f"store_{next(numbers)}")
        return engine_of(known[path], create)

    with pytest.MonkeyPatch.context() as patched:
        for module in (opening, backups, checking):
            patched.setattr(module, "engine_of", on_server)
        yield


@pytest.fixture(autouse=True)
def _files_only(request):
    if request.node.get_closest_marker("file") and request.config.getoption("--database") != "sqlite":
        pytest.skip("about a store in a file")
