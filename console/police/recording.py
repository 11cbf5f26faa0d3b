"""Commands that record log entries, and read texts without storing them.

The file is long because each detail of an entry is an option of its own.
"""

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from commands.people_and_teams import rota
from console.engine import offline_outbox
from console.engine.options import BecauseOf, CommandId, Opinion
from console.engine.parsing import (
    TAKES_WORDS,
    WHEN,
    BadInput,
    choose_moment,
    needed_text,
    parse_times,
    parse_uuid,
    piped_text,
    refuse_typed_words,
)
from console.engine.session import CommandSession, note, short, stamp
from console.engine.table import table
from domain import forms
from domain.forms import local
from domain.information import observation, source
from domain.kernel import strict_json, values
from ingest.words import record_words
from installation import places, settings

if TYPE_CHECKING:
    from domain.kernel.codes import Noticed

HowKnown = Literal[
    "saw-or-heard", "has-item", "child-told", "other-told", "corroborated", "talked-about", "doubts"
]
Words = Literal["verbatim", "paraphrase", "own-observation"]
#: Messages about flags of a new entry that are printed at once. Other flags are shown only with the
#: item.
_FLAGGED = {
    "case-unknown": (
        "No case {raw!r} is known here. It is stored as you wrote it: continuum refile {id} …"
    ),
    "clocks-changed": (
        "{raw!r} is in the hour in which the clocks change, so it may mean two times. Both "
        "are stored; continuum correct {id} says which it was"
    ),
    "date-unresolved": "No date could be read in {raw!r}. It is stored as you wrote it",
    "told-after-recorded": "{raw} is in the future. It is stored as you wrote it",
}


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command(context_settings=TAKES_WORDS)(record)
    app.command()(read)


def record(
    context: typer.Context,
    case: Annotated[str | None, typer.Option(help="The case: number, reference or id.")] = None,
    heard_from: Annotated[
        str | None,
        typer.Option(help="The source: a reference. Without it, names are asked for at a prompt."),
    ] = None,
    relation: Annotated[
        str | None,
        typer.Option(
            help=(
                "The source's relation to the child: parent, carer, grandparent, sibling, "
                "neighbour, professional, child, friend, anonymous …"
            )
        ),
    ] = None,
    told_by: Annotated[
        list[str] | None, typer.Option(help="Who told the source, nearest first; repeatable.")
    ] = None,
    when: Annotated[
        str | None, typer.Option(help="When it happened, in the source's words.")
    ] = None,
    told: Annotated[
        str | None, typer.Option(metavar=WHEN, help="When you heard it (default: now).")
    ] = None,
    how_known: Annotated[
        HowKnown | None, typer.Option(help='"How do you know it is true?"')
    ] = None,
    words: Annotated[Words, typer.Option(help="Whose words these are.")] = "verbatim",
    opinion: Annotated[Opinion, typer.Option(help="Fact or opinion.")] = "not-known",
    noticed: Annotated[
        list[str] | None,
        typer.Option(
            help="Signs that the parents noticed, with commas between: often-bathing, "
            "stopped-school, unexplained-things, older-company, out-at-night, changed-mood, "
            "new-friends, eating-or-sleeping."
        ),
    ] = None,
    urgent: Annotated[str | None, typer.Option(help="Why it is urgent.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
    from_outbox: Annotated[
        bool,
        typer.Option("--from-outbox", help="Send the entries saved while you were signed out."),
    ] = False,
) -> None:
    """Record what a source said or saw. The program asks for the words, or reads them from standard
    input (continuum record < FILE)."""
    from ingest import reading
    from ingest.reading import open_points, sentences

    session: CommandSession = context.obj
    refuse_typed_words(context)
    if from_outbox:
        offline_outbox.send(session)
        return
    command, ticked, (heard, unsure) = (
        parse_uuid(command_id),
        _checked_signs(noticed),
        _heard_at(session, told),
    )
    how_words: str | None = None
    if heard_from:
        note(
            "A name given on the command line stays in the shell's history. Enter it at the "
            "prompt instead."
        )
    if sys.stdin.isatty():
        text, case, heard_from, how_words, urgent, relation = _ask(
            case, heard_from, urgent, relation
        )
    else:
        text = needed_text(context, "What was said or seen?")
    entry = offline_outbox.QueuedEntry(
        text,
        command,
        case,
        when,
        heard,
        how_known,
        how_words,
        urgent,
        words,
        heard_from,
        tuple(told_by or ()),
        opinion,
        tuple(because_of or ()),
        unsure=unsure,
        relation=relation,
        at=_chosen_moment(when, heard or session.now()),
        noticed=ticked,
    )
    if not offline_outbox.proved(session):
        offline_outbox.keep(session, entry)
    recorded_entry = offline_outbox.tell(session, entry)
    receipt, mentions = recorded_entry.receipt, recorded_entry.mentions
    questions = open_points.open_questions(
        recorded_entry.words, mentions, when=bool(when), how_known=bool(how_known or how_words)
    )
    taken = record_words.find_taker(session.desk, session.reader, receipt)
    notice = (
        f"{taken} has taken it"
        if taken
        else (record_words.UNREAD if recorded_entry.urgent else None)
    )
    since = receipt.recorded if recorded_entry.urgent and not taken else None
    silence = session.open().unwatched(urgent=since is not None)
    called = rota.find_on_call(session.desk, session.reader.team, since)
    answer = {
        "id": receipt.id,
        "ref": receipt.ref,
        "recorded": receipt.recorded,
        "receipt": session.open().receipt_for(receipt.id, receipt.ref),
        "mentions": [_mention(m) for m in mentions],
        "flags": [{"code": f.code, "field": f.field, "raw": f.raw} for f in recorded_entry.flags],
        "urgent": recorded_entry.urgent,
        "urgency_signs": recorded_entry.urgency_signs,
        "drift_signs": recorded_entry.drift_signs,
        "noticed": reading.noticed(recorded_entry.words),
        "still_open": questions,
        "taken_by": taken,
        "notice": notice,
        "on_call": called,
        "not_escalated": silence,
        "language": receipt.language,
        "time_uncertain": session.desk.clock_said,
    }
    lines = [f"Recorded: {receipt.id} (short: {short(receipt.id)}), {stamp(receipt.recorded)}"]
    if mentions:
        lines.append("Read in it (confirm or correct it; nothing is decided by this):")
        read_in_it = [(recorded_entry.words[m.start : m.end], m) for m in mentions]
        lines += [
            f"  {mention_text!r}: {m.kind} {m.normalised or ''}" for mention_text, m in read_in_it
        ]
    if taken:
        lines.append(f"{taken} has taken it.")
    elif recorded_entry.urgent:
        lines.append(record_words.UNREAD)
    if recorded_entry.urgency_signs:
        lines.append(sentences.proposal(recorded_entry.urgency_signs))
    signs = filter(None, [sentences.noticed_signs(recorded_entry.words)])
    lines += [*signs, *sentences.to_ask_next(questions)]
    lines += [rota.describe_for_page(called), *([silence] if silence else [])]
    session.print_message(answer, lines)
    for flag in recorded_entry.flags:
        if flag.code in _FLAGGED:
            note(_FLAGGED[flag.code].format(raw=flag.raw, id=short(receipt.id)))
    if recorded_entry.drift_signs:
        note(
            f"Signs of {', '.join(recorded_entry.drift_signs)}: a detective inspector may have "
            "to look at "
            f"the source's status: continuum source drift due {short(receipt.id)} SUSPECT …"
        )
    session.follow_up()


def _ask(
    case: str | None, heard_from: str | None, urgent: str | None, relation: str | None
) -> tuple[str, str | None, str | None, str | None, str | None, str | None]:
    """Return the worker's answers to five questions about an entry. A question whose answer was
    given as an option is left out, and only the question for the words has to be answered."""

    def ask(question: str) -> str | None:
        sys.stderr.write(question + " ")
        sys.stderr.flush()
        return sys.stdin.readline().strip() or None

    text = ask("1. What was said or seen?")
    if not text:
        raise BadInput("nothing was entered: enter at least what was said or seen")
    how = ask("2. How do you know it is true? (Enter: not asked)")
    if not heard_from:
        heard = ask(
            "3. Who told you, and what are they to the child? "
            "(as: Carol, neighbour; or one of the two; Enter: not said)"
        )
        heard_from, beside = _source_and_relation(heard)
        relation = relation or beside
    case = case or ask("4. Which case? (number or reference; Enter: not known)")
    urgent = urgent or ask("5. Urgent? Say why (Enter: no)")
    return text, case, heard_from, how, urgent, relation


def _source_and_relation(text: str | None) -> tuple[str | None, str | None]:
    """Return the source's name, and the source's relation to the child, from the text that the
    worker typed. The relation follows the last comma; a text that is only a relation has no name.
    """
    name, comma, relation = (text or "").rpartition(",")
    if comma:
        return name.strip() or None, relation.strip() or None
    return (None, text) if text and text.casefold() in source.RELATIONS else (text, None)


def _heard_at(session: CommandSession, text: str | None) -> tuple[datetime | None, str | None]:
    """Return when the worker heard the information. If the text may mean two moments and the worker
    does not choose, return the earlier moment, because it gives the earlier deadline, and the text.
    So an entry is never refused because of its time.
    """
    if not text:
        return None, None
    moments = parse_times(text, session.zone, today=session.today)
    if len(moments) == 1:
        return moments[0], None
    answer = choose_moment(text, moments)
    return answer or moments[0], None if answer else text


def _checked_signs(noticed: list[str] | None) -> tuple["Noticed", ...]:
    """Return the signs of exploitation that the worker ticked, checked before the worker types the
    words of the entry. Raises Refused for a sign that is not in the list.
    """
    codes = (code.strip() for part in noticed or () for code in part.split(","))
    return observation.checked_signs([code for code in codes if code])


def _chosen_moment(when: str | None, heard: datetime) -> datetime | None:
    """Return the moment that the worker chooses if the text `when` may mean two moments. Return
    None if it means one moment, or if the worker does not choose.
    """
    found_moment = forms.moment(when, heard) if when else None
    if when is None or found_moment is None or "clocks-changed" not in found_moment.flags:
        return None
    return choose_moment(when, (found_moment.start, found_moment.start + timedelta(hours=1)))


def _mention(mention: Any) -> dict[str, Any]:
    return {
        "start": mention.start,
        "end": mention.end,
        "kind": mention.kind,
        "normalised": mention.normalised,
        "confidence": round(mention.confidence, 2),
    }


def read(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="The text; else standard input.")] = None,
    written_at: Annotated[
        str | None, typer.Option(metavar=WHEN, help="When it was written.")
    ] = None,
    jsonl: Annotated[str | None, typer.Option(help="A file with one JSON text per line.")] = None,
) -> None:
    """Show what the machine reads in a text. It also says whether it would propose urgency. Nothing
    is stored."""
    import msgspec

    from ingest import reading
    from ingest.reading import sentences

    session: CommandSession = context.obj
    known_places = places.places_in(
        settings.load_settings(store=session.store, home=session.home).places_file
    )
    if jsonl:
        for number, line in enumerate(_lines(jsonl), start=1):
            try:
                one = strict_json.read_json(line)
                at = parse_times(one["written_at"], local.LONDON)[0]
                mentions = reading.read(one["text"], written_at=at, known=known_places)
                signs = reading.urgency_signs(one["text"])
            except values.Refused as refused:
                raise BadInput(f"{jsonl}, line {number}: {refused}") from None
            except (KeyError, TypeError, AttributeError) as error:
                raise BadInput(
                    f"{jsonl}, line {number}: write each line as JSON with id, written_at and text"
                ) from error
            row = {
                "id": one.get("id"),
                "mentions": [_mention(m) for m in mentions],
                "urgency_signs": signs,
                "noticed": reading.noticed(one["text"]),
            }
            sys.stdout.write(msgspec.json.encode(row).decode() + "\n")
        return
    text = text if text is not None else piped_text("Text")
    at = session.wall_clock()
    if written_at:
        today = at.astimezone(local.LONDON).date()
        at = parse_times(written_at, local.LONDON, today=lambda: today)[0]
    mentions = reading.read(text, written_at=at, known=known_places)
    rows = [(text[m.start : m.end], m.kind, m.normalised, f"{m.confidence:.2f}") for m in mentions]
    head = ("words", "kind", "normal form", "confidence")
    lines = list(table(head, rows, "No names, numbers or places were recognised."))
    findings = (sentences.proposal(reading.urgency_signs(text)), sentences.noticed_signs(text))
    for sentence in filter(None, findings):
        if session.json:
            note(sentence)
        else:
            lines.append(sentence)
    session.print_message([_mention(m) for m in mentions], lines)


def _lines(path: str) -> list[bytes]:
    from pathlib import Path

    try:
        return [line for line in Path(path).read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
