"""Store leads: filed on the spot with a photo and what the customer is interested in, sent to the nearest store."""

import base64
from io import BytesIO

import pytest
from PIL import Image

from coach.routing.photos import MOST_BYTES, MOST_PIXELS
from policies.documents.loader import load_policy
from tests.coach.firm import Firm
from tests.coach.signed_in import Desk


def photo(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200)) -> str:
    image, kept = Image.new("RGB", size, (200, 30, 30)), BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "where it was taken"
    image.save(kept, kind, exif=exif)
    return base64.b64encode(kept.getvalue()).decode()


@pytest.fixture
def desk(tmp_path):
    """Two stores, in regions 1 and 2, under the library's policy for store leads."""
    firm = Firm(tmp_path, load_policy("store-leads"))
    for unit, region in (("rep-1", 1), ("rep-2", 2)):
        firm.post("field_recorded", unit, kind="unit", region=region)
    return Desk(firm)


@pytest.mark.system("L2")
def test_a_lead_filed_with_a_photo_goes_to_the_nearest_stores_list_and_its_owner_sees_the_photo(desk):
    told = {"customer": "Lan Hua", "phone": "13900002222", "product_interest": 4, "region": 2, "photo": photo()}
    filed = desk.ask("rep", "POST", "/leads/store", json=told)
    assert filed.status_code == 200, filed.text
    lead = filed.json()["lead"]
    assert desk.ask("peer", "GET", f"/leads/{lead}/photo").status_code == 404
    desk.firm.until("2026-01-05 09:11")
    record = desk.ask("peer", "GET", f"/records/lead/{lead}").json()
    assert (record["unit"], record["values"]["photo"], record["values"]["product_interest"]) == ("rep-2", 1.0, 4.0)
    assert [each["record_id"] for each in desk.ask("peer", "GET", "/todos").json()] == [lead]
    assert [each["effect"] for each in desk.ask("peer", "GET", "/notices").json()] == ["todo_opened", "notified"]
    shown = desk.ask("peer", "GET", f"/leads/{lead}/photo")
    assert shown.headers["content-type"] == "image/jpeg"
    with Image.open(BytesIO(shown.content)) as image:
        assert (image.format, image.size, len(image.getexif())) == ("JPEG", (MOST_PIXELS, MOST_PIXELS // 2), 0)
    assert desk.ask("rep", "GET", f"/leads/{lead}/photo").status_code == 404


@pytest.mark.system("L2")
def test_the_region_is_that_of_the_store_in_which_it_is_filed_unless_told(desk):
    filed = {"customer": "Lan Hua", "product_interest": 1, "photo": photo("PNG", (40, 60))}
    lead = desk.ask("peer", "POST", "/leads/store", json=filed).json()["lead"]
    desk.firm.until("2026-01-05 09:11")
    assert desk.ask("operations", "GET", f"/records/lead/{lead}").json()["unit"] == "rep-2"


@pytest.mark.system("L2")
def test_what_the_policy_asks_for_and_a_known_customer_refuse_it_in_both_languages(desk):
    lacking = desk.ask("rep", "POST", "/leads/store", json={"customer": "Lan Hua", "photo": photo()})
    assert (lacking.status_code, lacking.json()["missing"]) == (409, ["product_interest"])
    assert lacking.json()["en"].isascii()
    whole = {"customer": "Lan Hua", "phone": "13900002222", "product_interest": 1, "photo": photo()}
    assert desk.ask("rep", "POST", "/leads/store", json=whole).status_code == 200
    again = desk.ask("peer", "POST", "/leads/store", json=whole)
    assert again.status_code == 409
    ids = [record["id"] for each in again.json()["known"] for record in each["records"]]
    assert desk.ask("peer", "POST", "/leads/store", json=whole | {"not_the_same": ids}).status_code == 200
    assert len(desk.ask("operations", "GET", "/records", params={"kind": "lead"}).json()) == 2


NO_PHOTOS = ("x", "照片", base64.b64encode(b"<svg></svg>").decode(), base64.b64encode(b"GIF89a" * 50).decode())


@pytest.mark.parametrize("sent", NO_PHOTOS)
def test_what_is_no_photo_is_refused_and_nothing_is_recorded(desk, sent):
    told = {"customer": "Lan Hua", "product_interest": 1, "photo": sent}
    answer = desk.ask("rep", "POST", "/leads/store", json=told)
    assert answer.status_code == 422
    assert not answer.json()["zh"].isascii()
    assert desk.ask("operations", "GET", "/records", params={"kind": "lead"}).json() == []


def test_a_note_that_no_text_may_hold_is_refused_and_named(desk):
    told = {"customer": "Lan Hua", "product_interest": 1, "photo": photo(), "note": "a\x00b"}
    answer = desk.ask("rep", "POST", "/leads/store", json=told)
    assert answer.status_code == 422
    assert "note" in answer.json()["en"]


def test_a_photo_that_is_too_large_is_refused(desk):
    sent = base64.b64encode(b"\xff\xd8" + bytes(MOST_BYTES)).decode()
    told = {"customer": "Lan Hua", "product_interest": 1, "photo": sent}
    assert desk.ask("rep", "POST", "/leads/store", json=told).status_code == 422


def test_where_the_coach_gives_no_leads_out_it_is_whose_who_filed_it(desk):
    desk.firm.service.activate(load_policy("freeze-15d"), "tester")
    lead = desk.ask("rep", "POST", "/leads/store", json={"customer": "Lan Hua"}).json()
    assert lead["unit"] == "rep-1"
