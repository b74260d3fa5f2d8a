"""What a person does on a page, step by step: not without a session that stands, and never failing in silence."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import panel as pn
from bokeh.document import Document
from panel.io.callbacks import PeriodicCallback
from panel.io.state import set_curdoc

from apps.pages.frame import Site, site_of

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
        return super().submit(_step, document, site, site.problem, function, *arguments, **named)


def _document_of(function, arguments: tuple) -> Document | None:
    """The document for which Panel calls something. The current one may be another's: Bokeh keeps one for all threads."""
    if isinstance(function, partial):
        arguments = function.args + arguments
    repeated = _repeated(function)
    return next((each for each in arguments if isinstance(each, Document)), None if repeated is None else repeated._doc)


def _repeated(function) -> PeriodicCallback | None:
    owner = getattr(function, "__self__", None)
    return owner if isinstance(owner, PeriodicCallback) else None


def _step(document: Document, site: Site, seen: str, function, *arguments, **named):
    repeated = _repeated(function)
    with set_curdoc(document):
        if not site.stands():
            if repeated is None:
                return None
            repeated.stop()  # now it only puts out the light that tells that the page is busy
        elif seen and repeated is None:
            site.hush(seen)
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
