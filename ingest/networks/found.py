"""A network that was read from a file, laid out as a table with a row for each link.

The table has the columns of the links form. A node is given by its name; if another node has the
same name, the id follows the name, so that the two remain two people. A node without links has a
row of its own. From this program's own exports, the role of a person and the kind and grade of a
link are restored. The file is long because nodes, links and columns of a network are laid out
together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import get_args

import msgspec
from msgspec import Struct

from domain import forms
from domain.kernel.codes import IncidentSort
from domain.kernel.values import CATEGORIES, LINK_KINDS, Grade
from ingest.files.cells import TEXT_CELL
from ingest.files.columns import REJECTS_OWN
from ingest.files.problems import BadFile, FilePosition
from ingest.files.rejects import guarded
from ingest.files.tables import MOST_COLUMNS, MOST_ROWS, Book, RowFault, Rows, Sheet

KIND = "kind"
ENDS = ("source", "target")
_OWN = ("name", "aliases", "unnamed", "sort", "since", "until")
_YES = "yes"
_SORTS = get_args(IncidentSort)


class At(Struct, frozen=True):
    """A place in a network file: the row, and the table in which it is, if the file has several
    tables."""

    row: int = 0
    table: str | None = None


class FileNode(Struct, frozen=True):
    """A person or thing of a network file: its name, its kind in the links form ("" if unknown),
    its place in the file, its aliases, and whether it has no name; and for an incident its sort and
    times, as written.
    """

    name: str
    kind: str = ""
    at: At = msgspec.field(default_factory=At)
    aliases: tuple[str, ...] = ()
    unnamed: bool = False
    sort: str = ""
    since: str = ""
    until: str = ""

    def own(self, called: str) -> tuple[str, ...]:
        """Return the cells that describe the person or thing, without the name `called`, which the
        row has already. They are: its own name if that differs from `called`, its aliases, whether
        it has no name, and the sort and times of an incident.
        """
        name = guarded(self.name) if called != self.name else ""
        described = (name, guarded(forms.join_names(self.aliases)), _YES if self.unnamed else "")
        if self.kind != "incident":
            return (*described, "", "", "")
        return (*described, self.sort if self.sort in _SORTS else "", self.since, self.until)


class FileLink(Struct, frozen=True):
    """A link of a network file, between two ids; with its attributes by title."""

    source: str
    target: str
    attributes: dict[str, str]
    at: At = msgspec.field(default_factory=At)


@dataclass
class NetworkFile:
    """The nodes and links of a network file. If `strict`, both ends of a link have to be nodes of
    the file. `wrong` has the rows that are neither a node nor a link, each with the reason.
    """

    place: FilePosition
    strict: bool = True
    nodes: dict[str, FileNode] = field(default_factory=dict)
    ties: list[FileLink] = field(default_factory=list)
    carried: dict[str, None] = field(default_factory=dict)
    wrong: dict[At, RowFault] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def where(self, at: At) -> FilePosition:
        """Return a place in the network file in the form in which errors name it."""
        return FilePosition(self.place.file, at.table, at.row or None)

    def node(self, which: str, node: FileNode) -> None:
        """Add a node (a person or thing) to the network. Raises BadFile if another node has its
        id."""
        if which in self.nodes:
            why = f"two of its nodes have the id {which[:100]!r}"
            raise BadFile(self.where(node.at), why, "give each entity an id of its own")
        self.nodes[which] = node
        self.bounded()

    def tie(self, tie: FileLink) -> None:
        """Add a link to the network. Raises BadFile if the network becomes too large."""
        self.carried |= dict.fromkeys(tie.attributes)
        self.ties.append(tie)
        self.bounded()

    def bad(self, at: At, wrong: RowFault) -> None:
        """Add a row that is neither a node nor a link. Raises BadFile if there are too many
        rows."""
        self.wrong[at] = wrong
        self.bounded()

    def bounded(self, waiting: int = 0) -> None:
        """Raise BadFile if the network has too many links, nodes or attributes. `waiting` is the
        number of links that were read, but are not added yet because their ends may follow later in
        the file."""
        # a row has at most two nodes, so more than `2 * MOST_ROWS` nodes need too many rows
        ties = max(len(self.ties), waiting) + len(self.wrong)
        if ties > MOST_ROWS or len(self.nodes) > 2 * MOST_ROWS:
            raise self._too_many()
        if len(self.carried) > MOST_COLUMNS:
            why = f"its links have more than {MOST_COLUMNS:,} different attributes"
            raise BadFile(self.place, why, "remove the attributes that you do not need")

    def _too_many(self) -> BadFile:
        return BadFile(
            self.place, f"it has {MOST_ROWS:,} links or more, which is too many", "split it"
        )

    def book(self) -> Book:
        """Return the links, and the nodes without links, as rows of the links form. Raises BadFile
        if there are more rows than a sheet can have.
        """
        laid = _TableLayout(self)
        if laid.count >= MOST_ROWS:
            raise self._too_many()
        nothing = () if laid.count else ("it contains no person, thing or link",)
        sheets, notes = tuple(laid.sheets()), (*self.notes, *nothing)
        return Book("text", sheets, notes=notes, network=True)


class _TableLayout:
    """The sheets of a network file: a row for each link and for each node without links. If the
    file gives no row numbers, rows are numbered in order, beginning with the headings."""

    def __init__(self, network: NetworkFile) -> None:
        self._found = network
        ends = {end: FileNode(end) for tie in network.ties for end in (tie.source, tie.target)}
        named = (ends if not network.strict else {}) | network.nodes
        self._nodes = named
        self._called = forms.distinct_names(
            {which: (_base(node) or "person", node.name) for which, node in named.items()}
        )
        self._lone = list(self._tied_to_nobody())
        self._kinds = any(node.kind for node in network.nodes.values())
        self._own = [
            index
            for index in range(len(_OWN))
            if any(node.own(self._called[which])[index] for which, node in named.items())
        ]
        self._alone = ["alone"] if self._lone else []
        fixed = {
            *ENDS,
            *(f"{end}_{title}" for end in ENDS for title in ("id", "kind", *_OWN)),
            "alone",
        }
        self._carried = [title for title in network.carried if _is_carried(title, fixed)]
        self._refuse_alike()
        self.count = len(network.ties) + len(self._lone) + len(network.wrong)

    def _refuse_alike(self) -> None:
        """Raise BadFile if two attributes of links would get the same heading."""
        headings_by_key: dict[str, str] = {}
        for heading in filter(str.strip, self._carried):
            earlier = headings_by_key.setdefault(" ".join(heading.casefold().split()), heading)
            if earlier != heading:
                why = (
                    f"its links have {earlier[:100]!r} and {heading[:100]!r}, which are one heading"
                )
                raise BadFile(
                    self._found.place, why, "rename one of the columns that have the same name"
                )

    def _tied_to_nobody(self) -> Iterator[str]:
        """Yield the nodes of the network that have no links. Two phones with the same number are
        one phone, which has a link if either of the two has a link.
        """
        ends = [end for tie in self._found.ties for end in (tie.source, tie.target)]
        tied = {(_base(self._nodes[end]), self._called[end]) for end in ends if end in self._nodes}
        for which, node in self._found.nodes.items():
            if (_base(node), self._called[which]) not in tied:
                tied.add((_base(node), self._called[which]))
                yield which

    def sheets(self) -> Iterator[Sheet]:
        """Yield a sheet for each table with rows; an empty sheet for an empty network."""
        network = self._found
        places = [
            *(tie.at for tie in network.ties),
            *(self._nodes[node_id].at for node_id in self._lone),
        ]
        tables = dict.fromkeys(at.table for at in (*places, *network.wrong))
        for table in tables or (None,):
            yield self._sheet(table, sum(at.table == table for at in (*places, *network.wrong)))

    def _sheet(self, table: str | None, count: int) -> Sheet:
        network = self._found
        numbered = not any(at.row for at in (*(tie.at for tie in network.ties), *network.wrong))
        numbered = numbered and not any(node.at.row for node in network.nodes.values())
        wrong = {at.row: why for at, why in self._wrong() if at.table == table}

        def rows() -> Rows:
            yield (1 if numbered else 0), [*self._headings()]
            for number, (at, cells) in enumerate(self._rows(table), start=2):
                yield (number if numbered else at.row), [*cells]

        place = FilePosition(network.place.file, table)
        return Sheet(place, rows, TEXT_CELL, count=count + numbered, wrong=wrong)

    def _headings(self) -> Iterator[str]:
        yield from ENDS
        yield from (f"{end}_node" for end in ENDS)
        if self._kinds:
            yield from (f"{end}_kind" for end in ENDS)
        yield from (f"{end}_{_OWN[index]}" for end in ENDS for index in self._own)
        yield from self._alone
        yield from self._carried

    def _rows(self, table: str | None) -> Iterator[tuple[At, tuple[str, ...]]]:
        network = self._found
        for tie in network.ties:
            if tie.at.table == table:
                values = (tie.attributes.get(title, "") for title in self._carried)
                yield tie.at, self._cells((tie.source, tie.target), "", values)
        for which in self._lone:
            node = self._nodes[which]
            if node.at.table == table:
                yield node.at, self._cells((which, ""), _YES, ("" for _ in self._carried))
        for at, why in network.wrong.items():
            if at.table == table:
                yield at, (guarded(why.text or why.reason), *("" for _ in [*self._headings()][1:]))

    def _cells(self, ends: tuple[str, str], alone: str, fields: Iterator[str]) -> tuple[str, ...]:
        nodes = [self._nodes.get(end) for end in ends]
        called = [self._called.get(end, "") for end in ends]
        kinds = [node.kind if node else "" for node in nodes] if self._kinds else []
        own = [
            node.own(name) if node else ("",) * len(_OWN)
            for node, name in zip(nodes, called, strict=True)
        ]
        return (
            *map(guarded, called),
            *ends,
            *kinds,
            *(cells[index] for cells in own for index in self._own),
            *(alone for _ in self._alone),
            *fields,
        )

    def _wrong(self) -> Iterator[tuple[At, RowFault]]:
        yield from self._found.wrong.items()
        if not self._found.strict:
            return
        for tie in self._found.ties:
            for name, end in zip(ENDS, (tie.source, tie.target), strict=True):
                if end not in self._nodes:
                    why = f"its end {end[:100]!r} is not a person or thing of this file"
                    why = why if end else "this end of the link is empty"
                    yield tie.at, RowFault(f"{why}: add it, or remove the link", f"{name}_id")
                    break


def _is_carried(title: str, fixed: Collection[str]) -> bool:
    """Return whether an attribute of links gets a column of its own in the table. It does, unless
    its `title` is one of the `fixed` columns or a column that only a rejects file has."""
    heading = " ".join(title.split())
    return heading not in REJECTS_OWN and heading.casefold().replace(" ", "_") not in fixed


def _base(node: FileNode) -> str:
    return node.kind.partition("/")[0]


def kind_of(kind: str, role: str, *, cleared: bool = False, suspect: bool = False) -> str:
    """Return the kind of a person or thing as the links form writes it: a child is always written
    as a child, whatever other category they have, and an import never makes a person a suspect.
    """
    also = "eliminated" if cleared else "suspect" if suspect else ""
    if role == "child":
        role = f"vulnerable-child/{also}" if also else "vulnerable-child"
    elif also == "eliminated":
        role = also
    else:
        role = "involved-party" if role == "person" else role
    return f"{kind}/{role}" if kind == "person" and role.partition("/")[0] in CATEGORIES else kind


def as_columns(attributes: dict[str, str]) -> dict[str, str]:
    """Return a link's attributes under the headings of the links form. If the form does not have
    the link's kind, return the attributes unchanged."""
    if attributes.get(KIND) not in LINK_KINDS:
        return attributes
    attributes["link"] = attributes.pop(KIND)
    with suppress(ValueError):
        worth = Grade.parse(attributes.pop("grade", ""))
        attributes |= {"source_grade": worth.source, "information": worth.information}
    return attributes
