"""Every screen: its users, its purpose, and its address in the filled demo store."""

from dataclasses import dataclass, replace

from web.app import routes
from web.made.tab_pages import TABS
from web.records.record_page import RECORDS
from web.site.lists import FORMER

routes()  # a tab is declared when its screen's module is imported
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
    """A page. `at` is its address; names in braces stand for ids of `showcase`. `route` is the
    route's pattern, if it differs from `at`. `also` are further addresses of the same page, each
    with its reader and its route; tests open them, too, but they have no picture.
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
        "Choose a password with the code from an administrator. The page draws the QR code for "
        "an authenticator app.",
        "/sign-in?state=enrol",
        "/sign-in",
    ),
    Screen(
        "prove",
        WORKER,
        "Is it still you?",
        "Enter the second factor again before a grave act.",
        "/sign-in?state=prove",
        "/sign-in",
    ),
    Screen(
        "me",
        WORKER,
        "My account",
        "See your rights, your passkeys and your open sessions.",
        "/me",
    ),
    Screen(
        "first",
        WORKER,
        "Today",
        "Your tasks, ordered by what you have to do; what changed since your last visit; the "
        "hours of tonight without a person on call.",
        "/",
    ),
    Screen(
        "help",
        WORKER,
        "Glossary",
        "A sentence on every grade, code, key and deadline.",
        "/help",
    ),
    Screen(
        "act",
        WORKER,
        "The form of an act",
        "Type a verb and a name into the search box (Ctrl K): the form of that act opens with "
        "the family filled in.",
        "/do/support-contact?of={case}",
        "/do/{name}",
    ),
    Screen(
        "record",
        WORKER,
        "Record",
        "Write a log entry in one box, with four optional questions. The page works without a "
        "signal.",
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
        "See who reads your log entry, or that nobody has read it yet. Confirm the names that "
        "the program found in it, and correct it.",
        "/receipt/{sent}",
        "/receipt/{item}",
    ),
    Screen(
        "mine",
        WORKER,
        "Sent",
        "See the status of each of your log entries, in a text that reveals nothing else.",
        "/mine",
    ),
    Screen(
        "families",
        WORKER,
        "My families",
        "Lists the cases in which you work with the child or the parents.",
        "/cases/mine",
    ),
    Screen(
        "family",
        WORKER,
        "A family",
        "Shows what is due, the trigger plan, nights missing, needs and threats of a family. "
        "Contacts, court and people are on further tabs; acts are behind *Add…*.",
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
        "Shows the people to decide about, in order, with reasons to read aloud. Further tabs "
        "have the agenda and decisions, what changed since the last brief, and all meetings.",
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
        "Print one sheet of A4 for a parent who keeps a log, or download a sheet to type into.",
        "/import/log",
    ),
    Screen(
        "import",
        WORKER,
        "Import a log or a sheet",
        "Upload a file. Nothing is recorded before you have checked its rows.",
        "/import",
    ),
    Screen(
        "import-check",
        WORKER,
        "A file that was sent",
        "See what the program would record, which column means what, and which rows to correct.",
        "/import/{log}",
        "/import/{one}",
    ),
    Screen(
        "looked",
        WORKER,
        "Access log",
        "See who looked at an item, or what you looked at yourself.",
        "/looked?of={sent}",
    ),
    Screen(
        "escalations",
        WORKER,
        "Concerns to the auditor",
        "Send a message to the auditor, past your own line management. Only the auditor sees it.",
        "/access/reports",
    ),
    Screen(
        "queue",
        SERGEANT,
        "Inbox",
        "Lists unassessed log entries, the most urgent first, each with its deadline and the "
        "person who took it. Keyboard shortcuts go from entry to entry.",
        "/queue",
    ),
    Screen(
        "assess",
        SERGEANT,
        "Assess and sanitise",
        "Shows the log entry beside the form that grades it. The source stays hidden; words "
        "that hint at the source are marked in the sanitised text.",
        "/assess/{waiting}",
        "/assess/{item}",
    ),
    Screen(
        "corroboration",
        SERGEANT,
        "Possible corroboration",
        "Shows, after an entry was graded, other entries that may say the same. Press y for the "
        "same subject, n for not the same.",
        "/assess/{graded}",
        "/assess/{item}",
    ),
    Screen(
        "item",
        SERGEANT,
        "An item",
        "Shows an item's stage (information, intelligence or evidence), its text and its history, "
        "and beside them the links based on it.",
        "/items/{graded}",
        "/items/{item}",
    ),
    Screen(
        "search",
        SERGEANT,
        "Search",
        "Search as you type by name, nickname, misspelling, part of a plate, end of a number, "
        "or words.",
        "/search?q=barry",
    ),
    Screen(
        "person",
        SERGEANT,
        "A person",
        "Shows a person's recorded status, the reasons for it, and a timeline, also as known on "
        "an earlier day. Links, a small map and gaps are beside it.",
        "/people/{suspect}",
        "/people/{who}",
    ),
    Screen(
        "person-act",
        SERGEANT,
        "One act on an object",
        "Shows one form, filled in with the values from the page of the person, item or case.",
        "/people/{suspect}/do/outcome-arrest",
        "/people/{who}/do/{act}",
    ),
    Screen(
        "same",
        SERGEANT,
        "Possible duplicates",
        "Lists pairs of records that may be one person, with the reasons. A person decides.",
        "/inbox/duplicates",
    ),
    Screen(
        "map-whole",
        SERGEANT,
        "The whole network",
        "Shows all people and things that you may see, on a map and as a list. Bridges are "
        "ringed. If there are very many, only the most linked have labels.",
        "/map",
    ),
    Screen(
        "map",
        SERGEANT,
        "The map around one person",
        "Shows one person's network as of a day and as known at a day, and every link in a "
        "table, too.",
        "/map/{suspect}?hops=2",
        "/map/{who}",
    ),
    Screen(
        "then",
        SERGEANT,
        "Known as at a date",
        "Shows the network and the queue, or one person, as known on an earlier day, and what "
        "changed since. Today's access rights apply.",
        "/then?day=2011-05-20",
        also=((SERGEANT, "/then?day=2011-05-20&who={suspect}", "/then"),),
    ),
    Screen(
        "connection",
        SERGEANT,
        "What connects two",
        "Shows what connects two towns, the strongest first, or the steps between two people, "
        "each with its evidence.",
        "/map?a=Town A&b=Town B",
    ),
    Screen(
        "risk",
        SERGEANT,
        "Children at possible risk",
        "Lists children who may be at risk through a suspect. Refer each child, or record why not.",
        "/cases/at-risk?of={suspect}",
    ),
    Screen(
        "map-areas",
        SERGEANT,
        "Areas",
        "Shows places by town, sized by the number of accounts, and vehicles that were seen in "
        "two towns.",
        "/map/areas",
    ),
    Screen(
        "list-cases",
        MANAGER,
        "A list",
        "Shows a list as a dense table with filters, pages and keyboard shortcuts, acts on "
        "several rows, and export as a workbook. The forms that add a row are beside it.",
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
        "Lists what waits for a second person (closings, exits, lower ratings, erasures, "
        "releases, access), and other teams' searches that matched your records.",
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
        "Lists alerts, such as a suspect near a placement or in a child's home, an arrest, or a "
        "message that a suspect may read.",
        "/today/alerts?every=true",
    ),
    Screen(
        "missing",
        SERGEANT,
        "Missing",
        "Shows a sheet to print for each missing child (last seen, plates, addresses, suspects, "
        "trigger plan), and patterns of missing episodes.",
        "/missing",
    ),
    Screen(
        "rota",
        SERGEANT,
        "On call",
        "Shows who is on call now, who is next, and the urgent entries that nobody has taken.",
        "/today/on-call",
    ),
    Screen(
        "due",
        SERGEANT,
        "Due",
        "Lists reviews, expiring notices, decisions to audit, and discrepancies.",
        "/today/deadlines",
    ),
    Screen(
        "trail",
        AUDITOR,
        "Trail of an item",
        "Follows an item back to the first log entries, and forward to its results. Without an "
        "item the page offers a field to find one.",
        "/trail/{tie}",
        "/trail/{item}",
        ((AUDITOR, "/trail", "/trail"),),
    ),
    Screen(
        "replay",
        AUDITOR,
        "Known as at a date, rebuilt",
        "Shows what was known on a day, rebuilt from the log, with a hash of the result.",
        "/then?day=2011-05-20&rebuilt=true&now=true",
        "/then",
    ),
    Screen(
        "verify",
        AUDITOR,
        "Verify the record",
        "Compares the record with the signed checkpoints, shows green or red, and says what "
        "this does not prove.",
        "/verify?run=true",
    ),
    Screen(
        "manage",
        MANAGER,
        "Team performance",
        "Shows overdue work, cases without a worker, missing children, and the workload of the "
        "team.",
        "/manage",
    ),
    Screen(
        "material-cases",
        OFFICER,
        "Disclosure schedules",
        "Shows for each case how many items of its material are decided.",
        "/rights/schedules",
    ),
    Screen(
        "disclose",
        OFFICER,
        "Disclose information",
        "Disclose items with a purpose, a basis, recipients and checks. You read every word "
        "before it is disclosed.",
        "/disclose?of={graded}",
    ),
    Screen(
        "erasures",
        MANAGER,
        "Erasures",
        "Propose an erasure, and see how far each erasure is.",
        "/rights/erasures",
    ),
    Screen(
        "record-page",
        MANAGER,
        "A record: an erasure to approve",
        "Shows an erasure, its preview, an access request, a legal hold, a covert source "
        "review, an account, or the material of a case: status, reasons, contents, steps, and "
        "one list of acts.",
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
        "Says in plain words what another system can ask and do over HTTP.",
        "/api/v1",
    ),
    Screen(
        "store",
        KEEPER,
        "Data store",
        "Shows how far the views are, which records they could not apply, and the keys.",
        "/system/store",
    ),
    Screen(
        "devices",
        KEEPER,
        "Devices",
        "Shows whose phone it is and which entries wait on it. Collect the entries, or wipe a "
        "lost phone.",
        "/system/devices",
    ),
    Screen(
        "retention",
        HANDLER,
        "Retention review",
        "Lists items past their retention period, with the date and the reason, and items on "
        "hold or restricted.",
        "/rights/retention?every=true",
    ),
    Screen(
        "story",
        WORKER,
        "One family, from first concern to court",
        "Tells the demo's family in twelve sentences, each with the command and the page that "
        "show it.",
        "/story",
    ),
    Screen(
        "problem",
        WORKER,
        "Nothing there",
        "Answers in the same way whether an item does not exist or you may not see it.",
        "/items/00000000-0000-4000-8000-000000000000",
        "/items/{item}",
    ),
)

#: Each screen at each of its addresses.
EVERY = tuple(one for screen in SCREENS for one in screen.every)
#: Lists that had a page of their own, by their former addresses.
FORMER_LISTS = tuple(FORMER)
#: Addresses without a page of their own, each with the page that answers instead.
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
