"""Write the network as a chart of i2 Analyst's Notebook: an Exchange file (ANX).

Elements and their order follow the chart schema of Analyst's Notebook 9 [verify: taken from the
output of another program, 2026-11-27; the schema was not available, and no file was tested in
Analyst's Notebook]. Each link has one of the three strengths that i2 knows (confirmed, unconfirmed,
tentative). A link with a direction has an arrow at its target. Times are in UTC and name no zone.
Properties for which i2 has no place (kind, role, stage, grade, handling, the exact times) are
attributes of the chart, so that an import restores them.
"""

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from domain.kernel.values import LINK_KINDS, EntityKind
from network.export import sheets
from network.picture.footer import Stamp, sentences
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport

#: The icon of i2 for each kind of entity.
ICONS: dict[EntityKind, str] = {
    "person": "Person",
    "vehicle": "Car",
    "phone": "Phone",
    "place": "House",
    "handle": "Account",
    "incident": "Event",
}
STRENGTHS = {
    "Confirmed": "DotStyleSolid",
    "Unconfirmed": "DotStyleDashed",
    "Tentative": "DotStyleDotted",
}
ATTRIBUTES = [*("Kind", "Role", "Note", "Stage", "Grade", "Handling", "Until", "Known from")]
ATTRIBUTES += ["From", "Weight", "Also known as", "Sort", "Undermined"]
#: The distance between two icons on the chart, and the number of icons in a row.
_APART, _IN_ROW = 160, 24


def chart(out: MaskedExport, stamp: Stamp) -> bytes:
    """Return the chart of the network as UTF-8 text."""
    lines = ["<?xml version='1.0' encoding='utf-8'?>", "<Chart>"]
    lines += ['<ApplicationVersion Major="9" Minor="0" Point="0" Build="0"/>']
    lines += _collection(
        "Strength", (_strength(*numbered_strength) for numbered_strength in enumerate(STRENGTHS))
    )
    lines += _collection(
        "AttributeClass", (_class(number, name) for number, name in enumerate(ATTRIBUTES))
    )
    kinds = list(dict.fromkeys(tie.pair.kind for tie in out.ties))
    types: dict[str, str] = {kind: f"T{number}" for number, kind in enumerate(kinds, 1)}
    lines += _collection(
        "LinkType", (_element("LinkType", {"Id": types[kind], "Name": kind}) for kind in kinds)
    )
    numbers = {node.id: number for number, node in enumerate(out.nodes, 1)}
    lines.append("<ChartItemCollection>")
    note = "\n".join(sentences(out, stamp))
    for node in out.nodes:
        lines += _end(node, numbers[node.id], note if numbers[node.id] == 1 else "")
    for number, tie in enumerate(out.ties, 1):
        lines += _link(tie, number, numbers, types, out.inside)
    lines += ["</ChartItemCollection>", "</Chart>", ""]
    return "\n".join(lines).encode()


def _collection(name: str, items: Iterator[str]) -> list[str]:
    elements = list(items)
    return [f"<{name}Collection>", *elements, f"</{name}Collection>"] if elements else []


def _strength(number: int, name: str) -> str:
    return _element("Strength", {"Id": f"S{number}", "Name": name, "DotStyle": STRENGTHS[name]})


def _class(number: int, name: str) -> str:
    attributes = {"Id": f"A{number}", "Name": name, "Type": "AttText", "IsUser": "true"}
    attributes |= dict.fromkeys(("UserCanAdd", "UserCanRemove", "ShowValue"), "true")
    return _element("AttributeClass", attributes)


def _end(node: ExportedNode, number: int, note: str) -> Iterator[str]:
    row, column = divmod(number - 1, _IN_ROW)
    x, y = str(column * _APART), str(row * _APART)
    item = {"Id": f"E{number}", "Label": node.label}
    item |= {"Description": note} if note else {}
    if node.since:
        item |= _time(node.since.isoformat())
    yield _element("ChartItem", item | {"XPosition": x}, ended=False)
    yield _element("End", {"X": x, "Y": y, "Z": "0"}, ended=False)
    entity = {"EntityId": str(number), "Identity": node.id, "LabelIsIdentity": "false"}
    yield _element("Entity", entity, ended=False)
    yield f"<Icon>{_element('IconStyle', {'Type': ICONS[node.kind]})}</Icon>"
    yield "</Entity>"
    yield "</End>"
    since, until = sheets.happened(node)
    yield from _attributes(
        {
            "Kind": node.kind,
            "Role": node.role or "",
            "Note": ", ".join(sheets.marks(node)),
            "Also known as": sheets.aliases(node),
            "Sort": node.sort or "",
            "From": since,
            "Until": until,
        }
    )
    yield "</ChartItem>"


def _link(
    tie: ExportedLink,
    number: int,
    numbers: Mapping[str, int],
    types: Mapping[str, str],
    inside: bool,
) -> Iterator[str]:
    pair = tie.pair
    item = {"Id": f"L{number}", "Label": pair.kind}
    if pair.valid_from:
        item |= _time(pair.valid_from.isoformat())
    yield _element("ChartItem", item, ended=False)
    ends = {"End1Id": str(numbers[tie.source.id]), "End2Id": str(numbers[tie.target.id])}
    arrow = "ArrowOnHead" if LINK_KINDS[pair.kind].directed else "ArrowNone"
    style = {"Strength": sheets.sureness(tie), "ArrowStyle": arrow, "Type": pair.kind}
    yield _element("Link", ends, ended=False)
    yield _element("LinkStyle", style | {"LinkTypeReference": types[pair.kind]})
    yield "</Link>"
    yield from _attributes(
        {
            "Stage": pair.stage,
            "Grade": pair.grade or "ungraded",
            "Handling": pair.handling or "",
            "From": sheets.time_of(pair.valid_from),
            "Until": sheets.time_of(pair.valid_to),
            "Known from": sheets.time_of(pair.known_from),
            "Weight": sheets.number_of(pair.weight) if inside else "",
            "Undermined": sheets.yes(pair.undermined),
        }
    )
    yield "</ChartItem>"


def _time(at: str) -> dict[str, str]:
    """Return the attributes of a date and a time in the form of an i2 chart: in UTC, without a
    zone.
    """
    return {"DateSet": "true", "TimeSet": "true", "DateTime": f"{at[:19]}.000"}


def _attributes(values: Mapping[str, str]) -> Iterator[str]:
    yield "<AttributeCollection>"
    for name, value in values.items():
        if value:
            named = {"AttributeClass": name, "AttributeClassReference": _number(name)}
            yield _element("Attribute", named | {"Value": value})
    yield "</AttributeCollection>"


def _number(name: str) -> str:
    return f"A{ATTRIBUTES.index(name)}"


def _element(name: str, attributes: Mapping[str, str], *, ended: bool = True) -> str:
    attribute_text = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{attribute_text}{'/' if ended else ''}>"
