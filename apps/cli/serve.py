"""`rehearse serve`: the coach, its pages and its interface on one address."""

import click

from apps.cli.base import Command, common, option
from apps.cli.errors import BadInput
from apps.cli.output import console, show_text, table, tell
from apps.cli.texts import say

PORT = 8000


@click.command("serve", cls=Command)
@option("--store", type=click.Path())
@option("--host", default="127.0.0.1")
@option("--port", type=click.IntRange(min=1, max=65535), default=PORT)
@option("--public-address")
@option("--demo", is_flag=True)
@common()
def serve(store, host, port, public_address, demo, json_file):  # noqa: ARG001 -- every command has --json
    """Open the store, show the sign-ins if they are new, listen."""
    import uvicorn

    from apps.serve import application, default_place, first_sign_ins
    from coach.api.address import address_of
    from coach.store import Store

    public = None if public_address is None else address_of(public_address)
    if not _is_free(host, port):
        raise BadInput(say("serve.in_use", port=port))
    opened = Store.open(default_place(demo) if store is None else store)
    if demo:
        fill(opened)
    show_sign_ins(first_sign_ins(opened))
    app = application(opened, public=public)
    tell(say("serve.at", url=f"http://{host}:{port}"))
    if public is not None:
        tell(say("serve.public", url=public))
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
    opened.close()


def fill(store) -> None:
    """Put the sample firm into an empty store; one that is there stays."""
    from apps.demo import fill_with_sample, is_sample
    from apps.serve import is_empty

    if is_empty(store):
        tell(say("serve.filling"))
        show_sign_ins(fill_with_sample(store))
    if is_sample(store):
        tell(say("serve.sample"))


def show_sign_ins(sign_ins) -> None:
    """Passwords that were just made; they are shown this once."""
    if not sign_ins:
        return
    show_text(say("serve.sign_ins"))
    shown = table(None, say("serve.name"), say("serve.password"), say("serve.role"), say("serve.unit"))
    for each in sign_ins:
        shown.add_row(each.name, each.password, each.role, each.unit or "–")
    console().print(shown)


def _is_free(host: str, port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
