"""Every screen: its users, its purpose, and its address in the filled demo store."""

from dataclasses import dataclass, replace

from web.app import routes
from web.made.tab_pages import TABS
from web.records.record_page import RECORDS
from web.site.list_pages import FORMER

routes()  # a tab is declared when its screen is imported
#: Users whose journeys the screens serve, by their name in the demo.
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


@dataclass(frozen=True)
class Screen:
    """A page. `at` is its address; names in braces are ids that `showcase` knows. `route` is the
    address as the program knows it, if it differs. `also` are further addresses of the same page,
    each with its reader and its route: they are tested, too, and have no picture.
    """

    name: str
    who: str
    title: str
    purpose: str
    at: str
    route: str = ""
    also: tuple[tuple[str, str, str], ...] = ()

    @property
    def every(self) -> tuple["Screen", ...]:
        """Return the page at each of its addresses."""
        others = (replace(self, who=who, at=at, route=way, also=()) for who, at, way in self.also)
        return (self, *others)

    @property
    def serves(self) -> str:
        """Return whether this route serves the address."""
        return self.route or self.at.partition("?")[0]


SCREENS = (
    Screen(
        "sign-in",
        WORKER,
        "Sign in",
        "Sign in with a password, a passkey or the force's own sign-in. A store with one account "
        "accepts any name, and says so.",
        "/sign-in",
    ),
    Screen(
        "enrol",
        WORKER,
        "Set your password",
        "Choose a password with the code from an administrator; the QR code for an authenticator "
        "app is drawn here.",
        "/sign-in?state=enrol",
        "/sign-in",
    ),
    Screen(
        "prove",
        WORKER,
        "Is it still you?",
        "Give the second factor again before a grave act.",
        "/sign-in?state=prove",
        "/sign-in",
    ),
    Screen(
        "me",
        WORKER,
        "My account",
        "What I may do, my passkeys, where I am signed in.",
        "/me",
    ),
    Screen(
        "first",
        WORKER,
        "Today",
        "Mine to decide, by verb; what changed since my last visit; gaps in the rota of the night.",
        "/",
    ),
    Screen(
        "help",
        WORKER,
        "Glossary",
        "Every grade, code, key and deadline, explained in a sentence.",
        "/help",
    ),
    Screen(
        "act",
        WORKER,
        "The form of an act",
        "From the search box (Ctrl K): a verb and a name open its form with the family picked.",
        "/do/support-contact?of={case}",
        "/do/{name}",
    ),
    Screen(
        "record",
        WORKER,
        "Record",
        "One box, and four optional questions. Works without a signal.",
        "/record",
    ),
    Screen(
        "offline",
        WORKER,
        "Record, without a signal",
        "The page that a phone shows while there is no signal; it contains no personal data.",
        "/offline",
    ),
    Screen(
        "receipt",
        WORKER,
        "Receipt",
        "Who has the log entry, or that it is still unread; what the program read in it, to "
        "confirm with a tap; corrections.",
        "/receipt/{sent}",
        "/receipt/{item}",
    ),
    Screen(
        "mine",
        WORKER,
        "Sent",
        "What became of my log entries, in words that give nothing away.",
        "/mine",
    ),
    Screen(
        "families",
        WORKER,
        "My families",
        "The cases in which I work with the child or the parents.",
        "/cases/mine",
    ),
    Screen(
        "family",
        WORKER,
        "A family",
        "What is due, the trigger plan, nights missing, needs and threats; contacts, court and "
        "people are on further tabs. Each role finds its acts behind Add.",
        "/cases/{case}",
        "/cases/{case}",
        (
            (WORKER, "/cases/{case}?tab=contacts", "/cases/{case}"),
            (WORKER, "/cases/{case}?tab=court", "/cases/{case}"),
            (WORKER, "/cases/{case}?tab=people", "/cases/{case}"),
            (MANAGER, "/cases/{case}", "/cases/{case}"),
        ),
    ),
    Screen(
        "meeting",
        SERGEANT,
        "A meeting",
        "Whom to decide about, in order and why, read aloud. On further tabs: agenda and "
        "decisions, what changed since the last brief, all meetings.",
        "/meetings",
        also=(
            (SERGEANT, "/meetings/{meeting}?tab=minutes", "/meetings/{meeting}"),
            (SERGEANT, "/meetings?tab=changed&days=120", "/meetings"),
            (SERGEANT, "/meetings?tab=all", "/meetings"),
        ),
    ),
    Screen(
        "log",
        WORKER,
        "A blank log to print",
        "For a parent who keeps a log: one sheet of A4 to print, or a sheet to type into.",
        "/import/log",
    ),
    Screen(
        "import",
        WORKER,
        "Import a log or a sheet",
        "Upload a file. Nothing is recorded before you have seen what was read in it.",
        "/import",
    ),
    Screen(
        "import-check",
        WORKER,
        "A file that was sent",
        "What the program would record, the meaning of each column, and the rows to correct.",
        "/import/{log}",
        "/import/{one}",
    ),
    Screen(
        "looked",
        WORKER,
        "Access log",
        "Who looked at an item, or what I looked at myself.",
        "/looked?of={sent}",
    ),
    Screen(
        "escalations",
        WORKER,
        "Concerns to the auditor",
        "A message to the auditor, past my own line; only the auditor sees it.",
        "/access/reports",
    ),
    Screen(
        "queue",
        SERGEANT,
        "Inbox",
        "Unassessed log entries, most urgent first, with the deadline and the person who has "
        "each; one item at a time by single keys.",
        "/queue",
    ),
    Screen(
        "assess",
        SERGEANT,
        "Assess and sanitise",
        "The log entry beside the form that grades it. Who told us stays hidden; hints at the "
        "source are marked in the sanitised text.",
        "/assess/{waiting}",
        "/assess/{item}",
    ),
    Screen(
        "corroboration",
        SERGEANT,
        "Possible corroboration",
        "Other log entries that may say the same, once this one is graded, as cards below it: y "
        "for the same subject, n for not the same.",
        "/assess/{graded}",
        "/assess/{item}",
    ),
    Screen(
        "item",
        SERGEANT,
        "An item",
        "The item's stage, its words, its steps; the links that rest on it beside it.",
        "/items/{graded}",
        "/items/{item}",
    ),
    Screen(
        "search",
        SERGEANT,
        "Search",
        "Search as you type: names, nicknames, misspellings, partial plates, endings of ids, text.",
        "/search?q=barry",
    ),
    Screen(
        "person",
        SERGEANT,
        "A person",
        "Status as it was recorded, why, a timeline as known on a day; links, a small map and gaps "
        "beside it.",
        "/people/{suspect}",
        "/people/{who}",
    ),
    Screen(
        "person-act",
        SERGEANT,
        "One act on an object",
        "One form, with the values that the page of the person, item or case has.",
        "/people/{suspect}/do/outcome-arrest",
        "/people/{who}/do/{act}",
    ),
    Screen(
        "same",
        SERGEANT,
        "Possible duplicates",
        "Pairs of records that may be one person, with the reasons; a person decides.",
        "/inbox/duplicates",
    ),
    Screen(
        "map-whole",
        SERGEANT,
        "The whole network",
        "All people and things whom this reader sees, on a map and as a list; bridges are ringed, "
        "and of very many only the best linked have labels.",
        "/map",
    ),
    Screen(
        "map",
        SERGEANT,
        "The map around one person",
        "One person's network on both axes of time, with every link in a table too.",
        "/map/{suspect}?hops=2",
        "/map/{who}",
    ),
    Screen(
        "then",
        SERGEANT,
        "Known as at a date",
        "The network and the queue, or one person, as known on a day, and what changed since, with "
        "today's rights.",
        "/then?day=2011-05-20",
        also=((SERGEANT, "/then?day=2011-05-20&who={suspect}", "/then"),),
    ),
    Screen(
        "connection",
        SERGEANT,
        "What connects two",
        "What connects two towns, ranked, or two people step by step, with the evidence; beside "
        "the map.",
        "/map?a=Town A&b=Town B",
    ),
    Screen(
        "risk",
        SERGEANT,
        "Children at possible risk",
        "Children possibly at risk through a suspect; each is referred, or not, with a reason.",
        "/cases/at-risk?of={suspect}",
    ),
    Screen(
        "map-areas",
        SERGEANT,
        "Areas",
        "Places by town, sized by the number of accounts; vehicles join two towns.",
        "/map/areas",
    ),
    Screen(
        "list-cases",
        MANAGER,
        "A list",
        "A list as a dense table: filters, pages, keys, acts on several rows, export as a "
        "workbook. Beside it, the forms that add a row.",
        "/list/cases",
        "/list/{name}",
        (
            (SERGEANT, "/list/due", "/list/{name}"),
            (OFFICER, "/list/request-list", "/list/{name}"),
            (KEEPER, "/list/user-list", "/list/{name}"),
            (HANDLER, "/list/hold-list", "/list/{name}"),
        ),
    ),
    Screen(
        "to-decide",
        SERGEANT,
        "To decide",
        "What waits for a second person (closings, exits, lower ratings, erasures, releases, "
        "access), and other teams' searches that matched our records.",
        "/today/to-decide",
        also=(
            (MANAGER, "/today/to-decide", ""),
            (WORKER, "/today/to-decide", ""),
            (KEEPER, "/today/to-decide", ""),
        ),
    ),
    Screen(
        "alerts",
        SERGEANT,
        "Alerts",
        "A suspect near a placement or in a child's home, an arrest, a message that a suspect may"
        " read.",
        "/today/alerts?every=true",
    ),
    Screen(
        "missing",
        SERGEANT,
        "Missing",
        "Each missing child on a sheet to print: last seen, plates, addresses, suspects, the "
        "plan; and patterns.",
        "/missing",
    ),
    Screen(
        "rota",
        SERGEANT,
        "On call",
        "Whom to ring now, who is next, and the urgent items without an owner.",
        "/today/on-call",
    ),
    Screen(
        "due",
        SERGEANT,
        "Due",
        "Reviews, expiring notices, decisions to audit, and inconsistencies.",
        "/today/deadlines",
    ),
    Screen(
        "trail",
        AUDITOR,
        "Trail of an item",
        "Back to the first log entries, forward to the results; without an item, a field to find "
        "one.",
        "/trail/{tie}",
        "/trail/{item}",
        ((AUDITOR, "/trail", "/trail"),),
    ),
    Screen(
        "replay",
        AUDITOR,
        "Known as at a date, rebuilt",
        "What was known on a day, rebuilt from the log, with a hash over it.",
        "/then?day=2011-05-20&rebuilt=true&now=true",
        "/then",
    ),
    Screen(
        "verify",
        AUDITOR,
        "Verify the record",
        "The record compared with what was signed: green or red, and what this does not prove.",
        "/verify?run=true",
    ),
    Screen(
        "manage",
        MANAGER,
        "Team performance",
        "What is overdue, cases without a worker, missing children, workload.",
        "/manage",
    ),
    Screen(
        "material-cases",
        OFFICER,
        "Disclosure schedules",
        "How many items are decided in each case.",
        "/rights/schedules",
    ),
    Screen(
        "disclose",
        OFFICER,
        "Disclose information",
        "Purpose, basis, recipients, checks; you read every word before it leaves.",
        "/disclose?of={graded}",
    ),
    Screen(
        "erasures",
        MANAGER,
        "Erasures",
        "Propose an erasure, and see how far each one is.",
        "/rights/erasures",
    ),
    Screen(
        "record-page",
        MANAGER,
        "A record: an erasure to approve",
        "One page for an erasure, its preview, an access request, a legal hold, a covert source "
        "review, an account, the material of a case: its status, why, the contents, the steps, "
        "and one list of acts.",
        "/records/erasures/{erasure}",
        "/records/erasures/{which}",
        (
            (HANDLER, "/records/retention/{leaving}", "/records/retention/{which}"),
            (OFFICER, "/records/requests/{asked}", "/records/requests/{which}"),
            (HANDLER, "/records/holds/{hold}", "/records/holds/{which}"),
            (HANDLER, "/records/reviews/{review}", "/records/reviews/{which}"),
            (KEEPER, "/records/accounts/psw.ellis", "/records/accounts/{which}"),
            (OFFICER, "/records/material/{case}", "/records/material/{which}"),
        ),
    ),
    Screen(
        "api",
        MANAGER,
        "For other systems",
        "What another system can ask and do over HTTP, in plain words.",
        "/api/v1",
    ),
    Screen(
        "store",
        KEEPER,
        "Data store",
        "How far the views are, what they could not apply, the keys.",
        "/system/store",
    ),
    Screen(
        "devices",
        KEEPER,
        "Devices",
        "Whose phone it is and what waits on it unsent; collect that, or wipe a lost phone.",
        "/system/devices",
    ),
    Screen(
        "retention",
        HANDLER,
        "Retention review",
        "Items past their retention period, since when and why; items on hold or restricted.",
        "/rights/retention?every=true",
    ),
    Screen(
        "story",
        WORKER,
        "One family, from first concern to court",
        "The demo's family in twelve sentences, each with the command and the page that show it.",
        "/story",
    ),
    Screen(
        "problem",
        WORKER,
        "Nothing there",
        "What does not exist, and what you may not see, look the same.",
        "/items/00000000-0000-4000-8000-000000000000",
        "/items/{item}",
    ),
)

#: Each screen at each of its addresses.
EVERY = tuple(one for screen in SCREENS for one in screen.every)
#: Lists that had a page of their own, by their former addresses.
FORMER_LISTS = tuple(FORMER)
#: Addresses without a page of their own, and the page that answers instead.
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
        for path in ("/missing", "/meetings", "/meetings/{meeting}", "/system/devices")
    },
    "/others/{item}": "leads to the entry, with its possible corroboration",
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
