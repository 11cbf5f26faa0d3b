"""Words win: what somebody tells while they are not signed in is kept, sealed, until they are."""

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

if TYPE_CHECKING:
    from ingest.words.record_words import RecordedWords

_CONTEXT = b"outbox"


class QueuedEntry(msgspec.Struct, frozen=True):
    """What `record` was given. `whose` is who was signed in last, if that is known; `unsure` is
    when it was heard, as typed, where that may mean two moments; `at` which one `when` means."""

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
    """Whether a token on this machine says who tells; the session then goes on as them."""
    try:
        session.prove()
    except (Denied, LogUnavailable) as error:
        note(str(error))
    return not session.open().asks_for_proof


def tell(session: CommandSession, given: QueuedEntry) -> "RecordedWords":
    """Record it. Raises as `ingest.words.record_words.tell`."""
    from ingest.words import record_words

    return record_words.tell(
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
    """Keep it for later. Raises SignInFirst, always: nothing was recorded yet."""
    system, kept = session.open(), tokens.tokens(session.open())
    whose = None
    with suppress(LogUnavailable):
        whose = system.credentials.sessions.whose(kept.token_or_none())
    given = msgspec.structs.replace(given, told=given.told or session.now(), whose=whose)
    kept.keep(system.keys.seal(msgspec.json.encode(given), _CONTEXT))
    raise SignInFirst(
        "NOTHING WAS RECORDED: nobody is signed in. Your words are kept, sealed, on this machine. "
        "Now: continuum login, then: continuum record --from-outbox. Child in danger now: 999"
    )


def send(session: CommandSession) -> None:
    """Record what was kept, each once; what somebody else told stays until they sign in."""
    session.prove()
    reader, kept = session.reader, tokens.tokens(session.open())
    done: list[dict[str, Any]] = []
    others = 0
    for file in list(kept.waiting()):
        given = _opened(session, file.read_bytes())
        if given.whose not in (None, reader.name):
            others += 1
            continue
        receipt = tell(session, given).receipt
        file.unlink()
        done.append({"id": receipt.id, "ref": receipt.ref, "recorded": receipt.recorded})
    lines = [f"Recorded: {one['id']} (short: {short(one['id'])})" for one in done]
    session.tell(done, lines or ["Nothing waited."])
    if others:
        note(f"{others} entries of somebody else wait until they sign in")
    session.follow_up()


def _opened(session: CommandSession, sealed: bytes) -> QueuedEntry:
    from installation.system import INTEGRITY

    try:
        body = session.open().keys.unseal(sealed, _CONTEXT)
        return decoder(QueuedEntry)(body)
    except (*INTEGRITY, msgspec.DecodeError) as error:
        raise BadInput("an entry in the outbox is damaged, or of another store") from error
