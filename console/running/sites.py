"""Commands for the sites of a store: which one writes, and which ones follow
(docs/second-site.md)."""

from typing import TYPE_CHECKING, Annotated

import typer

from console.engine.session import CommandSession, note, stamp
from console.running.site_findings import MEGABYTE
from installation import sites

if TYPE_CHECKING:
    from installation.sites import FollowingSite, SiteStatus

site_app = typer.Typer(no_args_is_help=True)
Address = Annotated[
    str,
    typer.Option(
        "--from", metavar="ADDRESS", help="As this site's server reaches it: postgresql://…"
    ),
]
Name = Annotated[str, typer.Option(help="This site's name: small letters, digits, _.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(site_app, name="site")


@site_app.command()
def publish(context: typer.Context, name: Name) -> None:
    """Allow other sites to follow this one. Run it as the server's administrator."""
    session: CommandSession = context.obj
    roles = sites.publish(session.settings(), name)
    lines = [f"This site is called {name}."]
    if "all" in roles:
        lines.append(f"A second site connects as {roles['all']}.")
    lines += [
        f"A witness connects as {roles['records']}.",
        "Give each role a password, and a rule in pg_hba.conf for this database alone, by TLS.",
        "Next, at the other site: continuum site follow",
    ]
    session.print_message({"site": name, "roles": roles}, lines)
    note(
        "A role that replicates can read all that this server writes to its own log. Let another "
        "organisation follow a witness of yours, and not this server (docs/second-site.md)."
    )


@site_app.command()
def follow(
    context: typer.Context,
    name: Name,
    first: Address,
    witness: Annotated[
        bool, typer.Option("--witness", help="Records alone, to verify them: no keys.")
    ] = False,
) -> None:
    """Make an empty database follow another site. Run it as this server's administrator."""
    session: CommandSession = context.obj
    sites.follow(session.settings(), name, first, witness=witness)
    lines = [f"{name} follows, and copies first what is there: see continuum site status"]
    if not witness:
        lines.append(
            "Next, at the site that writes: continuum site watch --from THIS SITE'S ADDRESS"
        )
    session.print_message({"site": name, "witness": witness}, lines)


@site_app.command()
def heed(context: typer.Context, second: Address) -> None:
    """Let this site learn when another takes over. It then stops writing."""
    session: CommandSession = context.obj
    sites.heed(session.settings(), second)
    session.print_message({"heeds": True}, ["This site learns when the other one has taken over."])


@site_app.command("hand-over")
def hand_over(
    context: typer.Context,
    to: Annotated[str, typer.Option(help="The site that writes from then on.")],
) -> None:
    """Hand over writing to another site. This site stops writing at once; the other takes over with
    every record."""
    session: CommandSession = context.obj
    term = sites.hand_over(session.settings(), to)
    session.print_message(
        {"term": term, "site": to},
        [f"This site writes nothing more (term {term}).", f"Next, at {to}: continuum site promote"],
    )


@site_app.command()
def promote(
    context: typer.Context,
    lost: Annotated[
        bool, typer.Option("--lost", help="The site that wrote does not answer and is given up.")
    ] = False,
) -> None:
    """Make this site the one that writes. Use it after a hand-over, or if the site that wrote is
    lost."""
    session: CommandSession = context.obj
    term = sites.promote(session.settings(), lost=lost)
    records = sites.read_status(session.settings()).records
    session.print_message(
        {"term": term, "records": records},
        [
            f"This site writes from now on (term {term}).",
            *(f"{log}: goes on from record {seq}" for log, seq in records.items()),
            "Next: compare the logs with a saved checkpoint (continuum verify --copy),",
            "take first_site out of the settings here, and start the programs and the signer.",
        ],
    )


@site_app.command()
def forget(
    context: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE", help="It follows no longer.")],
) -> None:
    """Drop a site that no longer follows. Otherwise the log that is stored for it fills this
    server's disk."""
    session: CommandSession = context.obj
    sites.forget(session.settings(), site)
    session.print_message(
        {"forgotten": site}, [f"This server no longer stores its log for {site}."]
    )


@site_app.command()
def status(context: typer.Context) -> None:
    """Show which site writes, and how far others are."""
    session: CommandSession = context.obj
    state = sites.read_status(session.settings())
    session.print_message(state, list(_lines(state)))


def _lines(site_status: "SiteStatus") -> list[str]:
    if site_status.here is None:
        return ["This store has one site: continuum site publish lets others follow it."]
    kind = " (a witness: records, and no keys)" if site_status.holds == "records" else ""
    lines = [f"This site is called {site_status.here}{kind}."]
    whose = "this one" if site_status.writes == site_status.here else site_status.writes
    if site_status.writes == site_status.here and not site_status.writes_here:
        whose = "this one, once it has taken over (continuum site promote)"
    lines.append(f"The site that writes: {whose}, since term {site_status.term}.")
    lines += [f"{log}: {seq} records here" for log, seq in site_status.records.items()]
    if site_status.follows:
        heard = (
            f", heard from it {stamp(site_status.follows.heard)}"
            if site_status.follows.heard
            else ""
        )
        how = "connected" if site_status.follows.connected else "NOT CONNECTED"
        lines.append(f"It follows: {how}{heard}.")
        if site_status.follows.copying:
            lines.append(
                f"  {site_status.follows.copying} tables are still copied for the first time."
            )
        if site_status.follows.failures:
            lines.append(
                f"  {site_status.follows.failures} times it could not write what it was sent."
            )
    lines += [_follower(follower) for follower in site_status.followers]
    if site_status.followers and site_status.writes_here:
        alone = "no other site: what is acknowledged may be lost with this server"
        lines.append(f"An append waits for: {site_status.synchronous or alone}")
    return lines


def _follower(site: "FollowingSite") -> str:
    how = "connected" if site.connected else "NOT CONNECTED"
    activity = "learns who writes" if site.gets == "terms" else "follows"
    line = f"{site.site} {activity}: {how}, {site.behind / MEGABYTE:.1f} MB behind"
    if site.kept == "lost":
        return f"{line}. It was left behind: continuum site forget {site.site}"
    return line
