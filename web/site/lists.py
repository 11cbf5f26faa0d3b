"""The table of all lists: the question that each shows, what its page has beside the rows, and the
actions on a row.

The question of a list says its title and its readers. The file is long because it is one table.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from domain.kernel.acts import Act
from domain.kernel.codes import Clock
from usecases.kernel.registry import QUESTIONS

RIGHTS = "Information rights"
AREAS = ("/map/areas", "Areas as a map")


class RowActions(Struct, frozen=True):
    """What a screen offers for each row of a table.

    `opens` is the address of the row's page; names of fields in braces are replaced by the row's
    values. `act` is the right that readers need for that page, or None if every reader may open it.
    `each` are the use cases that users can do for several rows at once, each with the form field
    that names the row's item; `named` is the field of the row whose value is put into that form
    field. If `filled` is true, the form for several rows is filled with the values that these rows
    have in common. `offers` has, for a field of that form, the field of the rows that gives its
    choices. `head` is the column with the row's title; by default it is the first column with an
    item or a text.
    """

    opens: str = ""
    named: str = "id"
    each: Mapping[str, str] = field(default_factory=dict)
    filled: bool = False
    offers: Mapping[str, str] = field(default_factory=dict)
    act: Act | None = None
    head: str = ""


class ListPage(Struct, frozen=True):
    """The page of a list.

    `menu` describes the page in the menu, if the menu contains it; `title` is the page's title in
    the menu, if it differs from the title on the page. If the list is a tab, `tab` is the page that
    has this tab. `former` is an earlier address of the list. `clocks` are the types of deadline on
    which users can work on this page. `says` is a sentence for readers. `begins` are use cases that
    add a row. `own` is the name of a form in `site/written_forms.html`. `links` are other pages,
    each with address and title. `row` has the actions on a row; if there are several tables,
    `tables` has the actions by the table's name.
    """

    menu: str = ""
    title: str = ""
    tab: str = ""
    former: str = ""
    clocks: tuple[Clock, ...] = ()
    says: str = ""
    begins: tuple[str, ...] = ()
    own: str = ""
    links: tuple[tuple[str, str], ...] = ()
    row: RowActions = RowActions()
    tables: Mapping[str, RowActions] = field(default_factory=dict)


PLAIN = ListPage()
#: The page of each list, by the command of the list's question.
LISTS: Mapping[str, ListPage] = {
    "vehicle list": ListPage(
        menu="Vehicles, newest first, with the number of reports and the last sighting.",
        row=RowActions("/people/{id}"),
    ),
    "phone list": ListPage(
        menu="Phones, newest first, with the number of reports and the last sighting.",
        row=RowActions("/people/{id}"),
    ),
    "place list": ListPage(
        menu="Places, except homes of children and families, placements and refuges.",
        links=(AREAS,),
        row=RowActions("/people/{id}"),
    ),
    "arrest list": ListPage(
        menu="Latest arrests first, with the person and the offence.",
        row=RowActions("/items/{item}", "item"),
    ),
    "notices": ListPage(
        menu="Live, ending, ended and breached child abduction warning notices.",
        clocks=("notice-expiry", "notice-renewal", "notice-breach"),
    ),
    "cases": ListPage(
        menu="Cases with their rating, workers and missing episodes.",
        begins=("refer",),
        row=RowActions("/cases/{case}", "case", {"allocate": "case"}, head="number"),
    ),
    "card": ListPage(
        menu="A year's figures by objective, beside the targets. They name no family.",
        tables={
            "period": RowActions(
                "/list/card-families?measure={measure}&team={team}&since={since}&until={until}"
                "&as_known={known_on}",
                "place",
            )
        },
    ),
    "matches": ListPage(
        menu="Other forces that offered the same identifier, for a decision on contact.",
        former="/exchange",
        says="Decide within 24 hours whether to contact the other force. The other "
        "force does not learn your decision.",
        row=RowActions("", "offer", {"decide-match": "offer"}, filled=True),
    ),
    "offers": ListPage(
        menu="Number plates, phone numbers and accounts offered to other forces.",
        says="The exchange hub receives a blind token (an unreadable code) of an assessed plate, "
        "number or account, and no text. If another force offers the same, both forces are "
        "informed.",
        begins=("offer",),
        row=RowActions("/items/{thing}", "id", {"withdraw-offer": "offer"}),
    ),
    "rules": ListPage(
        menu="The law behind each rule, and the rules that are still to be verified."
    ),
    "request list": ListPage(
        menu="Requests of subjects for their own data, with the deadlines.",
        title="Access requests",
        tab=RIGHTS,
        former="/requests",
        begins=("request note",),
        own="add_request",
        row=RowActions("/records/requests/{id}", "id", {"request extend": "request"}),
    ),
    "request parts": ListPage(
        menu="Your team's part of a subject's request for their own data.",
        title="Team's requests",
        tab=RIGHTS,
        former="/requests",
        row=RowActions(
            "/records/requests/{id}", "id", {"request complete": "request"}, act="answer-subject"
        ),
    ),
    "request unidentified": ListPage(
        menu="Requests of unknown subjects: find the subject, or answer that no records are held.",
        title="Subject unknown",
        tab=RIGHTS,
        former="/requests",
        clocks=("access-request-search",),
        begins=("request note",),
        row=RowActions("", "id", {"request find": "request", "request nil": "request"}),
    ),
    "complaint list": ListPage(
        menu="Complaints about data, to acknowledge in 30 days and to answer.",
        title="Complaints",
        tab=RIGHTS,
        former="/complaints",
        clocks=("complaint-acknowledged", "complaint-outcome"),
        says="A complaint is acknowledged within 30 days, and the complainant is told "
        "the outcome without undue delay (Data Protection Act 2018 s.164A). They "
        "can also complain to the Information Commissioner.",
        begins=("complaint received",),
        row=RowActions(
            "",
            "id",
            {
                "complaint acknowledged": "complaint",
                "complaint step": "complaint",
                "complaint outcome": "complaint",
            },
        ),
    ),
    "disclosure list": ListPage(
        menu="Disclose information, recall it, tell recipients of an error.",
        tab=RIGHTS,
        former="/disclosures",
        links=(("/disclose", "Disclose information"),),
        tables={
            "disclosures": RowActions(
                "/items/{id}",
                "id",
                {"disclosure recall": "disclosure", "disclosure told": "disclosure"},
                offers={"recipient": "to_tell"},
            )
        },
    ),
    "glass list": ListPage(
        menu="Emergency access that is open, or due for review.",
        former="/glass",
        begins=("glass break",),
        row=RowActions(
            "/items/{item}", "id", {"glass review": "which", "glass close": "which"}, head="item"
        ),
    ),
    "authority list": ListPage(
        menu="Access for a limited time, for an audit or a disclosure.",
        begins=("authority give",),
        row=RowActions(
            "/items/{item}",
            "id",
            {"authority approve": "which", "authority end": "which"},
            head="item",
        ),
    ),
    "entry list": ListPage(
        menu="Access to a source's identity, opened by two people together.",
        begins=("entry ask", "entry join"),
        row=RowActions("", "id", {"entry alone": "which", "entry review": "which"}, head="item"),
    ),
    "source drift list": ListPage(
        menu="Decisions whether a source has become a covert source (CHIS).",
        title="Covert source reviews",
        former="/standing",
        says="An inspector decides whether a source has become a covert human intelligence "
        "source. Log entries do not wait for the decision. A high number of "
        "reports alone is no sign of a covert source.",
        begins=("roots join", "roots part"),
        tables={
            "reviews": RowActions("/records/reviews/{id}", "source", head="suspect"),
            "proposed": RowActions("/items/{observation}", "observation"),
        },
    ),
    "unusual-access": ListPage(
        menu="Users whose access differs from their colleagues'.",
        former="/unusual",
        clocks=("access-act",),
        says="People whose access was unusual in the last 28 days, or since the date that you "
        "enter. Unusual access is a reason for a review, not a verdict.",
        row=RowActions("", "user", {"unusual-access review": "user"}),
    ),
    "user list": ListPage(
        menu="Accounts: sign-in, roles, teams and password codes.",
        former="/accounts",
        own="add_account",
        row=RowActions(
            "/records/accounts/{user}",
            "user",
            {
                "user lock": "user",
                "user unlock": "user",
                "user role give": "user",
                "user role take": "user",
                "user team join": "user",
                "user team leave": "user",
            },
        ),
    ),
    "team list": ListPage(
        menu="Make, rename and merge teams.",
        begins=("team charity", "team make"),
        row=RowActions("", "team", {"team rename": "team", "team merge": "team"}),
    ),
    "hold list": ListPage(
        menu="Items that must be retained, for example for an inquiry or an appeal.",
        former="/holds",
        says="Items under a hold cannot be erased until two people lift the hold. Place a hold"
        " on one case, person or item from its own page.",
        own="add_hold",
        row=RowActions("/records/holds/{hold}", "hold", {"hold review": "hold"}, head="item"),
    ),
    "network areas": ListPage(links=(AREAS,), tables={"places": RowActions("/people/{id}")}),
    "material list": ListPage(
        row=RowActions("/items/{item}", "item", {"material review": "item"}, filled=True)
    ),
    "retention": ListPage(
        tables={
            "due": RowActions("/records/retention/{id}", "id", {"retention decide": "item"}),
            "holds": RowActions("/records/holds/{hold}", "hold", {"hold review": "hold"}),
            "restrictions": RowActions("/items/{item}", "item"),
        }
    ),
    "victim-request list": ListPage(
        row=RowActions(
            "/cases/{case}?tab=contacts#asked-for",
            "id",
            {"victim-request notice": "request", "victim-request withdraw": "request"},
        )
    ),
    "user waiting": ListPage(row=RowActions("/today/to-decide", "user")),
    "missing now": ListPage(row=RowActions("/items/{case}", "case")),
    "due": ListPage(
        row=RowActions("/items/{item}", "id", {"due answer": "which", "due acknowledge": "which"})
    ),
    "alert list": ListPage(
        row=RowActions("/today/alerts?every=true#alert-{id}", "id", {"alert answer": "alert"})
    ),
    "hits": ListPage(row=RowActions("/today/to-decide", "id", {"hits decide": "hit"})),
    "copies": ListPage(row=RowActions("", "id", {"copies destroyed": "copy"})),
    "mine": ListPage(row=RowActions("/receipt/{id}")),
    "proposals": ListPage(row=RowActions("/items/{item}", "item")),
    "releases": ListPage(row=RowActions("/items/{item}", "item")),
    "network connections": ListPage(row=RowActions("/people/{id}")),
    "outcome to-reopen": ListPage(
        row=RowActions(
            "/list/said-before?item={words}",
            "join",
            {"join confirm": "join", "join dismiss": "join"},
        )
    ),
    "card families": ListPage(row=RowActions("/cases/{case}", "case")),
}


def address(command: str) -> str:
    """Return the address of a list."""
    return f"/list/{QUESTIONS[command].named.slug}"


def of_tab(title: str) -> tuple[str, ...]:
    """Return the addresses of the lists that are tabs of this page."""
    return tuple(address(command) for command, page in LISTS.items() if page.tab == title)


def _former() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each former address, with the commands of the lists that replaced it."""
    for path in sorted({page.former for page in LISTS.values() if page.former}):
        yield path, tuple(command for command, page in LISTS.items() if page.former == path)


#: Former addresses, each with the lists (by command) that now show the same rows; a reader is
#: redirected to the first of these lists that they may open.
FORMER: Mapping[str, tuple[str, ...]] = dict(_former())
#: For each type of deadline that has a list, the address of the list on which users work on it.
MET_ON: Mapping[Clock, str] = {
    clock: address(command) for command, page in LISTS.items() for clock in page.clocks
}
