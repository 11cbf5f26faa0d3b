"""A picture as text for the terminal: one line for each link, with its stage, grade, dates and
evidence."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from domain.kernel.values import LINK_KINDS
from network.query.link_pairs import LinkPair
from network.query.paths import Path
from network.query.safe_text import single_line
from network.query.view import NetworkAnswer
from projections.intelligence.people import Entity


def lines(picture: NetworkAnswer) -> list[str]:
    """Return the network as lines of text: a line for each pair of linked items, the pairs with the
    people or things that the query is about first; then lines about what was left out.

    Important facts about a person or thing follow the first mention of its name.
    """
    centre = set(picture.focus)
    named = set(centre)
    near = [p for p in picture.pairs if p.source in centre or p.target in centre]
    far = [p for p in picture.pairs if p.source not in centre and p.target not in centre]
    printed = [title(picture.entity(item)) for item in picture.focus]
    printed += [f"  {line(picture, pair, named)}" for pair in near]
    if far and near:
        printed.append("and among the others:")
    printed += [f"  {line(picture, pair, named)}" for pair in far]
    if not picture.pairs:
        printed.append("  no links to show")
    return [*printed, *describe_left_out(picture)]


def path_lines(path: Path) -> list[str]:
    """Return a path step by step, with the evidence of every link under it."""
    ends = path.picture.entity(path.nodes[0]), path.picture.entity(path.nodes[-1])
    hops = "1 link" if len(path.steps) == 1 else f"{len(path.steps)} links"
    worst = path.grade or "ungraded"
    printed = [f"{title(ends[0])} to {title(ends[1])}: {hops}, the weakest {worst}"]
    for number, step in enumerate(path.steps, 1):
        for pair in step:
            printed.append(f"  {number}. {line(path.picture, pair)}")
            printed += [f"       link {link}" for link in pair.links]
            printed += [f"       rests on {item}" for item in pair.evidence]
    return [*printed, *describe_left_out(path.picture)]


def title(entity: Entity) -> str:
    """Return the name of a person or thing, with important facts about it in brackets."""
    return f"{single_line(entity.label)} [{', '.join(_marks(entity))}]"


def line(picture: NetworkAnswer, pair: LinkPair, named: set[UUID] | None = None) -> str:
    """Return one line: `A -kind-> B` with stage, grade, start, and number of sources. A name that
    is in `named` is written without the facts in brackets; other names are added to `named`."""
    ends = []
    for item in (pair.source, pair.target):
        entity = picture.entity(item)
        ends.append(single_line(entity.label) if named and item in named else title(entity))
    if named is not None:
        named |= {pair.source, pair.target}
    arrow = f"-{pair.kind}->" if LINK_KINDS[pair.kind].directed else f"-{pair.kind}-"
    return f"{ends[0]} {arrow} {ends[1]}: {', '.join(_facts(pair))}"


def describe_link(picture: NetworkAnswer, pair: LinkPair) -> str:
    """Return a link in words: its source, its kind, its target."""
    ends = (single_line(picture.entity(item).label, 60) for item in (pair.source, pair.target))
    return f" {pair.kind} ".join(ends)


def describe_left_out(picture: NetworkAnswer) -> list[str]:
    """Return, in words, the omissions of the picture."""
    notes = [f"{picture.ungraded} ungraded not shown"]
    if picture.weaker:
        notes.append(f"{picture.weaker} below the minimum grade not shown")
    if picture.team:
        notes.append(f"only links recorded by {single_line(picture.team, 60)}")
    notes += [
        f"{single_line(picture.entity(hub).label, 60)}: not followed, {more} more are linked to it"
        for hub, more in picture.hubs
    ]
    return notes


def _marks(entity: Entity) -> Iterator[str]:
    if entity.kind != "person":
        yield entity.kind
        return
    yield from sorted(entity.categories) if entity.categories else ("person",)
    if entity.is_child:
        yield "under 18"
    if not entity.identified:
        yield "not identified"


def _facts(pair: LinkPair) -> Iterator[str]:
    yield pair.stage
    yield f"grade {pair.grade}" if pair.grade else "ungraded"
    if pair.handling == "C":
        yield "handling C"
    yield _since(pair)
    if pair.observations:
        yield _count(pair.observations, "observation")
    yield _count(pair.roots, "independent source") if pair.roots else "source not known"
    if pair.circular:
        yield "circular: one account, repeated"
    yield from (f"B on one source: {single_line(why)}" for why in pair.one_root)
    if pair.undermined:
        yield "UNDERMINED"


def _since(pair: LinkPair) -> str:
    recorded_text = f"known {_day(pair.known_from)}"
    if pair.valid_from and pair.valid_to:
        return f"{_day(pair.valid_from)} to {_day(pair.valid_to)} ({recorded_text})"
    if pair.valid_from:
        return f"since {_day(pair.valid_from)} ({recorded_text})"
    return recorded_text


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
