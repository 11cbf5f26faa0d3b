"""The list of all screens, with the purpose of each. A screen has states (such as tabs or steps),
each with its user and its address in the demo's store."""

from dataclasses import dataclass
from typing import Literal

from web.app import routes
from web.made.tab_pages import TABS
from web.records.record_page import RECORDS
from web.site.lists import FORMER

# this imports the modules of all screens, and each of them declares its screen's tabs
routes()
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
        "On the screen *Sign in*, people sign in with a password, a passkey or the force's own "
        "sign-in. If a store has only one account, the screen accepts any name, and says so. A new "
        "user types the code that they got from an administrator, and chooses a password. Before "
        "an act with grave effects, the user enters the second factor again.",
        State(WORKER, "/sign-in", title="Sign in", name="sign-in"),
        (
            State(WORKER, "/sign-in?state=enrol", "/sign-in"),
            State(WORKER, "/sign-in?state=prove", "/sign-in"),
        ),
    ),
    Screen(
        "object",
        "The screen *My account* shows a user's own rights, passkeys and open sessions.",
        State(WORKER, "/me", title="My account", name="me"),
    ),
    Screen(
        "place",
        "The screen *Today* is the first that a user sees after signing in. It shows the user's "
        "tasks, grouped by what has to be done, what changed since the last visit, and the hours "
        "of tonight in which no person is on call. The tabs list decisions that wait for a second "
        "person, alerts, deadlines, missing children (with a sheet to print for each child), and "
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
        "This page is the form of one act, such as *Record a contact*. A user opens it from the "
        "search box (Ctrl K), by typing a verb and a name, or with the button *Add…* of a page. "
        "The form then has the values of that page, such as the child's name.",
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
        "On the screen *Record*, a worker writes a log entry in one box, and may answer four more "
        "questions. The page also works without a signal; it then shows no personal data.",
        State(WORKER, "/record", title="Record", name="record"),
        (State(WORKER, "/offline", title="Without a signal", name="offline"),),
    ),
    Screen(
        "object",
        "The screen *Receipt* tells a worker which colleagues have read their log entry. The "
        "worker can confirm the names that the program found in the entry, and correct the entry.",
        State(WORKER, "/receipt/{sent}", "/receipt/{item}", title="Receipt", name="receipt"),
    ),
    Screen(
        "list",
        "The screen *Sent* shows a worker the status of each log entry that they recorded, and "
        "nothing about other records. Beside the entries are the concerns that the worker reported "
        "straight to the auditor, past their own managers. Only the worker and the auditor see "
        "these.",
        State(WORKER, "/mine", title="Sent", name="mine"),
        (State(WORKER, "/access/reports"),),
    ),
    Screen(
        "place",
        "The screen *My families* lists the cases in which a worker works with the child or the "
        "parents. It also lists children who may be at risk because of a link to a suspect. The "
        "worker can refer each of these children, or record why not.",
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
        "The page of a family shows deadlines, the trigger plan (what to do if the child goes "
        "missing), nights missing, needs and threats. Contacts, court and people are on other "
        "tabs. The button *Add…* opens all acts.",
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
        "The page of a meeting lists the people about whom the meeting has to decide, in order, "
        "with reasons to read aloud. Other tabs show the agenda with its decisions, what changed "
        "since the last brief, and all meetings.",
        State(SERGEANT, "/meetings", title="A meeting", name="meeting"),
        (
            State(SERGEANT, "/meetings/{meeting}?tab=minutes", "/meetings/{meeting}"),
            State(SERGEANT, "/meetings?tab=changed&days=120", "/meetings"),
            State(SERGEANT, "/meetings?tab=all", "/meetings"),
        ),
    ),
    Screen(
        "act",
        "On the screen *Import*, a user uploads a file. Before anything is recorded, the screen "
        "shows what the program would record, the meaning of each column, and the rows to correct. "
        "A user can also print a blank log (one sheet of A4 for a parent), or download a blank "
        "sheet to type into.",
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
        "The *Inbox* lists log entries that are not graded yet, the most urgent first. Each has "
        "its deadline and the name of the person who took it. Keyboard shortcuts go from entry to "
        "entry. A tab shows pairs of records that may be about one person, with the reasons; a "
        "user decides whether they are.",
        State(SERGEANT, "/queue", title="Inbox", name="queue"),
        (State(SERGEANT, "/inbox/duplicates", title="Possible duplicates", name="same"),),
    ),
    Screen(
        "act",
        "On the screen *Assess and sanitise*, an assessor reads a log entry and fills in the form "
        "that grades it. The assessor does not see who the source is. In the sanitised text, words "
        "that could identify the source are marked. After the grading, the page shows other "
        "entries that may be about the same subject. The key y records that they are, n that they "
        "are not.",
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
        "The page of an item (such as a log entry or a report) shows its text, its history, and "
        "whether it is information, intelligence or evidence. The links that are based on it are "
        "beside the text.",
        State(SERGEANT, "/items/{graded}", "/items/{item}", title="An item", name="item"),
    ),
    Screen(
        "object",
        "A person's page shows their recorded status with the reasons, and a timeline. It can show "
        "both as known on an earlier day. Links, a small map and gaps are beside the timeline. "
        "Vehicles, phones and places have the same kind of page.",
        State(SERGEANT, "/people/{suspect}", "/people/{who}", title="A person", name="person"),
    ),
    Screen(
        "list",
        "The screen *Search* shows results while you type. You can type a name (also a nickname, "
        "or misspelt), a part of a number plate, the end of a phone number, or words of a text.",
        State(SERGEANT, "/search?q=barry", title="Search", name="search"),
    ),
    Screen(
        "place",
        "The *Map* shows all people and things that you may see, as a drawing and as a list. It "
        "has three other forms: (1) the network of one person, also as it was on a day or as it "
        "was known on a day; (2) what connects two towns or two people, with the evidence of each "
        "connection; (3) the places of each town, with the vehicles that were seen in two towns.",
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
        "The page of a list shows records as a dense table with filters, pages and keyboard "
        "shortcuts. A user can select several rows for one act, and export the list as a workbook. "
        "The forms that add a row are beside the table.",
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
        "The *Trail* shows on which log entries an item is based, and to which results it led. "
        "Other tabs show who looked at the item, and what was known on an earlier day about the "
        "network, the queue or one person, with the changes since. An auditor can compute that "
        "day's data again from the log, and gets a hash of the result.",
        State(AUDITOR, "/trail/{tie}", "/trail/{item}", title="Trail of an item", name="trail"),
        (
            State(AUDITOR, "/trail"),
            State(SERGEANT, "/then?day=2011-05-20", title="Known on a day", name="then"),
            State(SERGEANT, "/then?day=2011-05-20&who={suspect}", "/then"),
            State(AUDITOR, "/then?day=2011-05-20&rebuilt=true", "/then"),
            State(WORKER, "/looked?of={sent}", title="Access log", name="looked"),
        ),
    ),
    Screen(
        "place",
        "The screen *Verify the record* compares the whole record with its signed checkpoints, and "
        "shows green if they agree, red if not. It also says what the comparison does not prove.",
        State(AUDITOR, "/verify?run=true", title="Verify the record", name="verify"),
    ),
    Screen(
        "place",
        "The screen *Team performance* shows a manager the overdue work, cases without a worker, "
        "missing children, and the workload of the team.",
        State(MANAGER, "/manage", title="Team performance", name="manage"),
    ),
    Screen(
        "place",
        "On the screen *Information rights*, a user proposes an erasure, and sees which steps of "
        "each erasure are done. Other tabs show items whose retention period has ended, with the "
        "date and the reason; items on legal hold or restricted; the disclosure schedules, with "
        "the number of decided items of each case; and lists of requests, complaints, disclosures "
        "and holds.",
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
        "The page of a record shows an erasure, the preview of an erasure, an access request, a "
        "legal hold, a covert source review, an account, or the material of a case. It has the "
        "status, the reasons, the contents, the steps, and one list of acts.",
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
        "On the screen *Disclose information*, a user discloses items, and states the purpose, the "
        "legal basis, the recipients and the checks. The user reads every word before it is "
        "disclosed.",
        State(OFFICER, "/disclose?of={graded}", title="Disclose information", name="disclose"),
    ),
    Screen(
        "place",
        "The screen *Data store* shows an administrator which records the program's tables "
        "contain, which records could not be added to them, and the keys. The tab *Devices* shows "
        "the owner of each phone, and the log entries that the phone has not sent yet. The "
        "administrator can collect these entries, or wipe a lost phone. Other tabs have accounts "
        "and teams.",
        State(KEEPER, "/system/store", title="Data store", name="store"),
        (State(KEEPER, "/system/devices", title="Devices", name="devices"),),
    ),
    Screen(
        "paper",
        "The *Glossary* explains every grade, code, key and deadline in one sentence each.",
        State(WORKER, "/help", title="Glossary", name="help"),
    ),
    Screen(
        "paper",
        "This page tells the story of the demo's family in twelve sentences. Beside each sentence "
        "are the command and the page that show it.",
        State(WORKER, "/story", title="One family, from first concern to court", name="story"),
    ),
    Screen(
        "paper",
        "The page *For other systems* describes in plain words what another system can ask and do "
        "over HTTP.",
        State(MANAGER, "/api/v1", title="For other systems", name="api"),
    ),
    Screen(
        "paper",
        "This page is the answer to an address of an item that does not exist, or that the user "
        "may not see. It is the same in both cases, so a user cannot find out that a hidden item "
        "exists.",
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
