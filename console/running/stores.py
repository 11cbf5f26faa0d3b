"""Commands that make a store, back it up, restore it, and rehearse a disaster.

The file is long because these commands share their options.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.people_and_teams import account, confirmers
from console.engine.options import Purpose, Recipient
from console.engine.parsing import BadInput, parse_uuid
from console.engine.session import CommandSession, Making, note
from console.engine.table import table
from console.running import signing
from installation import certificates, key_pairs, newest_known, opening, stores

if TYPE_CHECKING:
    from domain.kernel.values import Role
    from installation.system import System

setup_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    for command in (init, backup, restore, drill):
        app.command()(command)
    app.add_typer(setup_app, name="setup")


def init(
    context: typer.Context,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Watermarked; takes --clock on every command.")
    ] = False,
    manager: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The manager who confirms the administrator's acts."),
    ] = None,
    dci: Annotated[
        str | None, typer.Option(metavar="NAME", help="The DCI who confirms them, for all teams.")
    ] = None,
) -> None:
    """Make a store: logs, views and keys. A live store needs a second person beside its
    administrator, who confirms every role: name a manager or a DCI."""
    session: CommandSession = context.obj
    system = session.open(create=True, synthetic=synthetic or bool(session.clock))
    kind = "synthetic" if system.synthetic else "live"
    keeper = account.administrator(system.desk)
    named: list[tuple[str | None, Role]] = [(manager, "manager"), (dci, "dci")]
    for name, role in named:
        if name:
            account.first_confirmer(system.desk, system.label, name, role, system.label.team)
    second = confirmers.confirmers(system.desk)
    session.print_message(
        {
            "store": system.printable_address,
            "home": str(system.home),
            "synthetic": system.synthetic,
            "administrator": keeper,
            "confirms": second,
        },
        [
            f"A {kind} store: {system.printable_address}",
            f"Keys and originals: {system.home}",
            *_next(system, keeper, second),
        ],
    )


def _next(system: "System", keeper: str, second: Sequence[str]) -> list[str]:
    """Return the lines about the next steps after a store was made, until people can sign in to
    it."""
    if system.synthetic:
        return [
            "A trial store: here one person gives roles and opens backups. A live store needs two.",
            "Next: continuum record",
        ]
    if system.closed:
        return []
    if not second:
        return [
            f"Its administrator is {keeper}. Next, name the second person, who confirms each role:",
            "  continuum init --manager NAME          (or --dci NAME)",
        ]
    return [
        f"Its administrator is {keeper}; {' and '.join(second)} can confirm roles.",
        "Before others reach the store, let them sign in, each on their own phone:",
        *(
            line
            for keeper_name in (keeper, *second)
            for line in (
                f"  continuum user enrol {keeper_name}          (prints a code)",
                (
                    f"  continuum login {keeper_name} --enrol       (asks for the code, sets the "
                    "password)"
                ),
            )
        ),
        "Then the first colleague; from then on everybody has to sign in:",
        "  continuum user add NAME --role ROLE --team TEAM",
        "  continuum user enrol NAME",
        f"  continuum --user {second[0]} user role confirm NAME ROLE",
    ]


def backup(
    context: typer.Context,
    into: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A new directory for the store's copy.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Another one, elsewhere, for its keys.")
    ] = None,
    recipient: Recipient = None,
    purpose: Purpose = None,
) -> None:
    """Back up the store while it is in use. The backup holds logs, originals and checkpoints; the
    keys go to a place of their own."""
    from installation.safekeeping import back_up

    session: CommandSession = context.obj
    if into is None and keys is None:
        raise BadInput("name a directory: continuum backup DIR, or --keys DIR for the keys")
    session.duty("run-store")
    made = back_up(session.open(), into, keys, recipient=recipient, purpose=purpose)
    session.print_message(
        made, [line for kind, manifest in made.items() for line in _copied(kind, manifest)]
    )
    if keys is None:
        note("The keys are not in it. Back them up separately: continuum backup --keys DIR")


def _copied(kind: str, backup: Any) -> list[str]:
    size = sum(file.size for file in backup.files)
    head = f"A backup of the {kind}: {len(backup.files)} files, {size} bytes"
    return [head, *(f"  {log}: {held_log.size} records" for log, held_log in backup.logs.items())]


def restore(
    context: typer.Context,
    backup: Annotated[Path, typer.Argument(metavar="DIR", help="A backup of the store.")],
    into: Annotated[str, typer.Option("--into", help="An empty directory, or postgresql://…")],
    keys: Annotated[Path | None, typer.Option("--keys", help="The backup of its keys.")] = None,
    policy: Annotated[
        Path | None, typer.Option(help="Your own policy: the pinned origins and keys.")
    ] = None,
    copy: Annotated[
        list[Path] | None, typer.Option("--copy", help="A checkpoint that you saved; repeatable.")
    ] = None,
    signer: Annotated[
        Path | None,
        typer.Option(
            "--signer",
            help="The signer's own directory, which holds its last checkpoints.",
            file_okay=False,
        ),
    ] = None,
    as_new_origin: Annotated[
        bool, typer.Option("--as-new-origin", help="Records after the backup are lost.")
    ] = False,
    because: Annotated[str | None, typer.Option(help="How they were lost.")] = None,
    erasures: Annotated[
        list[Path] | None,
        typer.Option("--erasures", help="Certificates of erasures, carried out again; repeatable."),
    ] = None,
    readable: Annotated[
        list[str] | None,
        typer.Option("--readable", help="An erasure in these not to repeat; repeatable."),
    ] = None,
    without: Annotated[
        bool,
        typer.Option(
            "--without-erasures",
            help="There are none: data erased since may be readable again.",
        ),
    ] = False,
    waived_by: Annotated[
        str | None,
        typer.Option(
            "--waived-by",
            metavar="NAME",
            help="Who answers with you for data that may be readable again: a person who approves "
            "erasures.",
        ),
    ] = None,
    proof: Annotated[
        list[Path] | None,
        typer.Option(
            "--proof",
            help="On a live store: the private key of one of the two people who answer, to "
            "which its "
            "backups are encrypted. It asks for the passphrase; repeatable.",
            dir_okay=False,
        ),
    ] = None,
    recipient: Recipient = None,
    purpose: Purpose = None,
) -> None:
    """Restore a store from a backup. The backup is checked against its manifest and your
    checkpoints. You need an account in the backup that may run the store or approve erasures. With
    certificates, also give your signer's directory, or the newest evidence checkpoint that a
    witness signed within a day.
    """
    from installation.safekeeping import bring_back

    session: CommandSession = context.obj
    if as_new_origin != bool(because):
        raise BadInput(
            "--as-new-origin and --because REASON are given together: add the missing option"
        )
    restored_settings = session.settings().model_copy(update={"store": into})
    if "://" not in into:
        restored_settings = restored_settings.model_copy(update={"home": Path(into)})
    stores.refuse_within(restored_settings)
    manifest = bring_back(
        restored_settings,
        backup,
        keys=keys,
        policy=policy,
        copies=copy or (),
        because=because,
        brought=certificates.GivenCertificates(
            erasures or (),
            [parse_uuid(item_text) for item_text in readable or ()],
            without,
            waived_by,
            frozenset(
                key_pairs.proven(
                    path, signing.answer_to(f"The passphrase of {path.name}: ", hidden=True)
                )
                for path in proof or ()
            ),
            newest_known.read_newest(policy, copy or (), signer, session.wall_clock()),
        ),
        recipient=recipient,
        purpose=purpose,
        now=session.clock_option(),
        tell=Making(),
    )
    lines = [f"{log}: {held_log.size} records" for log, held_log in manifest.logs.items()]
    if not erasures:
        note(
            "No certificates of erasures were given, and a backup does not show what was "
            "erased after it: that may be readable again, if the keys are as old. Your name and "
            "the purpose are on record; compare the store with the certificates handed out."
        )
    if not copy and not as_new_origin:
        note(
            "No checkpoint was given, so the log may have continued after this backup. If it did, "
            "this is another log under the same name: compare it with a saved checkpoint "
            "(continuum "
            "verify --copy) before anything is recorded in it."
        )
    session.print_message(
        manifest, [f"Restored from the backup of {manifest.made:%Y-%m-%d %H:%M}", *lines]
    )
    if as_new_origin:
        note(
            "It continues under new origins: make a new signer, and hand its policy to the "
            "auditors."
        )


@setup_app.command("postgres")
def setup_postgres(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="The prefix of the roles' names.")] = "continuum",
) -> None:
    """Make the PostgreSQL roles of a store. They are owner, application, signer and eraser. Run it
    as an administrator. A second run adds missing ones, and gives the tables of an older store to
    their owner."""
    session: CommandSession = context.obj
    if not name.isidentifier() or not name.isascii() or name != name.lower() or len(name) > 40:
        raise BadInput(
            f"roles of the database cannot be named {name!r}: use small letters, such as continuum"
        )
    roles = opening.set_up_postgres(session.settings(), name)
    session.print_message(
        {"roles": roles},
        [
            *(f"{duty}: {role}" for duty, role in roles.items()),
            "Give each a password or a rule in pg_hba.conf.",
            f"Next, as {roles['owner']}: continuum init. After that, run no program as the owner.",
        ],
    )


def drill(
    context: typer.Context,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="A directory with room for nine copies; else the home."),
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="An empty one for the copy: postgresql://…")
    ] = None,
) -> None:
    """Rehearse a disaster on copies of the store. It tries backup, restore, verify and sign, and
    detects a loss. It does not touch the store itself. Its backups are encrypted. Its restored
    copies have keys and readable views until it ends: use a disk that you would trust with the
    store."""
    from installation.safekeeping import Rehearsal

    session: CommandSession = context.obj
    session.duty("run-store")
    system = session.open()
    with system.passing(into) as place:
        rehearsal = Rehearsal(system, place, database or str(place / "store"), time.monotonic)
        steps = list(rehearsal.run())
    ok = all(step.ok for step in steps)
    rows = [(step.step, "ok" if step.ok else "FAILED", step.seconds, step.found) for step in steps]
    lines = table(("step", "", "seconds", "found"), rows, "")
    session.print_message({"ok": ok, "steps": steps}, lines)
    if not ok:
        raise typer.Exit(4)
