"""What all tests share."""

import shutil

import pytest
from hypothesis import settings

from tests.browsing import FLAGS

# A machine that is busy with other tests must not fail one for being slow: speeds are shown by benchmarks. The same change
# is tried on the same examples wherever it is tested; `make search` draws new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None)
settings.load_profile("same")


def pytest_addoption(parser):
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="where the coach's stores are kept")


@pytest.fixture(scope="module")
def browser():
    """Chromium; what needs it is skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()
