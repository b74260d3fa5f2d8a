"""Address to which demand signals from outside are posted."""

from typing import Annotated, Any

from fastapi import APIRouter, Body

from coach.api.access import Asking, AtWork
from coach.signals.flagging import flag_false_prosperity
from coach.signals.outside import Signal, take
from coach.store.viewer import ask

router = APIRouter(tags=["records"])
MOST = 5000
Signals = Annotated[list[Signal], Body(embed=True, max_length=MOST)]


@router.post("/signals", summary="Demand seen outside: tenders and job adverts of customers")
def post_signals(signals: Signals, viewer: Asking, service: AtWork) -> dict[str, Any]:
    """Each look names its customer as it is recorded; the same look again changes nothing. Deals whose forecast is high while
    contact or demand outside is low are flagged at once (S2)."""
    ask(viewer, "manager", "operations", "admin")
    taken = take(service, signals, viewer.name)
    refused = [{"position": place, "en": error.en, "zh": error.zh} for place, error in taken.refused]
    return {"recorded": taken.recorded, "repeated": taken.repeated, "refused": refused, "flags": flag_false_prosperity(service)}
