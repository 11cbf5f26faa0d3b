"""Commands about people: show a person, and search."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from access.who_may import scope
from console.engine.parsing import BadInput
from console.engine.session import CommandSession, short, stamp
from console.engine.table import table
from console.police import searching
from domain.forms.local import format_day
from projections.composed import facets, finding
from questions.intelligence import person as person_questions

if TYPE_CHECKING:
    from projections.composed.finding import SearchPage
    from questions.justice.status import Status

person_app = typer.Typer(no_args_is_help=True)
Who = Annotated[str, typer.Argument(metavar="WHO", help="An id or a name.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.add_typer(person_app, name="person")
    app.command()(search)


@person_app.command("show")
def show(context: typer.Context, who: Who) -> None:
    """Show a person's names, categories and links. It also shows the judgements about who they
    are."""
    session: CommandSession = context.obj
    of, _ = session.entity(who)
    with session.reading() as db:
        profile = person_questions.read_person(session.desk, db, session.reader, of, session.now())
    if profile is None:
        raise scope.hidden_error("person", who)
    person, child_facts = profile.person, profile.told_of
    data = {
        "id": profile.who,
        "label": person.label,
        "kind": person.kind,
        "names": person.names,
        "categories": sorted(person.categories),
        "under_18": person.is_child,
        "ages": child_facts.ages_in_words,
        "ages_conflict": child_facts.conflict,
        "learning_disability": child_facts.learning_disability,
        "status": profile.status,
        "description": person.description,
        "same_as": profile.same,
        "links": profile.links,
        "outcomes": profile.followed,
        "known_from": person.known_from,
    }
    lines = [
        f"{person.label}  ({profile.who})",
        f"  also: {', '.join(profile.others) or '-'}",
        f"  recorded as: {', '.join(sorted(person.categories)) or '-'}"
        + ("  under 18" if person.is_child else ""),
        f"  status: {_statuses(profile.status)}",
        *([f"  age: {'; '.join(child_facts.ages_in_words)}"] if child_facts.ages_in_words else []),
        *(["  these ages conflict: find out which is right"] if child_facts.conflict else []),
        *(["  has a learning disability"] if child_facts.learning_disability else []),
        f"  known from: {stamp(person.known_from)}",
        f"  judged the same: {', '.join(map(short, profile.same)) or '-'}",
        f"  links: {len(profile.links)} (see: network ego {short(profile.who)})",
    ]
    lines += [
        f"  {row.what}: {stamp(row.happened) if row.happened else 'when is not known'} "
        f"(see: trail {short(row.item)})" + (f", {row.again}" if row.again else "")
        for row in profile.followed
    ]
    session.answer(data, lines)


def _statuses(statuses: Sequence["Status"]) -> str:
    """Return a person's statuses in words, each with its day and the user who recorded it."""
    said = (
        f"{status.words} (since {format_day(status.since)}; recorded {format_day(status.recorded)}"
        f" by {status.by})"
        for status in statuses
    )
    return "; ".join(said) or "not known"


def search(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(help="A name, a plate, the end of a number, or words.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at most.")] = 20,
    kind: Annotated[
        str | None, typer.Option(help="Only this kind: person, observation ...")
    ] = None,
    of_team: Annotated[str | None, typer.Option("--of-team", help="Recorded by this team.")] = None,
    period: Annotated[
        str | None, typer.Option(help="Recorded in this year or month: 2011, 2011-03.")
    ] = None,
    stage: Annotated[str | None, typer.Option(help="At this stage of the continuum.")] = None,
    case: Annotated[str | None, typer.Option(help="Filed in this case: its number.")] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            help="Search for each value in the first column of this file; the answer is CSV.",
        ),
    ] = None,
) -> None:
    """Search for people, plates, phones and words. It finds names, nicknames, misspellings, partial
    plates and phone endings."""
    session: CommandSession = context.obj
    if csv:
        searching.from_file(session, csv)
        return
    if not words:
        raise BadInput("name what to search for, or give a file: --csv FILE")
    wanted = facets.FacetFilter(kind, of_team, period, stage, case)
    with session.reading() as db:
        page = finding.search(db, session.reader, " ".join(words), limit, wanted)
    rows = [(short(hit.id), hit.kind, hit.label, hit.why) for hit in page.hits]
    lines = [*table(("id", "kind", "what", "why"), rows, "Nothing was found."), *_counted(page)]
    session.answer(page.hits, lines, touched=page.touched)


def _counted(page: "SearchPage") -> Iterator[str]:
    """Yield lines with the numbers of hits. If only some hits are shown, the first line gives their
    number. Further lines count the hits of each kind, of each team and so on, unless all hits are
    of the same kind, team and so on."""
    if page.every > len(page.hits):
        yield f"{len(page.hits)} of {page.every} are shown."
    for facet in facets.FACETS:
        counts = [count for count in page.counts if count.facet == facet]
        if len(counts) > 1:
            yield f"{facet}: " + ", ".join(f"{count.says} {count.many}" for count in counts)
