"""Write the network as tables of the POLE data standard: persons, objects, locations, events, and
the associations between them (NPCC POLE data standards catalogue [verify: names of columns]).

The tables have the columns of the import forms, so people, incidents and links can be imported
again.
"""

import io
import zipfile
from collections.abc import Iterator

from domain.kernel.values import LINK_KINDS
from network.export import sheets
from network.picture.footer import Stamp, sentences
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport

PERSON = ("person id", "full name", "description", "alias", "category", "masked")
THING = ("object id", "object type", "identifier")
LOCATION = ("location id", "location")
EVENT = ("incident id", "what happened", "event type", "date", "until")
ASSOCIATION = [
    *("source", "source_kind", "target", "target_kind", "link", "directed"),
    *("valid_from", "valid_to", "weight", "information", "source_grade", "handling"),
    *("stage", "known_from", "undermined", "source_id", "target_id"),
]


def tables(out: MaskedExport, stamp: Stamp) -> bytes:
    """Return the tables as a zip file with five sheets and a note."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(out, stamp):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return written.getvalue()


def _files(out: MaskedExport, stamp: Stamp) -> Iterator[tuple[str, bytes]]:
    def of(*kinds: str) -> list[ExportedNode]:
        return [node for node in out.nodes if node.kind in kinds]

    yield "person.csv", sheets.sheet(PERSON, (_person(node) for node in of("person")))
    yield (
        "object.csv",
        sheets.sheet(THING, ([n.id, n.kind, n.label] for n in of("vehicle", "phone", "handle"))),
    )
    yield "location.csv", sheets.sheet(LOCATION, ([n.id, n.label] for n in of("place")))
    yield "event.csv", sheets.sheet(EVENT, (_event(node) for node in of("incident")))
    ties = (_association(tie, out.inside) for tie in out.ties)
    yield "association.csv", sheets.sheet(ASSOCIATION, ties)
    yield "readme.txt", "\n".join([*sentences(out, stamp), ""]).encode()


def _person(node: ExportedNode) -> list[str]:
    """Return the row of a person. A person without a name is described (POLE: no person without
    identifying data)."""
    category = sheets.kind_of(node).partition("/")[2].replace("/", ";")
    names = ["", node.label] if node.unnamed or node.masked else [node.label, ""]
    return [node.id, *names, sheets.aliases(node), category, sheets.yes(node.masked)]


def _event(node: ExportedNode) -> list[str]:
    return [node.id, node.label, node.sort or "", *sheets.happened(node)]


def _association(tie: ExportedLink, inside: bool) -> list[str]:
    """Return the row of a link: people and incidents by their ids, other entities by their names,
    so that the import forms find them again."""
    pair = tie.pair
    grade = pair.grade or ""
    return [
        _named(tie.source),
        sheets.kind_of(tie.source),
        _named(tie.target),
        sheets.kind_of(tie.target),
        pair.kind,
        sheets.yes(LINK_KINDS[pair.kind].directed),
        sheets.time_of(pair.valid_from),
        sheets.time_of(pair.valid_to),
        sheets.number_of(pair.weight) if inside else "",
        grade[1:],
        grade[:1],
        pair.handling or "",
        pair.stage,
        sheets.time_of(pair.known_from),
        sheets.yes(pair.undermined),
        tie.source.id,
        tie.target.id,
    ]


def _named(node: ExportedNode) -> str:
    return node.id if node.kind in ("person", "incident") else node.label
