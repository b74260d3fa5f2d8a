"""Whether the session of an open page still stands, which every page asks every few seconds."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from apps.pages.documents.entry import visit_of

router = APIRouter()


@router.get("/session", include_in_schema=False)
def stands(request: Request) -> Response:
    """Nothing while it stands; 401 for nobody, 409 for somebody whose rights are others by now."""
    visit_of(request)
    return Response(status_code=204)
