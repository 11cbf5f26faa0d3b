"""A picture as lines for the terminal: who is tied to whom, how surely, since when, on what."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from domain.kernel.values import LINK_KINDS
from network.query.link_pairs import LinkPair
from network.query.paths import Path
from network.query.safe_text import plain
from network.query.view import NetworkAnswer
from projections.intelligence.people import Entity


def lines(picture: NetworkAnswer) -> list[str]:
    """The picture's pairs, those of its focus first, and what it does not show.

    What the reader must know with a name is said where the name stands first.
    """
    centre = set(picture.focus)
    named = set(centre)
    near = [p for p in picture.pairs if p.source in centre or p.target in centre]
    far = [p for p in picture.pairs if p.source not in centre and p.target not in centre]
    said = [title(picture.entity(one)) for one in picture.focus]
    said += [f"  {line(picture, pair, named)}" for pair in near]
    if far and near:
        said.append("and among the others:")
    said += [f"  {line(picture, pair, named)}" for pair in far]
    if not picture.pairs:
        said.append("  no links to show")
    return [*said, *left_out(picture)]


def path_lines(path: Path) -> list[str]:
    """A path step by step, the evidence of every link under it."""
    ends = path.picture.entity(path.nodes[0]), path.picture.entity(path.nodes[-1])
    hops = "1 link" if len(path.steps) == 1 else f"{len(path.steps)} links"
    worst = path.grade or "ungraded"
    said = [f"{title(ends[0])} to {title(ends[1])}: {hops}, the weakest {worst}"]
    for number, step in enumerate(path.steps, 1):
        for pair in step:
            said.append(f"  {number}. {line(path.picture, pair)}")
            said += [f"       link {one}" for one in pair.links]
            said += [f"       rests on {one}" for one in pair.evidence]
    return [*said, *left_out(path.picture)]


def title(one: Entity) -> str:
    """A name, and in brackets what the reader must know with it."""
    return f"{plain(one.label)} [{', '.join(_marks(one))}]"


def line(picture: NetworkAnswer, pair: LinkPair, named: set[UUID] | None = None) -> str:
    """`A -kind-> B`, stage, grade, since when, and how much it rests on. Who is `named` already
    stands without brackets; others join them."""
    ends = []
    for one in (pair.source, pair.target):
        entity = picture.entity(one)
        ends.append(plain(entity.label) if named and one in named else title(entity))
    if named is not None:
        named |= {pair.source, pair.target}
    arrow = f"-{pair.kind}->" if LINK_KINDS[pair.kind].directed else f"-{pair.kind}-"
    return f"{ends[0]} {arrow} {ends[1]}: {', '.join(_facts(pair))}"


def plain_tie(picture: NetworkAnswer, pair: LinkPair) -> str:
    """A tie in words: who, how, to whom."""
    ends = (plain(picture.entity(one).label, 60) for one in (pair.source, pair.target))
    return f" {pair.kind} ".join(ends)


def left_out(picture: NetworkAnswer) -> list[str]:
    """What the picture does not show, in so many words."""
    said = [f"{picture.ungraded} ungraded not shown"]
    if picture.weaker:
        said.append(f"{picture.weaker} below the minimum grade not shown")
    if picture.team:
        said.append(f"only what {plain(picture.team, 60)} asserted")
    said += [
        f"{plain(picture.entity(hub).label, 60)}: not followed, {more} more are tied to it"
        for hub, more in picture.hubs
    ]
    return said


def _marks(one: Entity) -> Iterator[str]:
    if one.kind != "person":
        yield one.kind
        return
    yield from sorted(one.categories) if one.categories else ("person",)
    if one.is_child:
        yield "under 18"
    if not one.identified:
        yield "not identified"


def _facts(pair: LinkPair) -> Iterator[str]:
    yield pair.stage
    yield f"grade {pair.grade}" if pair.grade else "ungraded"
    if pair.handling == "C":
        yield "handling C"
    yield _since(pair)
    if pair.observations:
        yield _count(pair.observations, "observation")
    yield _count(pair.roots, "independent root") if pair.roots else "root not known"
    if pair.circular:
        yield "circular: one account, told again"
    yield from (f"B on one root: {plain(why)}" for why in pair.one_root)
    if pair.undermined:
        yield "UNDERMINED"


def _since(pair: LinkPair) -> str:
    known = f"known {_day(pair.known_from)}"
    if pair.valid_from and pair.valid_to:
        return f"{_day(pair.valid_from)} to {_day(pair.valid_to)} ({known})"
    if pair.valid_from:
        return f"since {_day(pair.valid_from)} ({known})"
    return known


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
