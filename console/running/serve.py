"""The command that serves a store's screens and API from this machine."""

import gc
import signal
import socket
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from console.engine.parsing import BadInput
from console.engine.session import CommandSession, note
from domain.kernel.envelope import LogUnavailable
from installation.ending import EndSignal
from installation.following import follow

if TYPE_CHECKING:
    from web.crew import AppOpener
    from web.server.request_counts import Cells

#: Addresses that can be reached only from this machine, so that unencrypted http is enough.
OWN = ("127.0.0.1", "::1", "localhost")


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command("serve")(serve_screens)
    app.command("watch")(watch_store)


def serve_screens(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
    behind_https: Annotated[
        bool, typer.Option("--behind-https", help="A proxy on this machine handles https.")
    ] = False,
    workers: Annotated[
        int, typer.Option(help="How many processes serve: about one per core.", min=1, max=64)
    ] = 1,
    no_watch: Annotated[
        bool, typer.Option("--no-watch", help="Do not start continuum watch; it runs separately.")
    ] = False,
    metrics: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS:PORT",
            help="Serve metrics there, for Prometheus only.",
        ),
    ] = None,
    story: Annotated[
        bool, typer.Option("--story", help="On the demo's store: open with its story.")
    ] = False,
) -> None:
    """Serve the screens and the API. Ctrl-C ends it. On a network, serve only behind https."""
    # no garbage collection while modules are loaded: it would find none, and take a fifth of the
    # time to start
    gc.disable()
    # imported here, after garbage collection is switched off
    from web.crew import AppOpener, from_loaded, serve_by
    from web.follower import following
    from web.server.tracing import traces

    if workers == 1:
        from web import serving
    gc.enable()
    session: CommandSession = context.obj
    if host not in OWN and not behind_https:
        raise BadInput(
            f"other machines could read what is sent to {host}: put an https proxy before it, "
            "and confirm that "
            "with --behind-https"
        )
    if story and workers > 1:
        raise BadInput("--story works with one process only: leave out --workers")
    where = address(metrics) if metrics else None
    system = session.open()
    system.clock.run()
    tracer = traces(system.settings.traces_url)
    shown = f"[{host}]" if ":" in host else host
    listening = listening_on(host, port)
    by = f" by {workers} processes" if workers > 1 else ""
    note(f"Continuum on http://{shown}:{port}{by} (Ctrl-C ends it)")
    start = from_loaded() if workers > 1 else None
    who = system.settings, system.synthetic
    follower = nullcontext() if no_watch else following(*who, start)
    opening = AppOpener(system.settings, session.clock_option(), behind_https)
    counts: Sequence[Cells | None] = [None] * workers
    collecting: AbstractContextManager[object] = nullcontext()
    if where:
        counts, collecting = _metrics_server(where, workers, opening)
    if workers == 1:
        app = serving.make_app_of(system, counts[0], tracer, secure=behind_https)
        app.state.house.led_to_story = set() if story else None
        with follower, collecting:
            serving.serve(app, listening)
        return
    # create the store of credentials before several processes would do so at the same time
    system.credentials.enrolled("")
    session.close()
    with follower, collecting:
        serve_by(opening, listening, counts)


def _metrics_server(
    where: tuple[str, int], workers: int, opening: "AppOpener"
) -> "tuple[Sequence[Cells], AbstractContextManager[object]]":
    """Return the memory in which the server's processes count requests, and a context manager that
    serves the metrics with these counts."""
    # imported here, because only a server with metrics needs these modules
    from web.app import PATTERNS
    from web.server.metrics import collected
    from web.server.request_counts import RequestCounts, shared

    counts = [shared(PATTERNS) for _ in range(workers)]
    tallies = [RequestCounts(PATTERNS, count) for count in counts]
    return counts, collected(*where, tallies, opening.system)


def watch_store(context: typer.Context) -> None:
    """Follow the logs and escalate what is overdue. It updates the views for all their readers, and
    notifies people by mail, webhook or pager, as the store is set up. Ctrl-C ends it. serve starts
    such a process by itself. If several run on a server, each follows a part of the views, and one
    of them escalates. A synthetic store escalates only while its clock is set.
    """
    session: CommandSession = context.obj
    system, ended = session.open(), EndSignal([signal.SIGTERM, signal.SIGINT])
    note(f"Following the views of {system.printable_address} (Ctrl-C ends it)")
    has_clock = session.clock_option() is not None
    if has_clock:
        system.clock.run()
    follow(system, ended, escalates=has_clock or not system.synthetic, tell=note)


def address(text: str) -> tuple[str, int]:
    """Return the address and the port in a text such as [::1]:9100. Raises BadInput."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadInput(f"--metrics {text}: give an address and a port, such as 127.0.0.1:9100")
    return host.strip("[]"), int(port)


def listening_on(host: str, port: int) -> socket.socket:
    """Return a socket that listens on this port, for this process only. Raises LogUnavailable if
    the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise LogUnavailable(
            f"port {port} of {host} cannot be used ({error.strerror}): give another port with "
            "--port"
        ) from error
    # connections inherit this option; without it, the last part of a response is sent 40 ms late
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
