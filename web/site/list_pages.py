"""What the page of a list has beside the list: a sentence, forms that add a row, further pages."""

from collections.abc import Mapping

from msgspec import Struct

AREAS = ("/map/areas", "Areas as a map")


class ListPage(Struct, frozen=True):
    """The text above a list: `says` is a sentence for its readers; `begins` are use cases that
    add a row; `own` is a template with a form that is written by hand; `links` are further pages,
    each an address and its title."""

    says: str = ""
    begins: tuple[str, ...] = ()
    own: str = ""
    links: tuple[tuple[str, str], ...] = ()


#: By the last part of the list's address.
LIST_PAGES: Mapping[str, ListPage] = {
    "cases": ListPage(begins=("refer",)),
    "place-list": ListPage(links=(AREAS,)),
    "network-areas": ListPage(links=(AREAS,)),
    "complaint-list": ListPage(
        "A complaint is acknowledged within 30 days, and the complainant is told the outcome "
        "without undue delay (Data Protection Act 2018 s.164A). They can also complain to the "
        "Information Commissioner.",
        begins=("complaint received",),
    ),
    "disclosure-list": ListPage(
        links=(("/disclose", "Disclose information"),),
    ),
    "request-list": ListPage(begins=("request note",), own="records/add_request.html"),
    "request-unidentified": ListPage(begins=("request note",)),
    "hold-list": ListPage(
        "Items under a hold cannot be erased until two people lift it. Place a hold on one case, "
        "person or item from its own page.",
        own="records/add_hold.html",
    ),
    "unusual-access": ListPage(
        "People whose access was unusual, and why. It is a reason to review, not a verdict. The "
        "last 28 days, unless you enter a date.",
    ),
    "glass-list": ListPage(begins=("glass break",)),
    "authority-list": ListPage(begins=("authority give",)),
    "entry-list": ListPage(begins=("entry ask", "entry join")),
    "source-drift-list": ListPage(
        "Has somebody who tells us become a covert human intelligence source? Log entries do not "
        "wait for the decision. How often a person reports is no sign by itself.",
        begins=("roots join", "roots part"),
    ),
    "offers": ListPage(
        "The hub receives a blind token of an assessed plate, number or account, and no words. A "
        "force that offers the same is informed, as you are.",
        begins=("offer",),
    ),
    "matches": ListPage(
        "Decide within 24 hours whether to contact the other force. It does not learn your "
        "decision.",
    ),
    "user-list": ListPage(own="records/add_account.html"),
    "team-list": ListPage(begins=("team charity", "team make")),
}
PLAIN = ListPage()
#: Former addresses, each with the lists that now show the same rows; a reader is led to the first
#: list that they may open.
FORMER: Mapping[str, tuple[str, ...]] = {
    "/accounts": ("user-list",),
    "/complaints": ("complaint-list",),
    "/disclosures": ("disclosure-list",),
    "/exchange": ("matches",),
    "/glass": ("glass-list",),
    "/holds": ("hold-list",),
    "/requests": ("request-list", "request-parts", "request-unidentified"),
    "/standing": ("source-drift-list",),
    "/unusual": ("unusual-access",),
}
