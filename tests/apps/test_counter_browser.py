"""Filing a lead in a store, in a real browser of a telephone's width: photo, product, customer; and what is kept of it."""

from io import BytesIO

import pytest
from PIL import Image

from coach.routing.photos import MOST_PIXELS, photo
from coach.store import SYSTEM, Store, reading
from policies.documents.loader import load_policy
from tests.apps.serving import asked_elsewhere, served, visiting
from tests.browsing import SIZES
from tests.coach.firm import Firm

pytestmark = [pytest.mark.browser, pytest.mark.pages, pytest.mark.system("L2")]


def picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (3000, 2000), (20, 90, 160)).save(kept, "JPEG")
    return kept.getvalue()


def test_a_lead_is_filed_on_a_telephone(browser, tmp_path):
    firm = Firm(tmp_path, load_policy("store-leads"))
    firm.store.close()
    firm.path.rename(tmp_path / "store.db")
    with served(tmp_path) as address, visiting(browser, address, "rep", "/counter?lang=zh", "phone") as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]
        page.set_input_files("#photo", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture()})
        page.fill("#customer", "澜华")
        page.click("#file")
        page.wait_for_selector("#told.worse")
        assert "产品" in page.inner_text("#told")
        assert page.input_value("#customer") == "澜华"  # nothing that was typed is lost
        page.fill("#product", "7")
        page.click("#file")
        page.wait_for_function("document.querySelector('#customer').value === ''")
        assert "已登记：澜华" in page.inner_text("#told")
        assert asked_elsewhere(page, address) == []
    store = Store.open(tmp_path / "store.db")
    (lead,) = reading.records(store, SYSTEM, kind="lead")
    assert (lead["values"]["product_interest"], lead["values"]["photo"]) == (7.0, 1.0)
    with Image.open(BytesIO(photo(store, SYSTEM, lead["id"]))) as kept:
        assert max(kept.size) == MOST_PIXELS
    store.close()
