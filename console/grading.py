"""The further steps of the continuum: assess, sanitise, link, report, evidence, outcome."""

from datetime import date
from typing import Annotated, Any, Literal

import typer

from console.session import (
    BadInput,
    Session,
    because,
    parse_end,
    parse_time,
    parse_uuid,
    piped_text,
)
from console.words import BecauseOf, CommandId, Opinion, Reason

Source = Literal["1", "2", "3"]
Information = Literal["A", "B", "C", "D", "E"]
report_app = typer.Typer(help="Reports: further items.", no_args_is_help=True)
evidence_app = typer.Typer(help="Evidence: gathered, handed over, excluded.", no_args_is_help=True)
outcome_app = typer.Typer(
    help="What followed: arrest, charge, notice, result.", no_args_is_help=True
)
Of = Annotated[list[str] | None, typer.Option("--from", help="An observation that led to it.")]
Case = Annotated[str | None, typer.Option(help="The case.")]
At = Annotated[str | None, typer.Option(help="When it happened.")]
Note = Annotated[str | None, typer.Option("--note", help="A note.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (assess, sanitise, link, disseminate, retract):
        app.command()(command)
    app.add_typer(report_app, name="report")
    app.add_typer(evidence_app, name="evidence")
    app.add_typer(outcome_app, name="outcome")


def _handling(
    code: str,
    action: str | None,
    sanitisation: str | None,
    conditions: str | None,
    usage: str | None,
) -> Any:
    from domain.values import Handling

    return Handling(code, action, sanitisation, conditions, usage)  # type: ignore[arg-type]


def _grade(
    context: typer.Context,
    item: str,
    source: str,
    information: str,
    handling: Any,
    report: str | None,
    opinion: Any,
    original: str | None,
    provenance: str | None,
    reason: str | None,
    command_id: str | None,
    causes: list[str] | None,
) -> None:
    from commands import intelligence
    from domain.values import Grade

    session: Session = context.obj
    found = session.item(item, "observation")
    grade = Grade.parse(f"{source}{information}")
    command = parse_uuid(command_id)
    if reason:
        receipt = intelligence.regrade(
            session.desk, session.reader, found, grade, handling, reason, command_id=command
        )
    else:
        receipt = intelligence.assess(
            session.desk,
            session.reader,
            found,
            grade,
            handling,
            report=session.item(report, "report") if report else None,
            provenance=Grade.parse(provenance) if provenance else None,
            opinion=opinion,
            original=original,
            command_id=command,
            because_of=because(causes),
        )
    session.receipt(receipt, f"Graded {grade.label} in report")


def assess(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The observation.")],
    source: Annotated[
        Source | None, typer.Option(help="1 reliable, 2 untested, 3 not reliable.")
    ] = None,
    information: Annotated[
        Information | None,
        typer.Option(help="A directly, B corroborated, C indirectly, D not known, E false?"),
    ] = None,
    handling: Annotated[Literal["P", "C"], typer.Option(help="P share, C conditions.")] = "P",
    action: Annotated[Literal["A1", "A2", "A3"] | None, typer.Option(help="Under C.")] = None,
    sanitisation: Annotated[Literal["S1", "S2"] | None, typer.Option(help="Under C.")] = None,
    conditions: Annotated[str | None, typer.Option(help="Under C: in words.")] = None,
    usage: Annotated[str | None, typer.Option(help="Under A3: the permitted overt use.")] = None,
    original: Annotated[
        str | None, typer.Option("--from-555", help="A 5x5x5 grading, as B24: it is kept.")
    ] = None,
    provenance: Annotated[str | None, typer.Option(help="A grade of its own, as 2B.")] = None,
    opinion: Annotated[Opinion, typer.Option(help="Fact or opinion.")] = "not-known",
    regrade: Annotated[str | None, typer.Option(help="Why it is graded again.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Grade an observation (3x5x2): information becomes intelligence."""
    given = _handling(handling, action, sanitisation, conditions, usage)
    if original:
        from domain.values import convert_555

        parts = original.strip().upper()
        if len(parts) != 3:
            raise BadInput("a 5x5x5 grading has three characters, as B24")
        converted = convert_555(parts[0], parts[1], parts[2], conditions)
        source = source or converted.grade.source
        information = information or converted.grade.information
        given = converted.handling if handling == "P" else given
        for question in converted.needs_review:
            typer.echo(f"To confirm: {question}", err=True)
        original = parts
    if source is None or information is None:
        raise BadInput("assess needs --source and --information (or --from-555)")
    _grade(
        context,
        item,
        source,
        information,
        given,
        None,
        opinion,
        original,
        provenance,
        regrade,
        command_id,
        because_of,
    )


@report_app.command("add")
def report_add(
    context: typer.Context,
    report: Annotated[str, typer.Argument(metavar="REPORT", help="The report.")],
    item: Annotated[str, typer.Argument(metavar="ID", help="A further observation.")],
    source: Annotated[Source, typer.Option(help="The source's grade.")],
    information: Annotated[Information, typer.Option(help="The information's grade.")],
    handling: Annotated[Literal["P", "C"], typer.Option(help="P share, C conditions.")] = "P",
    action: Annotated[Literal["A1", "A2", "A3"] | None, typer.Option(help="Under C.")] = None,
    sanitisation: Annotated[Literal["S1", "S2"] | None, typer.Option(help="Under C.")] = None,
    conditions: Annotated[str | None, typer.Option(help="Under C: in words.")] = None,
    usage: Annotated[str | None, typer.Option(help="Under A3.")] = None,
    opinion: Annotated[Opinion, typer.Option(help="Fact or opinion.")] = "not-known",
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Grade a further observation as an item of a report."""
    given = _handling(handling, action, sanitisation, conditions, usage)
    _grade(
        context,
        item,
        source,
        information,
        given,
        report,
        opinion,
        None,
        None,
        None,
        command_id,
        because_of,
    )


def sanitise(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The observation or its report.")],
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Write the sanitised text (standard input): no hint of who told us, no tactics."""
    from commands import intelligence

    session: Session = context.obj
    text = piped_text("The sanitised text")
    receipt = intelligence.sanitise(
        session.desk,
        session.reader,
        session.item(item, "observation", "report"),
        text,
        because_of=because(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Sanitised in report")


def link(
    context: typer.Context,
    basis: Annotated[str, typer.Argument(metavar="ID", help="Observation, report or exhibit.")],
    a: Annotated[str, typer.Argument(metavar="A", help="An id, a name, or vehicle:PLATE …")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other end.")],
    kind: Annotated[str, typer.Option(help="associate, contact, uses, frequents, …")],
    since: Annotated[str | None, typer.Option("--from", help="True since.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="True until.")] = None,
    item: Annotated[int | None, typer.Option(help="Which item of the report.")] = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Assert that A is tied to B. On an observation it is ungraded; a report grades it."""
    from typing import get_args

    from commands import links
    from domain.values import LinkKind

    if kind not in get_args(LinkKind):
        raise BadInput(f"{kind!r} is no kind of link: {', '.join(get_args(LinkKind))}")
    session: Session = context.obj
    span = links.Span(parse_time(since) if since else None, parse_end(until) if until else None)
    kinds = ("observation", "report", "exhibit", "statement", "recorded-interview")
    receipt = links.assert_link(
        session.desk,
        session.reader,
        session.item(basis, *kinds),
        a,
        b,
        kind,  # type: ignore[arg-type]
        span=span,
        item=item,
        note=text,
        because_of=because(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Link")


def disseminate(
    context: typer.Context,
    report: Annotated[str, typer.Argument(metavar="ID", help="The report.")],
    to: Annotated[str, typer.Option("--to", help="Who receives it.")],
    purpose: Annotated[str, typer.Option(help="For what purpose.")],
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Release a sanitised report."""
    from commands import intelligence

    session: Session = context.obj
    receipt = intelligence.disseminate(
        session.desk,
        session.reader,
        session.item(report, "report"),
        to,
        purpose,
        command_id=parse_uuid(command_id),
        because_of=because(because_of),
    )
    session.receipt(receipt, "Disseminated report")


def retract(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The link.")],
    reason: Reason,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Take a link back; what was known before stays as it was."""
    from commands import links

    session: Session = context.obj
    receipt = links.retract(
        session.desk,
        session.reader,
        session.item(item, "link"),
        reason,
        because_of=because(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, "Retracted link")


# --- evidence -----------------------------------------------------------------------------------


@evidence_app.command("add")
def evidence_add(
    context: typer.Context,
    kind: Annotated[
        Literal["exhibit", "statement", "recorded-interview"], typer.Argument(help="What it is.")
    ],
    mark: Annotated[str, typer.Option(help="The producer's initials and a number: AB1.")],
    of: Of = None,
    produced_by: Annotated[str | None, typer.Option(help="Who produced it.")] = None,
    description: Annotated[str | None, typer.Option(help="What it is, in words.")] = None,
    at: At = None,
    case: Case = None,
    sha256: Annotated[str | None, typer.Option(help="Of a file that stays where it is.")] = None,
    location: Annotated[str | None, typer.Option(help="Where it is kept.")] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Gather an item: a new thing that points to the words that led to it."""
    from commands import evidence
    from domain.evidence import EvidenceGathered

    session: Session = context.obj
    item = EvidenceGathered(
        kind=kind,
        mark=mark,
        observations=tuple(session.item(one, "observation") for one in of or []),
        case=_case(session, case),
        gathered=parse_time(at) if at else None,
        sha256=sha256,
        description=description,
        produced_by=produced_by,
        location=location,
    )
    receipt = evidence.gather(
        session.desk,
        session.reader,
        item,
        because_of=because(because_of),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, f"{kind.capitalize()} {mark}")


@evidence_app.command("transfer")
def evidence_transfer(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The item of evidence.")],
    to: Annotated[str, typer.Option("--to", help="Who received it.")],
    giver: Annotated[str | None, typer.Option("--by", help="Who handed it over.")] = None,
    place: Annotated[str | None, typer.Option(help="Where it is kept.")] = None,
    at: At = None,
    command_id: CommandId = None,
) -> None:
    """Continuity: from one hand to another."""
    from commands import evidence
    from domain.evidence import EvidenceTransferred

    session: Session = context.obj
    move = EvidenceTransferred(parse_time(at) if at else None, giver, to, place)
    receipt = evidence.transfer(
        session.desk, session.reader, session.item(item), move, command_id=parse_uuid(command_id)
    )
    session.receipt(receipt, f"Handed to {to}")


@evidence_app.command("exclude")
def evidence_exclude(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The item of evidence.")],
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """A court or the prosecution will not use it."""
    _status(context, item, "excluded", reason, command_id)


@evidence_app.command("undermine")
def evidence_undermine(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The item of evidence.")],
    reason: Reason,
    command_id: CommandId = None,
) -> None:
    """Something speaks against it."""
    _status(context, item, "undermined", reason, command_id)


def _status(
    context: typer.Context, item: str, status: Any, reason: str, command_id: str | None
) -> None:
    from commands import evidence

    session: Session = context.obj
    receipt = evidence.change_status(
        session.desk,
        session.reader,
        session.item(item),
        status,
        reason,
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, status.capitalize())


# --- outcomes -----------------------------------------------------------------------------------


def _case(session: Session, case: str | None) -> Any:
    if case is None:
        return None
    from projections import cases

    with session.reading() as db:
        found = cases.find(db, session.reader, case)
    if found is None:
        raise BadInput(f"there is no case {case!r}")
    return found


def _person(session: Session, who: str) -> Any:
    from commands import entity

    found, kind = entity.find(session.desk, session.reader, who)
    if kind != "person":
        raise BadInput(f"{who!r} is a {kind}, not a person")
    return found


def _causes(session: Session, refs: list[str] | None) -> tuple[str, ...]:
    """What led to it: each must be known, or be said to be unknown."""
    given = because(refs)
    return tuple(ref if ref == "none-known" else str(session.item(ref)) for ref in given)


def _save(
    context: typer.Context, outcome: Any, refs: list[str] | None, command_id: str | None, what: str
) -> None:
    from commands import justice

    session: Session = context.obj
    receipt = justice.record(
        session.desk,
        session.reader,
        outcome,
        because_of=_causes(session, refs),
        command_id=parse_uuid(command_id),
    )
    session.receipt(receipt, what)


Who = Annotated[str, typer.Argument(metavar="WHO", help="The person: an id or a name.")]
Offence = Annotated[str | None, typer.Option(help="Of what.")]


@outcome_app.command("arrest")
def arrest(
    context: typer.Context,
    who: Who,
    offence: Offence = None,
    at: At = None,
    case: Case = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """An arrest, and what led to it."""
    from domain.justice import ArrestMade

    session: Session = context.obj
    made = ArrestMade(
        _person(session, who), _case(session, case), parse_time(at) if at else None, offence, text
    )
    _save(context, made, because_of, command_id, "Arrest")


@outcome_app.command("charge")
def charge(
    context: typer.Context,
    who: Who,
    offence: Offence = None,
    at: At = None,
    case: Case = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """A charge, and what led to it."""
    from domain.justice import ChargeBrought

    session: Session = context.obj
    made = ChargeBrought(
        _person(session, who), _case(session, case), parse_time(at) if at else None, offence, text
    )
    _save(context, made, because_of, command_id, "Charge")


@outcome_app.command("notice")
def notice(
    context: typer.Context,
    who: Who,
    child: Annotated[str, typer.Option(help="The child it protects.")],
    basis: Annotated[
        Literal["s2-caa-1984", "s49-ca-1989"], typer.Option(help="The law.")
    ] = "s2-caa-1984",
    expires: Annotated[str | None, typer.Option(help="Its last day.")] = None,
    under_18: Annotated[
        bool | None, typer.Option("--recipient-under-18/--recipient-adult", help="Age.")
    ] = None,
    rationale: Annotated[str | None, typer.Option(help="A supervisor's.")] = None,
    at: At = None,
    case: Case = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """A child abduction warning notice; it ends on the child's 16th (s.49: 18th) birthday."""
    from domain.justice import NoticeServed
    from projections import people

    session: Session = context.obj
    recipient, protected = _person(session, who), _person(session, child)
    with session.reading() as db:
        known = people.entities(db, session.reader, [recipient, protected], as_at=session.now())
    last = date.fromisoformat(expires) if expires else None
    born = known[protected].born
    if last is None and born:
        last = _birthday(born, 16 if basis == "s2-caa-1984" else 18)
    if under_18 is None:
        under_18 = known[recipient].is_child or None
    made = NoticeServed(
        recipient,
        protected,
        basis,
        _case(session, case),
        parse_time(at) if at else None,
        last,
        under_18,
        rationale,
        text,
    )
    _save(context, made, because_of, command_id, "Notice")


def _birthday(born: date, age: int) -> date:
    leap = born.month == 2 and born.day == 29
    return date(born.year + age, 3, 1) if leap else born.replace(year=born.year + age)


@outcome_app.command("result")
def result(
    context: typer.Context,
    kind: Annotated[
        Literal[
            "convicted",
            "acquitted",
            "sentenced",
            "nfa-insufficient-evidence",
            "nfa-other",
            "not-prosecuted-best-interests",
            "registered-sex-offender",
        ],
        typer.Argument(help="What it came to."),
    ],
    who: Annotated[str | None, typer.Option(help="The person.")] = None,
    months: Annotated[int | None, typer.Option(help="The sentence; unknown is not zero.")] = None,
    suspended: Annotated[bool, typer.Option("--suspended", help="A suspended sentence.")] = False,
    review_due: Annotated[str | None, typer.Option(help="When it is to be reviewed.")] = None,
    rationale: Annotated[str | None, typer.Option(help="Why.")] = None,
    parents_view: Annotated[str | None, typer.Option(help="The parents' view.")] = None,
    childs_view: Annotated[str | None, typer.Option(help="The child's, or why not.")] = None,
    decided_by: Annotated[list[str] | None, typer.Option(help="Who decided; repeatable.")] = None,
    at: At = None,
    case: Case = None,
    text: Note = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """What a court, or a decision not to prosecute, came to."""
    from domain.justice import ResultRecorded

    session: Session = context.obj
    made = ResultRecorded(
        kind=kind,
        person=_person(session, who) if who else None,
        case=_case(session, case),
        happened=parse_time(at) if at else None,
        sentence_months=months,
        suspended=suspended,
        review_due=date.fromisoformat(review_due) if review_due else None,
        rationale=rationale,
        parents_view=parents_view,
        childs_view=childs_view,
        decided_by=tuple(decided_by or ()),
        note=text,
    )
    _save(context, made, because_of, command_id, f"Result {kind}")
