"""The symbols of a picture: one for each kind of person and thing, distinguishable without colour.

Colours are Okabe and Ito's, which colour-blind readers can distinguish; shape, ring and sign differ
as well, so that a slide printed in grey is readable.
"""

from collections.abc import Callable

from network.query.masked_export import ExportedNode

INK = "#1b2733"
GREY = "#5c6773"
RED, AMBER, BLUE, PURPLE = "#b3401a", "#e69f00", "#0072b2", "#8f4a7c"
GREEN, SAND, PAPER = "#00705a", "#f3ead7", "#ffffff"

#: The words for each symbol, in the order of the legend.
NAMES = {
    "suspect": "Suspect",
    "convicted": "Convicted",
    "person-of-interest": "Person of interest",
    "child": "Child (name masked)",
    "child-suspect": "Child who is also a suspect",
    "victim": "Adult victim (name masked)",
    "person": "Other person",
    "cleared": "Eliminated or acquitted",
    "vehicle": "Vehicle",
    "phone": "Phone",
    "place": "Place",
    "handle": "Online account",
    "incident": "Incident",
}


def symbol_of(node: ExportedNode) -> str:
    """Return the name of the symbol with which a node is drawn."""
    if node.kind != "person":
        return node.kind
    if node.role == "child":
        return "child-suspect" if node.suspect else "child"
    return "cleared" if node.cleared else node.role or "person"


def draw(symbol: str, size: float) -> str:
    """Return the symbol around the origin as SVG, `size` pixels from centre to edge."""
    inner = _DRAWN[symbol]()
    return f'<g transform="scale({size / 24:.4g})">{inner}</g>'


def _person(ground: str, ring: str, figure: str, extra: str = "", dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<circle r="22" fill="{ground}" stroke="{ring}" stroke-width="3.5"{dashed}/>'
        f"{extra}{_figure(figure)}"
    )


def _figure(colour: str) -> str:
    return (
        f'<g fill="{colour}"><circle cy="-6.5" r="5.6"/>'
        '<path d="M-10.5 12.5c0-7 4.4-11 10.5-11s10.5 4 10.5 11z"/></g>'
    )


def _child(figure: str, ring: str, more: str = "") -> str:
    return (
        f'<path d="M-12-21H12L23 0 12 21H-12L-23 0z" fill="#dcecf7" stroke="{ring}" '
        f'stroke-width="3.5" stroke-linejoin="round"/>{_figure(figure)}{more}'
    )


def _victim() -> str:
    return (
        f'<path d="M0-24 24 0 0 24-24 0z" fill="#f3e3ee" stroke="{PURPLE}" stroke-width="3.5" '
        f'stroke-linejoin="round"/>{_figure(PURPLE)}'
    )


def _thing_symbol(colour: str, sign: str) -> str:
    return (
        f'<rect x="-21" y="-21" width="42" height="42" rx="7" fill="{PAPER}" stroke="{colour}" '
        f'stroke-width="3"/><g fill="{colour}">{sign}</g>'
    )


_CAR = (
    '<path d="M-14 3c0-2 1-3.2 3-3.6l2.7-6.2c.5-1.2 1.5-2.2 3-2.2h10.6c1.5 0 2.5 1 3 '
    '2.2l2.7 6.2c2 .4 3 1.6 3 3.6v6h-28z"/><circle cx="-8" cy="10" r="3.6"/>'
    '<circle cx="8" cy="10" r="3.6"/>'
    f'<path d="M-6.5-1l1.7-4.5h9.6l1.7 4.5z" fill="{PAPER}"/>'
)
_PHONE = (
    '<path d="M-5.5-14h11a3 3 0 0 1 3 3v22a3 3 0 0 1-3 3h-11a3 3 0 0 1-3-3v-22a3 3 0 0 1 3-3z"/>'
    f'<rect x="-6" y="-10.5" width="12" height="16.5" fill="{PAPER}"/>'
    f'<circle cy="10.2" r="1.7" fill="{PAPER}"/>'
)
_PIN = (
    '<path d="M0 15C-7 6-11 1.5-11-4.5a11 11 0 0 1 22 0C11 1.5 7 6 0 15z"/>'
    f'<circle cy="-4.5" r="4.2" fill="{PAPER}"/>'
)
_AT = '<path d="M-13-10h26v17h-15l-7 7v-7h-4z"/>' + "".join(
    f'<circle cx="{x}" cy="-1.5" r="2" fill="{PAPER}"/>' for x in (-7, 0, 7)
)
_STAR = '<path d="M0-15 4-5 15-4.5 6.5 2.5 9.5 13 0 7-9.5 13-6.5 2.5-15-4.5-4-5z"/>'
_BADGE = (
    f'<circle cx="15" cy="-16" r="8.5" fill="{RED}" stroke="{PAPER}" stroke-width="2"/>'
    f'<path d="M13.8-21.5h2.4l-.4 7h-1.6z" fill="{PAPER}"/>'
    f'<circle cx="15" cy="-11.9" r="1.4" fill="{PAPER}"/>'
)
_TICK = (
    f'<circle cx="15" cy="-16" r="8.5" fill="{GREEN}" stroke="{PAPER}" stroke-width="2"/>'
    f'<path d="M11.2-16l2.7 3 4.9-5.6" fill="none" stroke="{PAPER}" stroke-width="2.4"/>'
)
_INNER_RING = f'<circle r="17.8" fill="none" stroke="{PAPER}" stroke-width="1.8"/>'

_DRAWN: dict[str, Callable[[], str]] = {
    "suspect": lambda: _person(RED, RED, PAPER),
    "convicted": lambda: _person(INK, INK, PAPER, _INNER_RING),
    "person-of-interest": lambda: _person("#fdf3dc", AMBER, "#7a5200"),
    "child": lambda: _child(BLUE, BLUE),
    "child-suspect": lambda: _child(BLUE, BLUE, _BADGE),
    "victim": _victim,
    "person": lambda: _person("#eef0f2", GREY, GREY),
    "cleared": lambda: _person(PAPER, GREY, GREY, dash="5 4") + _TICK,
    "vehicle": lambda: _thing_symbol(INK, _CAR),
    "phone": lambda: _thing_symbol(INK, _PHONE),
    "place": lambda: _thing_symbol(GREEN, _PIN),
    "handle": lambda: _thing_symbol(INK, _AT),
    "incident": lambda: _thing_symbol(INK, _STAR),
}
