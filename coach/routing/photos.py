"""Photos of leads: of a known kind, of bounded size, and without what the camera adds to them, such as the place."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import Connection, insert, select

from coach.problems import CoachError, not_found
from coach.store import tables
from coach.store.store import Store
from coach.store.viewer import Viewer, may_see

MOST_BYTES = 8_000_000
"""Of a photo as it is sent."""
MOST_PIXELS = 1600
"""On the longer side of a photo as it is kept."""
MEDIA_TYPE = "image/jpeg"
_MOST_OPENED = 60_000_000  # pixels; more would be no photo of a telephone
_KINDS = ("JPEG", "PNG", "WEBP")
_QUALITY = 80


def photo_of(sent: bytes) -> bytes:
    """The photo as it is kept: a JPEG, upright, at most MOST_PIXELS on the longer side. Raises CoachError for anything else
    than a photo."""
    if len(sent) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise CoachError(f"The photo is larger than {most} MB; take it smaller.", f"照片超过 {most} MB，请缩小后再上传。")
    try:
        with Image.open(BytesIO(sent), formats=_KINDS) as image:
            if image.width * image.height > _MOST_OPENED:
                raise _no_photo()
            image.draft("RGB", (2 * MOST_PIXELS, 2 * MOST_PIXELS))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _no_photo() from None
    upright.thumbnail((MOST_PIXELS, MOST_PIXELS))
    kept = BytesIO()
    upright.save(kept, "JPEG", quality=_QUALITY)
    return kept.getvalue()


def keep_photo(connection: Connection, lead: str, photo: bytes, who: str, at: int) -> None:
    """Keep the photo of a lead."""
    row = connection.scalar(select(tables.record.c.row).where(tables.record.c.kind == "lead", tables.record.c.id == lead))
    connection.execute(insert(tables.photo).values(record=row, content=photo, by=who, at=at))


def photo(store: Store, viewer: Viewer, lead: str) -> bytes:
    """The photo of a lead that the viewer may see."""
    record = tables.record.c
    query = select(tables.photo.c.content).join(tables.record, record.row == tables.photo.c.record)
    query = query.where(record.kind == "lead", record.id == lead, may_see(viewer, record.unit))
    with store.read() as connection:
        content = connection.scalar(query)
    if content is None:
        raise not_found("photo of lead", "线索照片", lead)
    return bytes(content)


def _no_photo() -> CoachError:
    return CoachError("This is no photo: send a JPEG, PNG or WebP.", "这不是照片：请上传 JPEG、PNG 或 WebP。")
