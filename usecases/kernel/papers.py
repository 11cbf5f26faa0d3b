"""Printed papers: the brief, the people about whom a meeting has to decide, the minutes of a
meeting, the trail of an item in lanes, and the certificate of an erasure.

The file is long because all papers share their parts.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from commands.kernel import display_names
from domain.forms.intervals import LONDON
from domain.kernel.codes import in_words
from usecases.kernel.paper import Heading, Paper, Paragraph, Part, Row, Rows
from usecases.kernel.titles import title
from usecases.kernel.trail_lanes import LANES, LaneJoin, PlacedStep, TracedItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from projections.intelligence.meetings import BoardRow, DecisionRow
    from projections.kernel.trail import TrailStep
    from questions.data_protection.certificate import CertificateLine
    from questions.intelligence.brief_aloud import BriefPart as Told
    from questions.intelligence.brief_aloud import ReadOut
    from questions.intelligence.minutes import Minutes
    from questions.intelligence.spoken_people import SpokenPerson

#: How many sentences, and how many decisions to make, fit on the two sides of a brief's paper.
SENTENCES, DECISIONS = 20, 10
#: How many agenda items are on the printed paper of a meeting; the meeting's page has all of them.
FIRST = 12


def brief(read_out: "ReadOut", team: str) -> Paper:
    """Return a team's brief as a printable paper."""
    from network.over_time.sentences import day
    from network.picture.footer import MARKING

    since = f"since {day(read_out.since)}" if read_out.since else "since the beginning"
    head = f"For {team}, {since}, up to {_moment(read_out.until)}. {' '.join(read_out.notes)}"
    parts: list[Part] = [Paragraph(head)]
    shown = read_out.first(SENTENCES, DECISIONS)
    for part in shown:
        parts += _brief_part(part)
    if not read_out.parts:
        parts.append(
            Paragraph(
                "There is nothing new since the last meeting, and there are no decisions to make."
            )
        )
    sentences = len(read_out.sentences) - sum(len(brief_part.sentences) for brief_part in shown)
    decisions = len(read_out.wanted) - sum(len(brief_part.wanted) for brief_part in shown)
    if sentences or decisions:
        parts.append(
            Paragraph(
                f"Not printed: {sentences} more sentences and {decisions} more decisions to take. "
                "They are on the meeting's page, under What changed."
            )
        )
    if read_out.more:
        parts.append(
            Paragraph(
                "Not all changes fit. The next brief begins with the rest, once this one was held."
            )
        )
    title = f"Brief of {team}, {day(read_out.until)}"
    ids = tuple(dict.fromkeys(item_id for brief_part in shown for item_id in brief_part.ids))
    return Paper(title, MARKING, tuple(parts), ids, read_out.unseen, read_out.dues)


def _brief_part(part: "Told") -> Iterator[Part]:
    from network.over_time.sentences import day

    yield Heading(part.title)
    if part.sentences:
        yield Rows(tuple(Row(sentence.words, sentence.aside) for sentence in part.sentences))
    if part.wanted:
        yield Heading("To decide", level=2)
        yield Rows(
            tuple(
                Row(decision.words, f"{decision.owner}, by {day(decision.by)}")
                for decision in part.wanted
            )
        )


def board(people: "Sequence[SpokenPerson]", order: str, team: str, now: datetime) -> Paper:
    """Return a paper that lists the people about whom a meeting has to decide, with the sentences
    that are read aloud about each.
    """
    from network.over_time.sentences import day
    from network.picture.footer import MARKING

    parts = (Heading("People for decision"), Paragraph(order), *_people(people))
    ids = tuple(dict.fromkeys(item for person in people for item in person.ids))
    return Paper(f"People for decision, {team}, {day(now)}", MARKING, parts, ids)


def _people(people: "Sequence[SpokenPerson]") -> Iterator[Part]:
    """Yield the parts of a paper about the people about whom a meeting has to decide, numbered in
    their order.
    """
    for number, person in enumerate(people, start=1):
        yield Paragraph(f"{number}. {person.row.label}: decide. {person.text}")


def minutes(found_minutes: "Minutes") -> Paper:
    """Return the paper of a meeting: the people about whom the meeting has to decide, each decision
    with its basis and result, and the maps and lists that the meeting was shown.
    """
    from network.over_time.sentences import day
    from network.picture.footer import MARKING

    row = found_minutes.row
    names = {item: name.said for item, name in found_minutes.names.items()}
    kind = in_words(row.kind).capitalize()
    place = f", {row.place}" if row.place else ""
    parts: list[Part] = [
        Paragraph(f"{row.team}{place}, {_moment(row.starts)}. Chaired by {row.chair}.")
    ]
    if row.off is not None:
        parts.append(Paragraph(f"Cancelled: {row.off}"))
    if row.held:
        others = f" Others: {row.others}" if row.others else ""
        parts.append(Paragraph(f"Attendees: {', '.join(row.came)}.{others}"))
    elif row.off is None:
        parts.append(Paragraph("The meeting is not recorded as held yet."))
    if found_minutes.people:
        parts += [
            Heading("People for decision"),
            Paragraph(found_minutes.order),
            *_people(found_minutes.people),
        ]
    parts.append(Heading("Decisions"))
    decided = tuple(_decision(entry, names) for entry in found_minutes.decided)
    parts.append(Rows(decided) if decided else Paragraph("No decisions that you may see."))
    if found_minutes.boards:
        shown = tuple(_shown(entry, names) for entry in found_minutes.boards)
        parts += [Heading("Charts shown at the meeting"), Rows(shown)]
    if agenda := [names[item] for item in row.agenda if item in names]:
        shown = tuple(map(Row, agenda[:FIRST]))
        parts += [Heading(f"Agenda items ({len(agenda)})"), Rows(shown)]
        if len(agenda) > FIRST:
            parts.append(Paragraph("The other agenda items are on the meeting's page."))
    ids = [
        row.id,
        *row.agenda,
        *(each for entry in found_minutes.boards for each in (entry.id, *entry.shown)),
    ]
    ids += [item_id for person in found_minutes.people for item_id in person.ids]
    for each in found_minutes.decided:
        ids += [each.id, *each.rests_on, *each.became]
    ids += sorted(display_names.items_in_names(found_minutes.names))
    title = f"Minutes: {kind}, {day(row.starts)}"
    return Paper(title, MARKING, tuple(parts), tuple(dict.fromkeys(ids)))


def trail(item: TracedItem) -> Paper:
    """Return a trail as a paper, lane by lane. Each step has its number in chronological order. The
    paper contains what the reader's page shows; the log position is included only for readers who
    replay the record.
    """
    from network.over_time.sentences import day
    from network.picture.footer import MARKING

    kind = "Words" if item.kind == "observation" else in_words(item.kind).capitalize()
    called = item.said.get(item.item, "")
    laid, steps = item.laid, item.steps
    parts: list[Part] = (
        [Paragraph(f"About: {called}")] if called.casefold() not in ("", item.kind) else []
    )
    parts += [Paragraph(laid.note)] if laid.note else []
    parts += [Paragraph(_spans(len(laid.before), len(laid.after)))]
    for lane in laid.lanes:
        name, holds = LANES[lane]
        parts += [Heading(name), Paragraph(f"{holds[:1].upper()}{holds[1:]}.")]
        standing = tuple(
            _step(item, placed_step) for placed_step in steps if placed_step.lane == lane
        )
        parts.append(Rows(standing) if standing else Paragraph("No steps in this lane."))
    parts += [Heading("How to read the trail"), Rows(tuple(map(Row, _LEGEND)))]
    if any(placed_step.closed for placed_step in steps):
        parts.append(Rows((Row(_HATCHED, hatched=True),)))
    opened = [step for placed_step in steps if (step := placed_step.opened)]
    parts += [Heading("Positions and hashes"), Rows(tuple(map(Row, _basis_lines(item, opened))))]
    lines = [
        f"{trail_step.ref} {cause}"
        for trail_step in opened
        for cause in (trail_step.id, *trail_step.because_of)
    ]
    lines += [
        f"{placed_step.step.event} {placed_step.step.learned}"
        for placed_step in steps
        if placed_step.closed
    ]
    lines += [f"position {item.position}"] if item.position is not None else []
    title = f"Trail: {kind} of {day(item.recorded)}"
    return Paper(title, MARKING, tuple(parts), tuple(sorted(item.ids)), told=tuple(lines))


_LEGEND = (
    "The numbers give the order in which the steps were recorded, across all lanes.",
    (
        "A step is shown as caused by another only if a person recorded it, or if it is "
        "based on that step."
    ),
    "The program infers no step of this trail.",
    "Evidence is gathered because of information or intelligence, and may follow either.",
)
_HATCHED = "Hatched: a step to which you have no access. Only its place, kind and time are shown."


def _spans(before: int, after: int) -> str:
    """Return a sentence that says which step numbers on a printed trail show where the item came
    from, and which show what became of it. There are `before` steps of the first kind and `after`
    steps of the second.
    """
    came = (
        f"Steps 1 to {before} show where the item came from"
        if before > 1
        else "Step 1 is the item itself"
    )
    if not before:
        came = "No record shows where the item came from"
    if not after:
        return f"{came}. No later steps followed."
    first, last = before + 1, before + after
    span = f"Steps {first} to {last} show" if after > 1 else f"Step {first} shows"
    return f"{came}. {span} what became of the item."


def _step(item: TracedItem, placed: PlacedStep) -> Row:
    """Return a step of a trail as a row of the paper: its kind and subject, when it was recorded
    and when it happened, its author, and the numbers of the steps linked to it.
    """
    step_title, step = title(placed.step.event), placed.opened
    if step is None:
        recorded = f"recorded {_moment(placed.step.learned)}"
        return Row(f"{placed.number}. Closed to you", f"{step_title}, {recorded}", True)
    about = item.says(placed)
    marks = [" (this item)"] if step.id == item.item else []
    marks += [" (an opinion)"] if step.opinion else []
    side = [
        f"Recorded {_moment(step.learned)}, by {step.by}",
        f"happened {_moment(step.occurred)}" if step.occurred else "",
        f"caused by {_list(placed.came_of)}" if placed.came_of else "",
        f"led to {_list(placed.led_to)}" if placed.led_to else "",
    ]
    words = f"{placed.number}. {step_title}{''.join(marks)}{f': {about}' if about else ''}"
    return Row(words, f"{'; '.join(filter(None, side))}.")


def _list(joins: "Sequence[LaneJoin]") -> str:
    return ", ".join(map(str, joins))


def _basis_lines(item: TracedItem, opened: "Sequence[TrailStep]") -> list[str]:
    """Return the lines of a printed trail that say as of when it shows the record. For readers who
    may replay the record, these are the log position and the hash of the whole chain; for others,
    the last step that they see.
    """
    lines = [f"Item {item.item}"]
    if opened:
        last = max(opened, key=lambda step: step.learned)
        lines.append(f"Its last step here: {last.ref}, recorded {_moment(last.learned)}")
    if item.position is not None:
        lines.append(f"Evidence log, position {item.position}")
    lines += [
        f"The whole chain of {direction}, closed steps included: SHA-256 {whole}"
        for direction, whole in item.laid.wholes
    ]
    return lines


def certificate(erasure: "UUID", lines: "Sequence[CertificateLine]") -> Paper:
    """Return the certificate of an erasure as a paper to file. It has nothing of the erased
    contents.
    """
    from network.picture.footer import MARKING

    parts: tuple[Part, ...] = (
        Rows(tuple(Row(str(line)) for line in lines)),
        Paragraph("This certificate contains no word of the erased text."),
    )
    title = f"Certificate of erasure {str(erasure)[-8:]}"
    return Paper(title, MARKING, parts, (erasure,), told=(str(erasure),))


def _decision(row: "DecisionRow", names: "Mapping[UUID, str]") -> Row:
    """Return a meeting's decision as a row of a paper: its owner, due date, subject, basis and
    state.
    """
    from network.over_time.sentences import day

    text = f"{row.owner} asks the {row.doer}" if row.doer != "owner" else row.owner
    subject = next((names[item] for item in (row.case, row.about) if item and item in names), None)
    sentences = [
        f"{row.task.replace('-', ' ').capitalize()}: {text}, by {day(row.due)}",
        f"About {subject}" if subject else "",
        _of("Based on", row.rests_on, names),
        f"Status: {row.standing.replace('-', ' ')}{f': {row.result}' if row.result else ''}",
        _of("Led to", row.became, names),
    ]
    return Row(row.words, f"{'. '.join(filter(None, sentences))}.")


def _shown(row: "BoardRow", names: "Mapping[UUID, str]") -> Row:
    """Return a row about a list or map that was shown to a meeting: its title, and to whom it was
    shown or what it contains.
    """
    description = f"Shown to {', '.join(row.to)}" if row.to else _of("Shown", row.shown, names)
    return Row(row.title, description)


def _of(label: str, ids: "Sequence[UUID]", names: "Mapping[UUID, str]") -> str:
    called = {item: names[item].rstrip(".") for item in ids if item in names}
    labels = [called.get(item, f"item {str(item)[-8:]}") for item in ids]
    return f"{label}: {'; '.join(labels)}" if labels else ""


def _moment(at: datetime) -> str:
    from network.over_time.sentences import day

    there = at.astimezone(LONDON)
    return f"{day(there)} at {there:%H:%M}"
