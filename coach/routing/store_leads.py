"""A lead that is filed on the spot, in a store, with a photo and what the customer is interested in (L2)."""

import base64
import json
import secrets
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, select

from coach.customers.creating import Creation, create
from coach.customers.register import Register
from coach.entering import entered, new_key
from coach.events import Identifier, PostedEvent
from coach.problems import CoachError
from coach.routing.photos import MOST_BYTES, keep_photo, photo_of
from coach.rules.service import Service
from coach.store import tables
from coach.store.viewer import Viewer, ask

SOURCE = "store"
_Short = Annotated[str, Field(max_length=200)]
_record = tables.record.c


class StoreLead(BaseModel):
    """What is filed. `region` is that of the customer; where it is not told, that of the store in which it is filed."""

    model_config = ConfigDict(extra="forbid")
    customer: Identifier
    phone: _Short = ""
    product_interest: float | None = Field(None, ge=0, le=1e9, description="number of the product")
    budget_tier: float | None = Field(None, ge=1, le=3, description="1 low to 3 high")
    region: float | None = Field(None, ge=0, le=1e9, description="region number")
    note: str = Field("", max_length=1000)
    photo: str = Field("", max_length=MOST_BYTES * 4 // 3 + 4, description="JPEG, PNG or WebP, as base64")
    not_the_same: tuple[Identifier, ...] = Field((), max_length=50, description="as of `PostedEvent`")


def file_lead(service: Service, register: Register, viewer: Viewer, told: StoreLead) -> tuple[PostedEvent, Creation]:
    """File a lead: whoever the policy gives it to has it; where the coach gives no leads out, who filed it.

    Refused like any lead that a person creates: where the customer is likely known, or a rule asks for more.
    """
    ask(viewer, "rep", "manager", "operations", "admin")
    photo = photo_of(_decoded(told.photo)) if told.photo else None
    given_out = service.policy().routing.assigned_by == "coach"
    if viewer.unit is None and not given_out:
        raise CoachError("Your sign-in belongs to no unit yet.", "您的账号尚未关联单位。")
    now, unit = service.clock(), None if given_out else viewer.unit
    payload = _payload(service, viewer, told, photo is not None) | ({} if unit is None else {"owner": unit})
    event = entered(
        source=SOURCE, key=new_key(viewer.name), event="registered", kind="lead", record=secrets.token_hex(8), unit=unit,
        acted_at=now, not_the_same=told.not_the_same, payload=payload,
    )  # fmt: skip

    def also(connection: Connection) -> None:
        if photo is not None:
            keep_photo(connection, event.record, photo, viewer.name, now)

    done = create(service, register, viewer, event, also)
    if done.posted is not None:
        done.posted.whole()
    return event, done


def _payload(service: Service, viewer: Viewer, told: StoreLead, has_photo: bool) -> dict[str, float | str | bool | None]:
    region = _region_of(service, viewer.unit) if told.region is None else told.region
    filled: dict[str, float | str | bool | None] = {
        "source": "store", "customer": told.customer, "phone": told.phone.strip(), "custom.note": told.note.strip(),
        "product_interest": told.product_interest, "budget_tier": told.budget_tier, "region": region,
    }  # fmt: skip
    filled |= {"photo": 1.0 if has_photo else 0.0, "captured_at": float(service.clock())}
    return {name: value for name, value in filled.items() if value not in (None, "")}


def _region_of(service: Service, unit: str | None) -> float | None:
    """The region that is recorded of a unit, or of the next one above."""
    passed: set[str] = set()
    with service.store.read() as connection:
        while unit is not None and unit not in passed:
            passed.add(unit)
            found = connection.execute(
                select(_record.parent, _record["values"]).where(_record.kind == "unit", _record.id == unit)
            ).one_or_none()
            if found is None:
                return None
            region = json.loads(found.values).get("region")
            if region is not None:
                return float(region)
            unit = found.parent
    return None


def _decoded(sent: str) -> bytes:
    try:
        return base64.b64decode(sent, validate=True)
    except ValueError:  # of which binascii.Error is one
        raise CoachError("photo: this is no base64.", "photo：不是有效的 base64。") from None
