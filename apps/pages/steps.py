"""What a person does on a page, step by step: not without a session that stands, and never failing in silence."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from functools import partial

import panel as pn
from bokeh.document import Document
from panel.io.callbacks import PeriodicCallback
from panel.io.state import set_curdoc
from panel.models.esm import DataEvent

from apps.pages.frame import Site, site_of

LONGEST_TYPING_SECONDS = 30.0
_TYPED = "_change_event"  # by which Panel hands on what was typed or chosen (1.9.4)
_SENT = "upload_event"  # by which panel-material-ui hands on a piece of a file (0.16.6)
_log = logging.getLogger("rehearse.pages")


class Steps(ThreadPoolExecutor):
    """The threads on which Panel calls everything that a page does: clicks, changes and what is done every so often.

    Panel has no other place through which all of it goes (1.9.4).
    """

    def submit(self, function, /, *arguments, **named) -> Future:
        """Take a step of a page, if the page's session still stands when its turn comes."""
        document = _document_of(function, arguments)
        site = site_of(document)
        if document is None or site is None:
            return super().submit(function, *arguments, **named)
        typed = site.typed
        step = super().submit(_step, document, site, (site.problem, typed), function, *arguments, **named)
        if getattr(function, "__name__", "") == _TYPED or _is_piece(arguments):
            site.typed = step
        return step


def _is_piece(arguments: tuple) -> bool:
    """Whether a step takes a piece of a file: pieces come in order, and before the news that all are there."""
    return any(
        isinstance(each, DataEvent) and isinstance(each.data, dict) and each.data.get("status") == _SENT for each in arguments
    )


def _document_of(function, arguments: tuple) -> Document | None:
    """The document for which Panel calls something. The current one may be another's: Bokeh keeps one for all threads."""
    if isinstance(function, partial):
        arguments = function.args + arguments
    repeated = _repeated(function)
    return next((each for each in arguments if isinstance(each, Document)), None if repeated is None else repeated._doc)


def _repeated(function) -> PeriodicCallback | None:
    owner = getattr(function, "__self__", None)
    return owner if isinstance(owner, PeriodicCallback) else None


def _step(document: Document, site: Site, before: tuple[str, Future | None], function, *arguments, **named):
    """`before`: the problem that stood on the page when the step was asked for, and what was typed last: what a person typed
    counts when the button behind it is pressed."""
    seen, typed = before
    repeated = _repeated(function)
    if typed is not None and repeated is None:
        wait([typed], LONGEST_TYPING_SECONDS)
    with set_curdoc(document):
        if not site.stands():
            if repeated is None:
                return None
            repeated.stop()  # now it only puts out the light that tells that the page is busy
        elif seen and repeated is None:
            site.hush(seen)
        if repeated is not None and not pn.state.loaded:
            return None  # what is shown before the browser has the whole page may never reach it; the next time will do
    with site.busy() if repeated is None else nullcontext():
        return function(*arguments, **named)


def tell_failure(error: BaseException) -> None:
    """Tell on the page whose document is the current one what went wrong, and write it to the log."""
    site = site_of(pn.state.curdoc)
    _log.error("a step on the page %s failed", site.name if site else "?", exc_info=error)
    if site is not None:
        site.tell(error)


def guard(threads: int) -> None:
    """Have Panel take its steps this way, on so many threads."""
    pn.config.nthreads = threads  # type: ignore[misc]  # a property without a setter, which Panel sets all the same
    pool: ThreadPoolExecutor | None = pn.state._thread_pool
    if not isinstance(pool, Steps):
        if pool is not None:
            pool.shutdown()
        pn.state._thread_pool = Steps(threads, thread_name_prefix="page")  # type: ignore[assignment]  # Panel says None only
    pn.config.exception_handler = tell_failure
