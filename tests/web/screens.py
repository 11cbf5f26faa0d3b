"""The list of all screens, with the purpose of each. A screen has states (such as tabs or steps),
each with its user and its address in the demo's store."""

from dataclasses import dataclass
from typing import Literal

from web.app import routes
from web.made.tab_pages import TABS
from web.records.record_page import RECORDS
from web.site.lists import FORMER

routes()  # importing the module of a screen declares the screen's tab
#: The names in the demo of the users for whose work the screens are made.
WORKER, SERGEANT, AUDITOR, MANAGER = "psw.ellis", "ds.hale", "auditor.wray", "mgr.quill"
OFFICER, KEEPER, HANDLER = "do.marsh", "it.khan", "di.moss"
PEOPLE = {
    WORKER: "The worker at the door",
    SERGEANT: "The sergeant at the map",
    AUDITOR: "The auditor at the trail",
    MANAGER: "The manager",
    OFFICER: "The disclosure officer",
    KEEPER: "The keeper of accounts",
    HANDLER: "The detective inspector",
}


#: The kinds of screen: a place is a page of the menu, with its tabs; an object is one record, case
#: or person; a list has rows; an act is a form with its steps; a paper is read or printed.
Kind = Literal["place", "object", "list", "act", "paper"]


@dataclass(frozen=True)
class State:
    """A state of a screen, such as a tab or a step. `at` is its address; names in braces are
    replaced by ids of the demo's store. `route` is the pattern of its route, if this is not
    `at`. A state with a `name` has pictures of this name with its `title`."""

    who: str
    at: str
    route: str = ""
    title: str = ""
    name: str = ""

    @property
    def serves(self) -> str:
        """Return the pattern of the route that answers the address of this state: `route`, or else
        the address without its query."""
        return self.route or self.at.partition("?")[0]


@dataclass(frozen=True)
class Screen:
    """A screen: its purpose, its first state, which has a picture, and its other states. Tests open
    all states.
    """

    kind: Kind
    purpose: str
    first: State
    also: tuple[State, ...] = ()

    @property
    def states(self) -> tuple[State, ...]:
        """Return all states of the screen, its first state first."""
        return (self.first, *self.also)

    @property
    def pictured(self) -> tuple[State, ...]:
        """Return the states of the screen that have pictures."""
        return tuple(state for state in self.states if state.name)


def _records() -> tuple[State, ...]:
    """Return a state for each kind of record, with the page of one such record."""
    kinds = (
        (HANDLER, "retention", "{leaving}"),
        (OFFICER, "requests", "{asked}"),
        (HANDLER, "holds", "{hold}"),
        (HANDLER, "reviews", "{review}"),
        (KEEPER, "accounts", "psw.ellis"),
        (OFFICER, "material", "{case}"),
    )
    return tuple(
        State(who, f"/records/{kind}/{which}", f"/records/{kind}/{{which}}")
        for who, kind, which in kinds
    )


SCREENS = (
    Screen(
        "act",
        "On this screen people sign in with a password, a passkey or the force's own sign-in. A "
        "store with one account accepts any name, and says so. With the code from an "
        "administrator a new user sets a password. Before a grave act the user enters the second "
        "factor again.",
        State(WORKER, "/sign-in", title="Sign in", name="sign-in"),
        (
            State(WORKER, "/sign-in?state=enrol", "/sign-in"),
            State(WORKER, "/sign-in?state=prove", "/sign-in"),
        ),
    ),
    Screen(
        "object",
        "This screen shows your rights, your passkeys and your open sessions.",
        State(WORKER, "/me", title="My account", name="me"),
    ),
    Screen(
        "place",
        "This screen shows your tasks, sorted by what you have to do, what changed since your last "
        "visit, and the hours of tonight without a person on call. Its tabs list what waits for a "
        "second person, alerts, deadlines, missing children with a sheet to print for each, and "
        "the rota.",
        State(WORKER, "/", title="Today", name="first"),
        (
            State(SERGEANT, "/today/to-decide", title="To decide", name="to-decide"),
            State(MANAGER, "/today/to-decide"),
            State(WORKER, "/today/to-decide"),
            State(KEEPER, "/today/to-decide"),
            State(SERGEANT, "/today/alerts?every=true", title="Alerts", name="alerts"),
            State(SERGEANT, "/today/missing", title="Missing", name="missing"),
            State(SERGEANT, "/today/deadlines", title="Deadlines", name="due"),
            State(SERGEANT, "/today/on-call"),
        ),
    ),
    Screen(
        "act",
        "This screen shows the form of one act. You open it from the search box (Ctrl K), where "
        "you type a verb and a name, or from *Add…* on a page, which fills in the values of that "
        "page.",
        State(
            SERGEANT,
            "/people/{suspect}/do/outcome-arrest",
            "/people/{who}/do/{act}",
            title="The form of an act",
            name="act",
        ),
        (State(WORKER, "/do/support-contact?of={case}", "/do/{name}"),),
    ),
    Screen(
        "act",
        "On this screen you write a log entry in one box, with four optional questions. Without a "
        "signal the page still works, and contains no personal data.",
        State(WORKER, "/record", title="Record", name="record"),
        (State(WORKER, "/offline", title="Without a signal", name="offline"),),
    ),
    Screen(
        "object",
        "This screen shows who has read your log entry, or that nobody has read it yet. You can "
        "confirm the names that the program found in the entry, and correct the entry.",
        State(WORKER, "/receipt/{sent}", "/receipt/{item}", title="Receipt", name="receipt"),
    ),
    Screen(
        "list",
        "This screen shows the status of each of your log entries, in a text that reveals nothing "
        "else. Beside the entries are your reports to the auditor, past your own line management; "
        "only the auditor sees these.",
        State(WORKER, "/mine", title="Sent", name="mine"),
        (State(WORKER, "/access/reports"),),
    ),
    Screen(
        "place",
        "This screen lists the cases in which you work with the child or the parents, and the "
        "children who may be at risk through a suspect. You can refer each such child, or record "
        "why not.",
        State(WORKER, "/cases/mine", title="My families", name="families"),
        (
            State(
                SERGEANT,
                "/cases/at-risk?of={suspect}",
                title="Children at possible risk",
                name="risk",
            ),
        ),
    ),
    Screen(
        "object",
        "This screen shows what is due for a family, the trigger plan, nights missing, needs and "
        "threats. Contacts, court and people are on further tabs; acts are behind *Add…*.",
        State(WORKER, "/cases/{case}", title="A family", name="family"),
        (
            State(WORKER, "/cases/{case}?tab=contacts", "/cases/{case}"),
            State(WORKER, "/cases/{case}?tab=court", "/cases/{case}"),
            State(WORKER, "/cases/{case}?tab=people", "/cases/{case}"),
            State(MANAGER, "/cases/{case}"),
        ),
    ),
    Screen(
        "place",
        "This screen shows the people about whom a meeting has to decide, in order, with reasons "
        "to read aloud. Further tabs have the agenda and decisions, what changed since the last "
        "brief, and all meetings.",
        State(SERGEANT, "/meetings", title="A meeting", name="meeting"),
        (
            State(SERGEANT, "/meetings/{meeting}?tab=minutes", "/meetings/{meeting}"),
            State(SERGEANT, "/meetings?tab=changed&days=120", "/meetings"),
            State(SERGEANT, "/meetings?tab=all", "/meetings"),
        ),
    ),
    Screen(
        "act",
        "On this screen you upload a file. You see what the program would record, what each "
        "column means, and which rows to correct, before anything is recorded. You can also print "
        "a blank log on one sheet of A4 for a parent, or download a blank sheet to type into.",
        State(WORKER, "/import", title="Import a log or a sheet", name="import"),
        (
            State(
                WORKER,
                "/import/{log}",
                "/import/{one}",
                title="The rows of a file",
                name="import-check",
            ),
            State(WORKER, "/import/log", title="A blank log", name="log"),
        ),
    ),
    Screen(
        "place",
        "This screen lists unassessed log entries, the most urgent first, each with its deadline "
        "and the person who took it. Keyboard shortcuts go from entry to entry. Beside the "
        "entries are pairs of records that may be about one person, with the reasons; a person "
        "decides whether they are.",
        State(SERGEANT, "/queue", title="Inbox", name="queue"),
        (State(SERGEANT, "/inbox/duplicates", title="Possible duplicates", name="same"),),
    ),
    Screen(
        "act",
        "This screen shows a log entry beside the form that grades it. The source stays hidden; "
        "words that hint at the source are marked in the sanitised text. After the entry was "
        "graded, the page shows other entries that may be about the same subject: press y for the "
        "same subject, n for not the same.",
        State(
            SERGEANT,
            "/assess/{waiting}",
            "/assess/{item}",
            title="Assess and sanitise",
            name="assess",
        ),
        (
            State(
                SERGEANT,
                "/assess/{graded}",
                "/assess/{item}",
                title="Possible corroboration",
                name="corroboration",
            ),
        ),
    ),
    Screen(
        "object",
        "This screen shows an item's stage (information, intelligence or evidence), its text and "
        "its history, and beside them the links based on the item.",
        State(SERGEANT, "/items/{graded}", "/items/{item}", title="An item", name="item"),
    ),
    Screen(
        "object",
        "This screen shows a person's recorded status, the reasons for it, and a timeline, also "
        "as known on an earlier day. Links, a small map and gaps are beside the timeline. "
        "Vehicles, phones and places have the same page.",
        State(SERGEANT, "/people/{suspect}", "/people/{who}", title="A person", name="person"),
    ),
    Screen(
        "list",
        "On this screen you search as you type, by name, nickname, misspelling, part of a plate, "
        "end of a number, or words.",
        State(SERGEANT, "/search?q=barry", title="Search", name="search"),
    ),
    Screen(
        "place",
        "This screen shows all people and things that you may see, on a map and as a list. It can "
        "also show three other things: one person's network, as it was on one day or as it was "
        "known on one day; what connects two towns or two people, with the evidence of each "
        "connection; and places by town, with the vehicles that were seen in two towns.",
        State(SERGEANT, "/map", title="The network", name="map-whole"),
        (
            State(
                SERGEANT,
                "/map/{suspect}?hops=2",
                "/map/{who}",
                title="Around one person",
                name="map",
            ),
            State(
                SERGEANT,
                "/map?a=Town A&b=Town B",
                title="What connects two",
                name="connection",
            ),
            State(SERGEANT, "/map/areas", title="Areas", name="map-areas"),
        ),
    ),
    Screen(
        "list",
        "This screen shows a list as a dense table with filters, pages and keyboard shortcuts, "
        "acts on several rows, and export as a workbook. The forms that add a row are beside the "
        "table.",
        State(MANAGER, "/list/cases", "/list/{name}", title="A list", name="list-cases"),
        (
            State(SERGEANT, "/list/due", "/list/{name}"),
            State(OFFICER, "/list/request-list", "/list/{name}"),
            State(KEEPER, "/list/user-list", "/list/{name}"),
            State(HANDLER, "/list/hold-list", "/list/{name}"),
        ),
    ),
    Screen(
        "place",
        "This screen follows an item back to the first log entries, and forward to its results. "
        "Further tabs show who looked at it, and the network, the queue or one person as known on "
        "an earlier day, with the changes since. An auditor can rebuild the day from the log, with "
        "a hash of the result.",
        State(AUDITOR, "/trail/{tie}", "/trail/{item}", title="Trail of an item", name="trail"),
        (
            State(AUDITOR, "/trail"),
            State(SERGEANT, "/then?day=2011-05-20", title="Known on a day", name="then"),
            State(SERGEANT, "/then?day=2011-05-20&who={suspect}", "/then"),
            State(AUDITOR, "/then?day=2011-05-20&rebuilt=true&now=true", "/then"),
            State(WORKER, "/looked?of={sent}", title="Who looked", name="looked"),
        ),
    ),
    Screen(
        "place",
        "This screen compares the record with the signed checkpoints, shows green or red, and "
        "says what the comparison does not prove.",
        State(AUDITOR, "/verify?run=true", title="Verify the record", name="verify"),
    ),
    Screen(
        "place",
        "This screen shows overdue work, cases without a worker, missing children, and the "
        "workload of the team.",
        State(MANAGER, "/manage", title="Team performance", name="manage"),
    ),
    Screen(
        "place",
        "On this screen you propose an erasure, and see how far each erasure is. Further tabs "
        "show items past their retention period, with the date and the reason, items on hold or "
        "restricted, the disclosure schedules, with the number of decided items of each case, and "
        "the lists of requests, complaints, disclosures and holds.",
        State(MANAGER, "/rights/erasures", title="Information rights", name="erasures"),
        (
            State(
                HANDLER,
                "/rights/retention?every=true",
                title="Retention review",
                name="retention",
            ),
            State(OFFICER, "/rights/schedules"),
        ),
    ),
    Screen(
        "object",
        "This screen shows an erasure, its preview, an access request, a legal hold, a covert "
        "source review, an account, or the material of a case. It gives the status, reasons, "
        "contents, steps, and one list of acts.",
        State(
            MANAGER,
            "/records/erasures/{erasure}",
            "/records/erasures/{which}",
            title="A record: an erasure to approve",
            name="record-page",
        ),
        _records(),
    ),
    Screen(
        "act",
        "On this screen you disclose items with a purpose, a basis, recipients and checks. You "
        "read every word before it is disclosed.",
        State(OFFICER, "/disclose?of={graded}", title="Disclose information", name="disclose"),
    ),
    Screen(
        "place",
        "This screen shows which records the views contain, which records they could not apply, "
        "and the keys. Further tabs show whose phone each device is and which entries wait on it, "
        "so that you can collect the entries or wipe a lost phone, and accounts and teams.",
        State(KEEPER, "/system/store", title="Data store", name="store"),
        (State(KEEPER, "/system/devices", title="Devices", name="devices"),),
    ),
    Screen(
        "paper",
        "This page explains every grade, code, key and deadline in a sentence.",
        State(WORKER, "/help", title="Glossary", name="help"),
    ),
    Screen(
        "paper",
        "This page tells the story of the demo's family in twelve sentences, each with the "
        "command and the page that show it.",
        State(WORKER, "/story", title="One family, from first concern to court", name="story"),
    ),
    Screen(
        "paper",
        "This page says in plain words what another system can ask and do over HTTP.",
        State(MANAGER, "/api/v1", title="For other systems", name="api"),
    ),
    Screen(
        "paper",
        "This page gives the same answer if an item does not exist and if you may not see it.",
        State(
            WORKER,
            "/items/00000000-0000-4000-8000-000000000000",
            "/items/{item}",
            title="Nothing there",
            name="problem",
        ),
    ),
)

#: All states of all screens.
EVERY = tuple(state for screen in SCREENS for state in screen.states)
#: The former addresses of lists that once had pages of their own.
FORMER_LISTS = tuple(FORMER)
#: Addresses without pages of their own, each with the page that answers in its place.
NO_PAGES = {
    **dict.fromkeys(FORMER_LISTS, "leads to the list"),
    **{one: f"leads to {after}" for after, tab in TABS.items() for one in tab.before},
    **{before: f"leads to {after}" for after, before in RECORDS.items() if before},
    **{f"{path}/do/{{act}}": "the form of an act, as on a person" for path in RECORDS},
    "/erasures/new": "leads to the review of one item; of several it shows the same page",
    "/people/{item}/do": "leads to the object, with its list of acts open",
    "/items/{item}/do": "leads to the object, with its list of acts open",
    "/cases/{item}/do": "leads to the object, with its list of acts open",
    "/items/{item}/do/{act}": "the form of an act, as on a person",
    "/cases/{case}/do/{act}": "the form of an act, as on a person",
    **{
        f"{path}/do/{{act}}": "the form of an act, as on a person"
        for path in ("/today/missing", "/meetings", "/meetings/{meeting}", "/system/devices")
    },
    "/others/{item}": "leads to the entry, with its possible corroboration",
    "/missing/do/{act}": "leads to the form of the act",
    "/erasures/{which}/certificate": "leads to the certificate",
    "/enrol": "leads to the sign-in page",
    "/prove": "leads to the sign-in page",
    "/refer/{item}": "leads to the act of the item",
    "/brief": "leads to what changed, on the meeting's page",
    "/brief/items": "leads to what changed, on the meeting's page",
    "/meetings/{meeting}/people": "leads to the meeting",
    "/charts/{chart}": "leads to its map",
    "/assess/{item}/chips": "that part of the workbench which changes by itself",
    "/records/erasures/{which}/certificate": "a download",
    "/assess/{item}/corroboration": "that part of the workbench which changes by itself",
    "/import/{one}/rejects": "a download",
    "/live": "a channel of server-sent events",
    "/log.xlsx": "a download",
    "/manifest.webmanifest": "what a phone needs to install the screens",
    "/map/whole": "leads to the map",
    "/path": "leads to the map",
    "/map/whole/data": "the map for the browser to draw",
    "/map/whole/table": "the table below the map",
    "/map/{who}/data": "the map for the browser to draw",
    "/map/{who}/table": "the table below the map",
    "/palette": "what the search box offers: screens and acts",
    "/photographs/{item}/{number}": "a picture on a page",
    "/proof/{item}": "a download",
    "/receipt/{item}/state": "that part of a receipt which changes by itself",
    "/replay": "leads to the page of that day",
    "/session": "for the outbox",
    "/sign-in/back": "the way back from an identity provider",
    "/sign-in/back/on": "the way back from an identity provider",
    "/sign-in/elsewhere": "the way to an identity provider",
    "/sw.js": "the service worker",
}
