"""The web face of a store, served from this machine."""

import socket
from contextlib import suppress
from typing import Annotated

import typer

from console.entries import BadInput
from console.session import Session, note

#: Where nothing leaves the machine, so that http will do.
OWN = ("127.0.0.1", "::1", "localhost")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(serve)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="On which address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="On which port.", min=1, max=65535)] = 8000,
    behind_https: Annotated[
        bool, typer.Option("--behind-https", help="A proxy on this machine speaks https.")
    ] = False,
) -> None:
    """Serve the screens; Ctrl-C ends it. Elsewhere than on this machine, only behind https."""
    import uvicorn

    from web.app import make_app

    session: Session = context.obj
    if host not in OWN and not behind_https:
        raise BadInput(
            f"on {host} others could listen: put a proxy that speaks https before it, "
            "and say so with --behind-https"
        )
    app = make_app(session.open(), secure=behind_https)
    shown = f"[{host}]" if ":" in host else host
    listening = _listening(host, port)
    note(f"Continuum on http://{shown}:{port} (Ctrl-C ends it)")
    config = uvicorn.Config(
        app,
        log_config=None,
        lifespan="off",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """The port, for us alone. Raises LogUnavailable where somebody has it."""
    from domain.envelope import LogUnavailable

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise LogUnavailable(
            f"nothing can be served on port {port} of {host} ({error.strerror}): "
            "give another with --port"
        ) from error
