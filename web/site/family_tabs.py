"""The tabs of a family's page, and the sections of each tab."""

from uuid import UUID

#: The tabs of a family's page: for the last part of each tab's address, the tab's title.
TABS = {
    "now": "Now",
    "contacts": "Contacts and promises",
    "court": "Court",
    "people": "People",
}
#: For each tab of a family's page, except the first tab, the sections on it.
SECTIONS = {
    "contacts": (
        "contacts",
        "told",
        "promised",
        "invited",
        "notes",
        "opinions",
        "asked-for",
        "steps",
    ),
    "court": (
        "followed",
        "notices",
        "charging",
        "court",
        "stands",
        "reporting",
        "decided",
        "media",
    ),
    "people": (
        "members",
        "model",
        "parent-risks",
        "at-risk",
        "moves",
        "health",
        "placement",
        "holders",
    ),
}
_TAB_OF = {section: tab for tab, sections in SECTIONS.items() for section in sections}


def address(case: UUID | str, section: str) -> str:
    """Return the address of a section of the page of a family."""
    tab = _TAB_OF.get(section)
    return f"/cases/{case}" + (f"?tab={tab}" if tab else "") + f"#{section}"
