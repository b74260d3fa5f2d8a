"""Putting the pages on the server's address: Panel applications beside the HTTP interface."""

import logging
from collections.abc import Callable

from fastapi import FastAPI

from coach.store import Store, Viewer

_log = logging.getLogger("rehearse.pages")
THREADS = 2
"""Threads for the pages' callbacks: one person's long step must not hold up another's page."""


def mount(app: FastAPI, store: Store, visitor: Callable[[], Viewer]) -> None:
    """Serve the dojo and the lab; `visitor` tells who looks, asked within each page's session."""
    import panel as pn
    from panel.io.fastapi import add_applications

    from apps.dojo.page import dojo
    from apps.lab.page import lab
    from apps.pages.shelves import drills, offices, policies

    pn.config.nthreads = THREADS
    for shelf in (policies, offices, drills):
        shelf()  # read before the first visitor waits for it
    pages = {"dojo": dojo, "lab": lab}
    add_applications({f"/{name}": _opener(page, store, visitor) for name, page in pages.items()}, app=app)


def _opener(page, store: Store, visitor: Callable[[], Viewer]):
    def opened():  # Panel calls plain functions once a session; anything else it would show as it is
        try:
            return page(store, visitor())
        except Exception:
            _log.exception("a page could not be drawn")
            raise

    return opened
