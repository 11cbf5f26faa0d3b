"""Every screen: whose it is, what it is for, and where it is found in the filled demo store."""

from dataclasses import dataclass

#: Whose journeys the screens serve, and the name under which the demo knows them.
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
    address as the program knows it, if it differs.
    """

    name: str
    who: str
    title: str
    purpose: str
    at: str
    route: str = ""

    @property
    def serves(self) -> str:
        """The route that answers this address."""
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
        "/enrol",
    ),
    Screen(
        "prove",
        WORKER,
        "Is it still you?",
        "Give the second factor again before a grave act.",
        "/prove",
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
        "First page",
        "My work, with what is urgent or overdue.",
        "/",
    ),
    Screen(
        "help",
        WORKER,
        "Words, codes and clocks",
        "Every grade, code, key and deadline, explained in a sentence.",
        "/help",
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
        "/families",
    ),
    Screen(
        "family",
        WORKER,
        "A family",
        "What is due, the trigger plan, nights missing, needs and threats; contacts, court and "
        "people are on further tabs.",
        "/cases/{case}",
        "/cases/{case}",
    ),
    Screen(
        "family-contacts",
        WORKER,
        "A family: contacts and promises",
        "Contacts, feedback, promises, notes with opinions apart, victim information requests.",
        "/cases/{case}?tab=contacts",
        "/cases/{case}",
    ),
    Screen(
        "family-court",
        WORKER,
        "A family: court",
        "Police action, notices, charging, hearings, bail, press.",
        "/cases/{case}?tab=court",
        "/cases/{case}",
    ),
    Screen(
        "family-people",
        WORKER,
        "A family: people",
        "The family's people, the exploitation model; health and placement for those with access.",
        "/cases/{case}?tab=people",
        "/cases/{case}",
    ),
    Screen(
        "family-acts",
        WORKER,
        "What can be added to a case",
        "Every act on this case for this reader; with scripts a dialog with a filter.",
        "/cases/{case}/do",
        "/cases/{case}/do",
    ),
    Screen(
        "family-act",
        WORKER,
        "One act on a case",
        "One form, with the values that the family's page has.",
        "/cases/{case}/do/support-contact",
        "/cases/{case}/do/{act}",
    ),
    Screen(
        "meetings",
        SERGEANT,
        "Meetings",
        "Future and past meetings; their decisions, who is responsible, and what is overdue.",
        "/meetings",
    ),
    Screen(
        "meeting",
        SERGEANT,
        "A meeting",
        "The agenda comes from the record; each decision names what it rests on; minutes to "
        "print. Each reader sees what they may.",
        "/meetings/{meeting}",
        "/meetings/{meeting}",
    ),
    Screen(
        "meeting-people",
        SERGEANT,
        "People for decision, at a meeting",
        "Each person with the factors against action, the gaps before action, earlier decisions, "
        "and the form to decide. There is no score: a child in danger now comes first.",
        "/meetings/{meeting}/people",
        "/meetings/{meeting}/people",
    ),
    Screen(
        "log",
        WORKER,
        "A blank log to print",
        "For a parent who keeps a log: one sheet of A4 to print, or a sheet to type into.",
        "/log",
    ),
    Screen(
        "import",
        WORKER,
        "Bring in a log or a sheet",
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
        "/escalations",
    ),
    Screen(
        "queue",
        SERGEANT,
        "What waits",
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
        "others",
        SERGEANT,
        "Possible corroboration",
        "Other log entries that may say the same, shown once this one is graded; a person "
        "confirms or dismisses each.",
        "/others/{graded}",
        "/others/{item}",
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
        "item-acts",
        SERGEANT,
        "What can be added to an item",
        "Every act on this item for this reader; with scripts a dialog with a filter.",
        "/items/{graded}/do",
        "/items/{item}/do",
    ),
    Screen(
        "item-act",
        SERGEANT,
        "One act on an item",
        "One form, with the values that the item's page has.",
        "/items/{graded}/do/link",
        "/items/{item}/do/{act}",
    ),
    Screen(
        "refer",
        SERGEANT,
        "Refer a child",
        "Refer a child to her case or a new one, because of this log entry.",
        "/refer/{waiting}",
        "/refer/{item}",
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
        "person-acts",
        SERGEANT,
        "What can be added to a person",
        "Every act on this person or thing for this reader; with scripts a dialog with a filter.",
        "/people/{suspect}/do",
        "/people/{who}/do",
    ),
    Screen(
        "person-act",
        SERGEANT,
        "One act on a person",
        "One form, with the values that the person's page has.",
        "/people/{suspect}/do/outcome-arrest",
        "/people/{who}/do/{act}",
    ),
    Screen(
        "same",
        SERGEANT,
        "Same person?",
        "Pairs of records that may be one person, with the reasons; a person decides.",
        "/same",
    ),
    Screen(
        "brief",
        SERGEANT,
        "The weekly brief",
        "What changed in networks and for children since the team's last look, and what needs a "
        "decision.",
        "/brief?days=120",
    ),
    Screen(
        "brief-items",
        SERGEANT,
        "The brief, item by item",
        "New, changed and undecided items since then; corroboration; overdue work.",
        "/brief/items?days=120",
    ),
    Screen(
        "map-overview",
        SERGEANT,
        "Where the map begins",
        "Shared places and vehicles as a picture by town and as a list; groups; the most "
        "connected people.",
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
        "map-whole",
        SERGEANT,
        "The whole network",
        "All people whom this reader sees, up to 5,000; in a large network only the best linked "
        "have labels.",
        "/map/whole",
    ),
    Screen(
        "then",
        SERGEANT,
        "What was known then",
        "The network and the queue as known on a day, and what changed since, with today's rights.",
        "/then?day=2011-05-20",
    ),
    Screen(
        "then-person",
        SERGEANT,
        "Somebody, as known on a day",
        "A person's names and categories as known on a day, and what was learned since.",
        "/then?day=2011-05-20&who={suspect}",
    ),
    Screen(
        "path",
        SERGEANT,
        "Find connection",
        "How two people are connected, step by step, with the evidence of each step.",
        "/path?a=Leah Brack&b=Barry Sleight",
    ),
    Screen(
        "risk",
        SERGEANT,
        "Children at possible risk",
        "Children possibly at risk through a suspect; each is referred, or not, with a reason.",
        "/risk?of={suspect}",
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
        "Cases",
        "A list as a dense table: filters, pages, export as a workbook.",
        "/list/cases",
        "/list/{name}",
    ),
    Screen(
        "proposals",
        SERGEANT,
        "To countersign",
        "Closings, exits and lower ratings that wait for a second person to confirm or refuse.",
        "/proposals",
    ),
    Screen(
        "alerts",
        SERGEANT,
        "Alerts",
        "A suspect near a placement or in a child's home, an arrest, a message that a suspect may"
        " read.",
        "/alerts?every=true",
    ),
    Screen(
        "missing",
        SERGEANT,
        "Missing now",
        "Each missing child on a sheet to print: last seen, plates, addresses, suspects, the "
        "plan; and patterns.",
        "/missing",
    ),
    Screen(
        "rota",
        SERGEANT,
        "On call",
        "Whom to ring now, who is next, and the urgent items without an owner.",
        "/rota",
    ),
    Screen(
        "releases",
        SERGEANT,
        "Waits for another officer",
        "Marks of the checker in a text before it leaves; and what was shared at once to prevent "
        "harm.",
        "/releases",
    ),
    Screen(
        "due",
        SERGEANT,
        "Due",
        "Reviews, expiring notices, decisions to audit, and inconsistencies.",
        "/due",
    ),
    Screen(
        "list-due",
        SERGEANT,
        "Due, as a list",
        "Forty rows at once, chosen by keys; several are answered together, each with its own "
        "receipt.",
        "/list/due",
        "/list/{name}",
    ),
    Screen(
        "hits",
        SERGEANT,
        "Silent search alerts",
        "Searches by others that met our records. The searcher saw nothing; a decision is due "
        "within 24 hours.",
        "/hits",
    ),
    Screen(
        "exchange",
        HANDLER,
        "Offered to other forces",
        "A blind token leaves, and no text; another force with the same offer is notified, as you"
        " are.",
        "/exchange",
    ),
    Screen(
        "trail-ask",
        AUDITOR,
        "Trail: which item?",
        "Find any item by the end of its id; counts by stage.",
        "/trail",
    ),
    Screen(
        "trail",
        AUDITOR,
        "Trail of an item",
        "Back to the first log entries, forward to the results.",
        "/trail/{tie}",
        "/trail/{item}",
    ),
    Screen(
        "replay",
        AUDITOR,
        "State of knowledge",
        "What was known at any moment, rebuilt from the log, with a hash over it.",
        "/replay?until=2011-05-20",
    ),
    Screen(
        "verify",
        AUDITOR,
        "Is the record complete and unchanged?",
        "The record compared with what was signed: green or red, and what this does not prove.",
        "/verify?run=true",
    ),
    Screen(
        "unusual",
        AUDITOR,
        "Out of the ordinary",
        "Whose access is unusual, and why; not a verdict.",
        "/unusual",
    ),
    Screen(
        "case",
        MANAGER,
        "A case",
        "Rating, workers, missing reports, closing by two people: each act for the roles that do "
        "it.",
        "/cases/{case}",
    ),
    Screen(
        "waiting-access",
        MANAGER,
        "Access to confirm",
        "Roles, teams and new sign-ins that an administrator proposed, to confirm or refuse.",
        "/waiting-access",
    ),
    Screen(
        "manage",
        MANAGER,
        "Overview",
        "What is overdue, cases without a worker, missing children, workload.",
        "/manage",
    ),
    Screen(
        "material-cases",
        OFFICER,
        "Material: of which case?",
        "How many items are decided in each case.",
        "/material",
    ),
    Screen(
        "material",
        OFFICER,
        "Material of a case",
        "Relevance, sensitivity and schedule, decided for one item or for several together.",
        "/material/{case}",
        "/material/{case}",
    ),
    Screen(
        "disclose",
        OFFICER,
        "Disclose information",
        "Purpose, basis, recipients, checks; you read every word before it leaves.",
        "/disclose?of={graded}",
    ),
    Screen(
        "disclosures",
        OFFICER,
        "Disclosures",
        "Recipients, and who has not yet heard that a disclosure was wrong.",
        "/disclosures",
    ),
    Screen(
        "complaints",
        OFFICER,
        "Complaints about data",
        "Each is acknowledged within 30 days, investigated and answered.",
        "/complaints",
    ),
    Screen(
        "requests",
        OFFICER,
        "Who asked what is held",
        "Access requests, each with its deadline.",
        "/requests",
    ),
    Screen(
        "request",
        OFFICER,
        "A subject's request",
        "Everything on record about the subject, the proposals, and a decision about each item.",
        "/requests/{asked}",
        "/requests/{which}",
    ),
    Screen(
        "erasures",
        MANAGER,
        "Erasing",
        "Propose an erasure, and see how far each one is.",
        "/erasures",
    ),
    Screen(
        "erasure",
        MANAGER,
        "An erasure",
        "A second person approves or refuses it; then its certificate.",
        "/erasures/{erasure}",
        "/erasures/{which}",
    ),
    Screen(
        "api",
        MANAGER,
        "For other systems",
        "What another system can ask and do over HTTP, in plain words.",
        "/api/v1",
    ),
    Screen(
        "glass",
        MANAGER,
        "Opened for a time",
        "Emergency access, authorities, entries opened by two people; the reviews that are due.",
        "/glass",
    ),
    Screen(
        "accounts",
        KEEPER,
        "Accounts",
        "Who can sign in, in which roles and teams; no content.",
        "/accounts",
    ),
    Screen(
        "account",
        KEEPER,
        "An account",
        "Roles, teams, families; a code to enrol; lock or deactivate.",
        "/accounts/psw.ellis",
        "/accounts/{name}",
    ),
    Screen(
        "store",
        KEEPER,
        "The store",
        "How far the views are, what they could not apply, the keys.",
        "/store",
    ),
    Screen(
        "devices",
        KEEPER,
        "Phones",
        "Whose phone it is and what waits on it unsent; collect that, or wipe a lost phone.",
        "/devices",
    ),
    Screen(
        "standing",
        HANDLER,
        "A source's standing",
        "Has somebody who tells us become a covert source? Open reviews and decisions.",
        "/standing",
    ),
    Screen(
        "standing-one",
        HANDLER,
        "One source and one suspect",
        "Who proposed the review and why, how often the source told us, and a decision for a time.",
        "/standing/{review}",
        "/standing/{which}",
    ),
    Screen(
        "erasure-new",
        HANDLER,
        "What an erasure would touch",
        "Every item, link, view, export and original that it touches, and what would become of "
        "each; texts that name others wait for redaction. Or place a hold, or restrict.",
        "/erasures/new?of={leaving}",
    ),
    Screen(
        "retention",
        HANDLER,
        "Due for review",
        "Items past their retention period, since when and why; items on hold or restricted.",
        "/retention?every=true",
    ),
    Screen(
        "holds",
        HANDLER,
        "Legal holds",
        "What may not be destroyed, by whose order, and when each hold is reviewed.",
        "/holds",
    ),
    Screen(
        "hold",
        HANDLER,
        "A legal hold",
        "What the hold covers, and that nothing under it lost a key since it was placed.",
        "/holds/{hold}",
        "/holds/{one}",
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

#: Addresses that answer without a page of their own, and what answers there instead.
NO_PAGES = {
    "/charts/{chart}": "leads to its map",
    "/do/{name}": "the form of one act",
    "/palette": "the acts and screens that the search box offers",
    "/assess/{item}/chips": "that part of the workbench which changes by itself",
    "/erasures/{which}/certificate": "a download",
    "/import/{one}/rejects": "a download",
    "/live": "a channel of server-sent events",
    "/log.xlsx": "a download",
    "/manifest.webmanifest": "what a phone needs to install the screens",
    "/map/whole/data": "the map for the browser to draw",
    "/map/whole/table": "the table below the map",
    "/map/{who}/data": "the map for the browser to draw",
    "/map/{who}/table": "the table below the map",
    "/photographs/{item}/{number}": "a picture on a page",
    "/proof/{item}": "a download",
    "/receipt/{item}/state": "that part of a receipt which changes by itself",
    "/session": "for the outbox",
    "/sign-in/back": "the way back from an identity provider",
    "/sign-in/back/on": "the way back from an identity provider",
    "/sign-in/elsewhere": "the way to an identity provider",
    "/sw.js": "the service worker",
}
