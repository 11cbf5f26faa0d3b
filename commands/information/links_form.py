"""The links form: a network from another system or a study, row by row."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from commands.information import form_rows
from commands.information.form_rows import Described
from commands.kernel import entity as entities
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, facts
from domain.intelligence import link
from domain.intelligence.link import Link, LinkAsserted
from domain.kernel.envelope import Submission
from domain.kernel.values import EntityKind, LinkKind, Origin, Reader, Refused


def prepare_row(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID,
    dataset: str,
    source: str,
    target: str,
    origin: Origin,
    source_id: str | None = None,
    target_id: str | None = None,
    source_node: str | None = None,
    target_node: str | None = None,
    source_kind: str = "person",
    target_kind: str = "person",
    link_kind: LinkKind | None = None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    weight: float = 1.0,
    reference: str | None = None,
    information: str | None = None,
    source_grade: str | None = None,
    handling: str | None = None,
    masked: Collection[str] = (),
    source_own: Described | None = None,
    target_own: Described | None = None,
    alone: bool = False,
    undermined: bool = False,
) -> Prepared:
    """Prepare one row of the links form: a log entry that names the file, sheet and row, and the
    link that the row gives. With `alone`, the row gives no link, and only the person or thing at
    its source end is recorded.

    - A row with a grade becomes an item of a report; other rows remain ungraded information.
      `form_rows.basis` decides the grade and the handling code.
    - `form_rows.end` decides which ends of different rows are the same person or thing within
      `dataset`. For an end in `masked` ("source", "target") the file has a number in place of a
      name, which identifies a person only within that file.
    - The details of an end (`source_own`, `target_own`) are recorded if the end is new.
    - If the evidence of the row is `undermined`, the entry's text says so, and a person here
      assesses it again.

    Raises Refused for a bad kind or grade.
    """

    ids = {"source": (source_id, source_node), "target": (target_id, target_node)}

    def end(which: str, text: str, kind: str, own: Described | None) -> form_rows.End:
        if which in masked:
            text = f"{text} of file {origin.file[:8]}"
            own = replace(own or Described(), name=None, unnamed=True)
        identity = form_rows.Identity(text, *ids[which])
        return form_rows.end(desk, reader, dataset, identity, kind, origin, "links", own)

    if alone:
        item, _, new, unique = end("source", source, source_kind, source_own)
        if not new:
            raise Refused(
                f"a link with source {source!r} is recorded already, and this row adds nothing "
                "to it"
            )
        fields = [dataset, source, source_kind, source_own, origin]
        digest = desk.digest("links.alone", fields)
        submission = Submission(command_id, digest, new, unique)
        desk.draft(submission)
        return Prepared(item, {"evidence": submission}, reader)
    a, a_kind, new_a, unique_a = end("source", source, source_kind, source_own)
    b, b_kind, new_b, unique_b = end("target", target, target_kind, target_own)
    entities.refuse_same_thing(unique_a[:1], unique_b[:1])
    kind: LinkKind = link_kind or default_link(a_kind, b_kind)
    words, grade = f"{source} - {kind} - {target}", form_rows.grade_of(information, source_grade)
    words += " (undermined where it comes from)" * undermined
    on = form_rows.basis(desk, reader, words, origin, grade, handling)
    new_link = desk.new_id()
    draft = LinkAsserted(
        a,
        b,
        kind,
        **on.rests,
        valid_from=valid_from,
        valid_to=valid_to,
        weight=weight,
        reference=reference,
    )
    asserted = link.assert_link(Link(), draft, (a_kind, b_kind))
    body = [
        dataset,
        source,
        source_kind,
        target,
        target_kind,
        kind,
        valid_from,
        valid_to,
        weight,
        reference,
        information,
        source_grade,
        handling,
        origin,
        *(own for own in (source_own, target_own) if own),
        *(["undermined"] if undermined else []),
    ]
    submission = Submission(
        command_id,
        desk.digest("links.row", body),
        (*on.facts, *new_a, *new_b, *facts(reader, new_link, 0, asserted)),
        tuple({**dict(unique_b), **dict(unique_a)}.items()),
    )
    desk.draft(submission)
    return Prepared(on.stream, {"evidence": submission}, reader)


def default_link(a: EntityKind, b: EntityKind) -> LinkKind:
    """Return the default kind of link for a row that names none: two people are associates, a
    person uses a thing or is involved in an incident, an incident happened at a place.
    """
    if a == b == "person":
        return "associate"
    if b == "incident" and a not in ("incident", "place"):
        return "involved-in"
    if (a, b) == ("incident", "place"):
        return "happened-at"
    return "uses" if a == "person" else "other"
