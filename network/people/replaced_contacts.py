"""Compute which phone or account replaced another one, and when, from the similarity of their
contacts.

Each call has two ends, which are phones or accounts. For the start of each period, the computation
finds the ends that became silent and the ends that began to be used, and compares the contacts of
each silent end with those of each new end (cosine of damped frequencies, times rarity). Ends that
changed together support each other, because the new ends have contact with each other as the old
ends had. If places were recorded for a silent and a new end, the places are compared, too. An old
end is matched with at most one new end, so that the total similarity is greatest (linear
assignment).

The file is long because it is one computation, in its order.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import networkx as nx
import numpy as np
import numpy.typing as npt
import scipy  # scipy.optimize is loaded when it is first used: it takes 9 MB
from msgspec import Struct
from msgspec.structs import replace
from scipy import sparse

Floats = npt.NDArray[np.float64]
Matrix = Any  # the type is a scipy.sparse array of floats
#: A phone or account (an end of a call) with fewer calls than this, recorded or expected, is
#: treated neither as silent nor as new.
FEWEST = 2.0
#: A phone or account counts as silent if it has at most this share of its former calls left, and as
#: new if it had at most this share of its present calls before.
REST = 0.2
#: A proposal needs at least this similarity, and at least `LEAST_KEPT` common contacts.
LEAST_LIKE = 0.3
LEAST_KEPT = 2
#: If two phones have only one common contact, and this contact changed, too: the least similarity
#: that a proposal needs, and the least difference from the next best pair.
ALONE, APART = 0.6, 0.1
#: The weight of the similarity of places, if both phones have places.
PLACES = 0.25
#: Number of rounds in which phones that changed at the same time support each other's proposals.
ROUNDS = 6


class PhoneContact(Struct, frozen=True):
    """A call or message, or several of them in one period: the phones or accounts at both ends, the
    period, and how many calls and messages these are.
    """

    a: UUID
    b: UUID
    period: int
    weight: float = 1.0


class Moved(Struct, frozen=True):
    """A phone (`old`) that another phone (`new`) replaced at the start of a period.

    `kept` are the contacts that both phones have; `with_them` are pairs of an old and a new phone:
    contacts that were themselves replaced at that time. `likeness` is the similarity of `old` and
    `new`; `rival` is the similarity of `old` and the most similar phone other than `new`.
    """

    period: int
    old: UUID
    new: UUID
    likeness: float
    rival: float
    kept: tuple[UUID, ...]
    with_them: tuple[tuple[UUID, UUID], ...]
    places: tuple[UUID, ...]
    circle: int = 0


class _Data(Struct, frozen=True):
    """Calls as arrays.

    `of` and `to` are the numbers that identify the phones or accounts at the two ends; each call is
    included in both directions. `rarity` is high for a phone with few contacts; `active` has the
    number of calls of each phone in each period.
    """

    names: Sequence[UUID]
    of: npt.NDArray[np.intp]
    to: npt.NDArray[np.intp]
    period: npt.NDArray[np.intp]
    weight: Floats
    rarity: Floats
    active: Floats
    things: npt.NDArray[np.bool_]


def replaced(
    contacts: Sequence[PhoneContact],
    places: Sequence[PhoneContact],
    things: Collection[UUID],
    periods: int,
) -> list[Moved]:
    """Return the replacements of phones and accounts: the largest group first, and within a group
    the most certain first.

    `things` are the ids that are phones and accounts, because only these can be replaced.
    """
    if not contacts or periods < 2:
        return []
    data = _data(contacts, things, periods)
    there = _places(places, data, periods)
    by_boundary = [_around(boundary, data, there, periods) for boundary in range(1, periods)]
    by_boundary.sort(key=lambda some: -sum(sureness for sureness, _ in some))
    taken: dict[UUID, Moved] = {}
    # one boundary between two periods after the other, the surest first
    for candidates in by_boundary:
        new = {replacement.new for replacement in taken.values()}
        for _, replacement in sorted(candidates, key=lambda each: -each[0]):
            if replacement.old not in taken and replacement.new not in new:
                taken[replacement.old] = replacement
    return _circles(list(taken.values()), contacts)


def _data(contacts: Sequence[PhoneContact], things: Collection[UUID], periods: int) -> _Data:
    names = sorted({end for contact in contacts for end in (contact.a, contact.b)})
    place = {name: number for number, name in enumerate(names)}
    a = np.array([place[contact.a] for contact in contacts])
    b = np.array([place[contact.b] for contact in contacts])
    period = np.array([contact.period for contact in contacts])
    weight = np.array([contact.weight for contact in contacts])
    of, to = np.concatenate([a, b]), np.concatenate([b, a])
    both = np.concatenate([period, period]), np.concatenate([weight, weight])
    size = len(names)
    active = np.zeros((size, periods))
    np.add.at(active, (of, both[0]), both[1])
    ties = sparse.csr_array((np.ones(len(of)), (of, to)), shape=(size, size))
    ties.sum_duplicates()
    degree = np.diff(ties.indptr)
    rarity = np.log((size + 1) / np.maximum(degree, 1))
    known_items = set(things)
    can_move = np.array([name in known_items for name in names])
    return _Data(names, of, to, both[0], both[1], rarity, active, can_move)


class _PhonePlaces(Struct, frozen=True):
    """The places at which phones were seen. Each sighting has three numbers, which identify the
    phone, the place and the period. The ids of the places are included.
    """

    of: npt.NDArray[np.intp]
    at: npt.NDArray[np.intp]
    period: npt.NDArray[np.intp]
    weight: Floats
    rarity: Floats
    names: Sequence[UUID]


def _places(places: Sequence[PhoneContact], data: _Data, periods: int) -> _PhonePlaces | None:
    place = {name: number for number, name in enumerate(data.names)}
    place_contacts = [contact for contact in places if contact.a in place]
    if not place_contacts:
        return None
    names = sorted({contact.b for contact in place_contacts})
    number = {name: at for at, name in enumerate(names)}
    of = np.array([place[contact.a] for contact in place_contacts])
    at = np.array([number[contact.b] for contact in place_contacts])
    ties = sparse.csr_array((np.ones(len(of)), (at, of)), shape=(len(names), len(data.names)))
    ties.sum_duplicates()
    many = np.diff(ties.indptr)
    return _PhonePlaces(
        of=of,
        at=at,
        period=np.array([contact.period for contact in place_contacts]),
        weight=np.array([contact.weight for contact in place_contacts]),
        rarity=np.log((len(data.names) + 1) / np.maximum(many, 1)),
        names=names,
    )


def _around(
    boundary: int, data: _Data, there: _PhonePlaces | None, periods: int
) -> list[tuple[float, Moved]]:
    """Return the replacements of phones and accounts that seem to have happened when the period
    `boundary` began, each with its similarity: the old one became silent, and a new one with
    similar contacts began.
    """
    before = data.active[:, :boundary].sum(axis=1)
    later = data.active[:, boundary:].sum(axis=1)
    was, came = before / boundary, later / (periods - boundary)
    silent = (before >= FEWEST) & (was * (periods - boundary) >= FEWEST) & (came <= REST * was)
    began = (later >= FEWEST) & (came * boundary >= FEWEST) & (was <= REST * came)
    old, new = np.flatnonzero(silent & data.things), np.flatnonzero(began & data.things)
    if not (len(old) and len(new)):
        return []
    early = data.period < boundary
    mine, theirs = _vectors(data, early, old), _vectors(data, ~early, new)
    staying = np.ones(len(data.names), dtype=bool)
    staying[old] = staying[new] = False
    kept_old, kept_new = mine[:, staying], theirs[:, staying]
    by_old, by_new = mine[:, old].toarray(), theirs[:, new].toarray()
    length = np.outer(_length(mine), _length(theirs))
    shared = (kept_old @ kept_new.T).toarray()
    where = _likeness_of_places(there, boundary, old, new)
    rate = np.minimum.outer(was[old], came[new]) / np.maximum.outer(was[old], came[new])
    like = _weighed(shared / length, where)
    match = _matched(like + 0.05 * rate)
    for _ in range(ROUNDS):
        vouched = by_old @ match @ by_new.T
        like = _weighed((shared + vouched) / length, where)
        again = _matched(like + 0.05 * rate)
        if (again == match).all():
            break
        match = again
    sure = (1 - came[old] / was[old])[:, None] * (1 - was[new] / came[new])[None, :]
    replacements = []
    for i, j in zip(*np.nonzero(match), strict=True):
        replacement = _moved(
            boundary, data, there, (old, new), (mine, theirs), (like, match), (i, j)
        )
        if _has_enough_reasons(replacement):
            replacements.append((float(like[i, j] * sure[i, j]), replacement))
    return replacements


def _has_enough_reasons(moved: Moved) -> bool:
    """Return whether there is enough reason to propose that one phone replaced another: two common
    contacts; or one, and no other pair of phones nearly as similar. A contact whose own phone was
    replaced at the same time counts as common.
    """
    if len(moved.kept) + len(moved.with_them) >= LEAST_KEPT:
        return moved.likeness >= LEAST_LIKE
    return (
        bool(moved.with_them) and moved.likeness >= ALONE and moved.likeness - moved.rival >= APART
    )


def _vectors(data: _Data, when: npt.NDArray[np.bool_], ends: npt.NDArray[np.intp]) -> Matrix:
    """Return for each of these phones or accounts (`ends`) a vector of its contacts in the periods
    `when`: a frequent contact counts more, and a contact with few other contacts counts more.
    """
    size = len(data.names)
    calls: Matrix = sparse.csr_array(
        (data.weight[when], (data.of[when], data.to[when])), shape=(size, size)
    )
    calls.sum_duplicates()
    calls.data = np.log1p(calls.data) * data.rarity[calls.indices]
    return calls[ends].tocsc()


def _length(vectors: Any) -> Floats:
    length: Floats = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    return np.maximum(length, 1e-12)


def _weighed(contacts: Floats, places: Floats | None) -> Floats:
    if places is None:
        return contacts
    return np.where(
        np.isnan(places), contacts, (1 - PLACES) * contacts + PLACES * np.nan_to_num(places)
    )


def _likeness_of_places(
    there: _PhonePlaces | None, boundary: int, old: npt.NDArray[np.intp], new: npt.NDArray[np.intp]
) -> Floats | None:
    """Return how similar the places of each old and new phone are; NaN if one of the two has no
    places.
    """
    if there is None:
        return None
    early = there.period < boundary
    size = 1 + max(int(end) for ends in (there.of, old, new) for end in ends)

    def vectors(when: npt.NDArray[np.bool_], ends: npt.NDArray[np.intp]) -> Any:
        seen: Matrix = sparse.csr_array(
            (there.weight[when], (there.of[when], there.at[when])), shape=(size, len(there.names))
        )
        seen.sum_duplicates()
        seen.data = np.log1p(seen.data) * np.maximum(there.rarity[seen.indices], 0.01)
        return seen[ends]

    mine, theirs = vectors(early, old), vectors(~early, new)
    like = (mine @ theirs.T).toarray() / np.outer(_length(mine), _length(theirs))
    like[np.diff(mine.indptr) == 0, :] = np.nan
    like[:, np.diff(theirs.indptr) == 0] = np.nan
    return np.asarray(like)


def _matched(like: Floats) -> Floats:
    """Return a matrix with 1 for each matched pair of an old end (a row) and a new end (a column),
    and 0 elsewhere. An end is a phone or account. Each end is matched at most once, so that the
    total similarity is greatest.
    """
    rows, columns = scipy.optimize.linear_sum_assignment(like, maximize=True)
    match = np.zeros_like(like)
    match[rows, columns] = 1.0
    return match


def _moved(
    boundary: int,
    data: _Data,
    there: _PhonePlaces | None,
    ends: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]],
    vectors: tuple[Any, Any],
    reckoned: tuple[Floats, Floats],
    at: tuple[int, int],
) -> Moved:
    """Return the replacement of one phone, with its reasons."""
    (old, new), (i, j), (like, match) = ends, at, reckoned
    mine = set(vectors[0][[i], :].nonzero()[1].tolist())
    theirs = set(vectors[1][[j], :].nonzero()[1].tolist())
    gone, come = set(old.tolist()), set(new.tolist())
    both = sorted((mine & theirs) - gone - come, key=lambda one: -data.rarity[one])
    pairs = [
        (old[k], new[m])
        for k, m in zip(*np.nonzero(match), strict=True)
        if old[k] in mine and new[m] in theirs and k != i
    ]
    others = np.delete(like[i], j)
    return Moved(
        period=boundary,
        old=data.names[old[i]],
        new=data.names[new[j]],
        likeness=float(like[i, j]),
        rival=float(others.max()) if len(others) else 0.0,
        kept=tuple(data.names[index] for index in both),
        with_them=tuple((data.names[index], data.names[other]) for index, other in pairs),
        places=_shared_places(there, boundary, int(old[i]), int(new[j])),
    )


def _shared_places(
    there: _PhonePlaces | None, boundary: int, old: int, new: int
) -> tuple[UUID, ...]:
    if there is None:
        return ()
    early = there.period < boundary
    mine = set(there.at[early & (there.of == old)].tolist())
    theirs = set(there.at[~early & (there.of == new)].tolist())
    return tuple(there.names[place_index] for place_index in sorted(mine & theirs))


def _circles(replacements: Sequence[Moved], contacts: Sequence[PhoneContact]) -> list[Moved]:
    """Return the replacements, each with the number that identifies its group. A group is phones or
    accounts that were replaced in the same period and had contact with each other before.
    """
    when: Mapping[UUID, int] = {replacement.old: replacement.period for replacement in replacements}
    graph: nx.Graph[UUID] = nx.Graph()
    graph.add_nodes_from(when)
    graph.add_edges_from(
        (contact.a, contact.b)
        for contact in contacts
        if contact.a in when
        and contact.b in when
        and when[contact.a] == when[contact.b] > contact.period
    )
    circles = sorted(nx.connected_components(graph), key=lambda inside: (-len(inside), min(inside)))
    number = {item: at for at, inside in enumerate(circles, start=1) for item in inside}
    return sorted(
        (replace(replacement, circle=number[replacement.old]) for replacement in replacements),
        key=lambda one: (one.circle, -one.likeness, one.old),
    )
