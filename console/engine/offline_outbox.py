"""Log entries that are recorded while the worker is signed out: encrypted on this machine until
they sign in.
"""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from console.engine import tokens
from console.engine.parsing import BadInput
from console.engine.session import CommandSession, note, short
from domain.kernel.codes import Noticed
from domain.kernel.decoding import decoder
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Denied, SignInFirst
from ingest.words import record_words
from installation import system

if TYPE_CHECKING:
    from ingest.words.record_words import RecordedWords

_CONTEXT = b"outbox"


class QueuedEntry(msgspec.Struct, frozen=True):
    """A log entry in the outbox, as the command `record` received it.

    `whose` is the account that was last signed in, or None. If the typed time may mean two moments,
    `unsure` is the time as typed, and `at` is the moment that was chosen for it (`when`).
    """

    text: str
    command_id: UUID
    case: str | None
    when: str | None
    told: datetime | None
    how_known: Any
    how_words: str | None
    urgent: str | None
    form: Any
    heard_from: str | None
    told_by: tuple[str, ...]
    opinion: Any
    because_of: tuple[str, ...]
    whose: str | None = None
    unsure: str | None = None
    relation: str | None = None
    at: datetime | None = None
    noticed: tuple[Noticed, ...] = ()


def proved(session: CommandSession) -> bool:
    """Return whether the worker may record now: the store requires no sign-in, or a token on this
    machine proves the worker's identity. With a token, the session continues under the token's
    account."""
    try:
        session.prove()
    except (Denied, LogUnavailable) as error:
        note(str(error))
    return not session.open().requires_sign_in


def tell(session: CommandSession, given: QueuedEntry) -> "RecordedWords":
    """Record a log entry, as the command `record` does. Raises the errors of
    `ingest.words.record_words.record_entry`."""
    return record_words.record_entry(
        session.desk,
        session.reader,
        given.text,
        session.now(),
        case=given.case,
        when=given.when,
        at=given.at,
        told=given.told,
        how_known=given.how_known,
        how_known_words=given.how_words,
        urgent_reason=given.urgent,
        command_id=given.command_id,
        form=given.form,
        heard_from=given.heard_from,
        relation=given.relation,
        told_by=given.told_by,
        opinion=given.opinion,
        noticed=given.noticed,
        because_of=session.causes(given.because_of),
        odd=(("clocks-changed", "told", given.unsure),) if given.unsure else (),
    )


def keep(session: CommandSession, given: QueuedEntry) -> None:
    """Save a log entry, encrypted, in this machine's outbox. Always raises SignInFirst, whose
    message says that nothing was recorded."""
    system, token_store = session.open(), tokens.tokens(session.open())
    whose = None
    with suppress(LogUnavailable):
        whose = system.credentials.sessions.user_of_token(token_store.token_or_none())
    given = msgspec.structs.replace(given, told=given.told or session.now(), whose=whose)
    token_store.keep(system.keys.seal(msgspec.json.encode(given), _CONTEXT))
    raise SignInFirst(
        "NOTHING WAS RECORDED: you are not signed in. Your entry is saved, encrypted, on "
        "this machine. Now run: continuum login, then: continuum record --from-outbox. "
        "Child in danger now: 999"
    )


def send(session: CommandSession) -> None:
    """Record the log entries in the outbox, each once. An entry of another worker stays there until
    that worker signs in.
    """
    session.prove()
    reader, token_store = session.reader, tokens.tokens(session.open())
    receipts: list[dict[str, Any]] = []
    others = 0
    for file in list(token_store.outbox_files()):
        given = _opened(session, file.read_bytes())
        if given.whose not in (None, reader.name):
            others += 1
            continue
        receipt = tell(session, given).receipt
        file.unlink()
        receipts.append({"id": receipt.id, "ref": receipt.ref, "recorded": receipt.recorded})
    lines = [f"Recorded: {entry['id']} (short: {short(entry['id'])})" for entry in receipts]
    session.print_message(receipts, lines or ["No entries waited."])
    if others:
        note(f"{others} entries of other people stay here until they sign in")
    session.follow_up()


def _opened(session: CommandSession, sealed: bytes) -> QueuedEntry:
    try:
        body = session.open().keys.unseal(sealed, _CONTEXT)
        return decoder(QueuedEntry)(body)
    except (*system.INTEGRITY, msgspec.DecodeError) as error:
        raise BadInput(
            "an entry in the outbox is damaged or belongs to another store, so it was not sent: "
            "check that --store names the store for which it was written"
        ) from error
