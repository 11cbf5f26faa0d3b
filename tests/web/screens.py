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
    """A page. `at` is its address; what stands in braces is an id that `showcase` knows.
    `route` is the address as the program knows it, where that is another."""

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
        "Says who is at work. While a store has no accounts the name is a label, and it says so.",
        "/sign-in",
    ),
    Screen(
        "enrol",
        WORKER,
        "Set your password",
        "By the code that an administrator gave; then the app's QR code, drawn here.",
        "/enrol",
    ),
    Screen(
        "prove",
        WORKER,
        "Is it still you?",
        "Before something grave: the second factor once more.",
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
        "What there is to do, with what is urgent or overdue.",
        "/",
    ),
    Screen(
        "record",
        WORKER,
        "Record",
        "One box, and four questions that nobody has to answer. Works without a signal.",
        "/record",
    ),
    Screen(
        "offline",
        WORKER,
        "Record, without a signal",
        "What the phone shows instead of any page while there is no signal; nothing in it is "
        "anybody's.",
        "/offline",
    ),
    Screen(
        "receipt",
        WORKER,
        "Receipt",
        "Who has it, or that nobody has read it yet; what was read in it, to be confirmed by a "
        "tap; corrections.",
        "/receipt/{sent}",
        "/receipt/{item}",
    ),
    Screen(
        "mine",
        WORKER,
        "What became of what I sent",
        "In words that give nothing away.",
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
        "Contacts and notes, opinions apart from facts; what they were told, promised and asked; "
        "whether a message is safe; court and after; health and placement for those who hold them.",
        "/cases/{case}",
        "/cases/{case}",
    ),
    Screen(
        "log",
        WORKER,
        "A blank log to print",
        "For a parent who keeps one: one sheet of A4, or a sheet to type into.",
        "/log",
    ),
    Screen(
        "import",
        WORKER,
        "Bring in a log or a sheet",
        "Nothing is recorded before its sender has seen what was read in it.",
        "/import",
    ),
    Screen(
        "import-check",
        WORKER,
        "A file that was sent",
        "What would be recorded, which column means what, and the rows to mend.",
        "/import/{log}",
        "/import/{one}",
    ),
    Screen(
        "looked",
        WORKER,
        "Who looked",
        "At an item, or what I was shown myself.",
        "/looked?of={sent}",
    ),
    Screen(
        "escalations",
        WORKER,
        "To the auditor",
        "Past my own line, and seen by nobody else.",
        "/escalations",
    ),
    Screen(
        "queue",
        SERGEANT,
        "What waits",
        "Unassessed information, most urgent first, with its clock and who has it; one item at a "
        "time by single keys.",
        "/queue",
    ),
    Screen(
        "assess",
        SERGEANT,
        "Assess and sanitise",
        "The words beside the form that grades them; who told us stays hidden; hints at the "
        "teller are marked while the sanitised text is written.",
        "/assess/{waiting}",
        "/assess/{item}",
    ),
    Screen(
        "item",
        SERGEANT,
        "An item",
        "Its own story step by step, where it stands, what rests on it.",
        "/items/{graded}",
        "/items/{item}",
    ),
    Screen(
        "refer",
        SERGEANT,
        "Refer a child",
        "To the child's case or a new one, because of these words.",
        "/refer/{waiting}",
        "/refer/{item}",
    ),
    Screen(
        "search",
        SERGEANT,
        "Search",
        "While it is typed: names, nicknames, misspellings, partial plates, endings, words.",
        "/search?q=barry",
    ),
    Screen(
        "person",
        SERGEANT,
        "A person",
        "Names, categories, ties, where they are named, who was judged the same.",
        "/people/{suspect}",
        "/people/{who}",
    ),
    Screen(
        "same",
        SERGEANT,
        "Same person?",
        "Pairs that may be one person, with the reasons; a person decides.",
        "/same",
    ),
    Screen(
        "brief",
        SERGEANT,
        "The weekly brief",
        "New, changed and undecided since the team last looked.",
        "/brief?days=120",
    ),
    Screen(
        "map-overview",
        SERGEANT,
        "Where the map begins",
        "What many share, as a picture by town and as a list; who hangs together, who is central.",
        "/map",
    ),
    Screen(
        "map",
        SERGEANT,
        "The map around one person",
        "On both axes of time, with every tie in a table too.",
        "/map/{suspect}?hops=2",
        "/map/{who}",
    ),
    Screen(
        "map-whole",
        SERGEANT,
        "The whole network",
        "Everybody whom this person sees, up to 5,000; of very many only the best tied bear names.",
        "/map/whole",
    ),
    Screen(
        "path",
        SERGEANT,
        "The way between two",
        "Step by step, with the evidence of each.",
        "/path?a=Leah Brack&b=Barry Sleight",
    ),
    Screen(
        "risk",
        SERGEANT,
        "Children to consider",
        "Possibly at risk through a suspect; each is referred, or not, with a reason.",
        "/risk?of={suspect}",
    ),
    Screen(
        "list-cases",
        MANAGER,
        "Cases",
        "A list as a dense table: filtered, a page at a time, taken along as a workbook.",
        "/list/cases",
        "/list/{name}",
    ),
    Screen(
        "proposals",
        SERGEANT,
        "Waits for a second person",
        "Closings, exits, lower ratings: confirmed or refused in one's own name.",
        "/proposals",
    ),
    Screen(
        "alerts",
        SERGEANT,
        "Alerts",
        "A suspect near a placement or in a child's home, an arrest, a message that he may read.",
        "/alerts?every=true",
    ),
    Screen(
        "rota",
        SERGEANT,
        "Who is on call",
        "Whom to ring now, who is next, and what is urgent and taken by nobody.",
        "/rota",
    ),
    Screen(
        "releases",
        SERGEANT,
        "Waits for another officer",
        "What the checker marks in a text, before it leaves; and what could not wait.",
        "/releases",
    ),
    Screen(
        "due",
        SERGEANT,
        "What is due",
        "Reviews, notices that end, decisions to audit; and what was kept and does not fit.",
        "/due",
    ),
    Screen(
        "hits",
        SERGEANT,
        "Searches that met what we hold",
        "Whoever searched was shown nothing; a decision is owed within 24 hours.",
        "/hits",
    ),
    Screen(
        "trail-ask",
        AUDITOR,
        "Trail: which item?",
        "Any item by the end of its id; how much stands where.",
        "/trail",
    ),
    Screen(
        "trail",
        AUDITOR,
        "Trail of an item",
        "Back to the first words, forward to what became of them.",
        "/trail/{tie}",
        "/trail/{item}",
    ),
    Screen(
        "replay",
        AUDITOR,
        "What was known, and when",
        "Knowledge at any moment, made anew from the log, with a hash over it.",
        "/replay?until=2011-05-20",
    ),
    Screen(
        "verify",
        AUDITOR,
        "Is the record whole?",
        "Held against what was signed: green or red, and what it does not prove.",
        "/verify?run=true",
    ),
    Screen(
        "unusual",
        AUDITOR,
        "Out of the ordinary",
        "Whose consultations stand out, and why; no verdict.",
        "/unusual",
    ),
    Screen(
        "case",
        MANAGER,
        "A case",
        "Rated, given a worker, missing and found, closed by two: each for those who do it.",
        "/cases/{case}",
    ),
    Screen(
        "manage",
        MANAGER,
        "Overview",
        "What is overdue, which cases nobody works on, who is missing, who has how many.",
        "/manage",
    ),
    Screen(
        "material-cases",
        OFFICER,
        "Material: of which case?",
        "How much is decided in each.",
        "/material",
    ),
    Screen(
        "material",
        OFFICER,
        "Material of a case",
        "Relevant, sensitive, on which schedule: decided item by item.",
        "/material/{case}",
        "/material/{case}",
    ),
    Screen(
        "disclose",
        OFFICER,
        "Share something",
        "Purpose, basis, recipients, checks; seen word by word before it leaves.",
        "/disclose?of={graded}",
    ),
    Screen(
        "disclosures",
        OFFICER,
        "What was shared",
        "With whom, and who still has to be told that it was wrong.",
        "/disclosures",
    ),
    Screen(
        "requests",
        OFFICER,
        "Who asked what is held",
        "Each with its deadline.",
        "/requests",
    ),
    Screen(
        "request",
        OFFICER,
        "A subject's request",
        "All that is held, what is proposed, and a decision about each.",
        "/requests/{asked}",
        "/requests/{which}",
    ),
    Screen(
        "erasures",
        MANAGER,
        "Erasing",
        "Ask for one, and how far each is.",
        "/erasures",
    ),
    Screen(
        "erasure",
        MANAGER,
        "An erasure",
        "Approved or refused by somebody else than who proposed it; then its certificate.",
        "/erasures/{erasure}",
        "/erasures/{which}",
    ),
    Screen(
        "api",
        MANAGER,
        "For other systems",
        "What a force's other systems can ask and do over HTTP, in plain words.",
        "/api/v1",
    ),
    Screen(
        "glass",
        MANAGER,
        "Opened for a time",
        "Break glass, authorities, entries opened by two; the reviews owed.",
        "/glass",
    ),
    Screen(
        "accounts",
        KEEPER,
        "Accounts",
        "Who may come in, in which roles and teams; no content.",
        "/accounts",
    ),
    Screen(
        "account",
        KEEPER,
        "An account",
        "Roles, teams, families; a code to come in by; locked out, or gone.",
        "/accounts/psw.ellis",
        "/accounts/{name}",
    ),
    Screen(
        "store",
        KEEPER,
        "The store",
        "How far its views are, what was set aside, its keys.",
        "/store",
    ),
    Screen(
        "devices",
        KEEPER,
        "Phones",
        "Whose they are, what waits on them unsent; collect it, or wipe a lost one.",
        "/devices",
    ),
    Screen(
        "standing",
        HANDLER,
        "A source's standing",
        "Has somebody who tells us become a covert source? What waits, what was decided.",
        "/standing",
    ),
    Screen(
        "standing-one",
        HANDLER,
        "One source and one suspect",
        "Who asked and why, how often was told, and a decision for a time.",
        "/standing/{review}",
        "/standing/{which}",
    ),
    Screen(
        "erasure-new",
        HANDLER,
        "What an erasure would touch",
        "Every item, link, view, export and original, and what would become of it; texts that "
        "name others wait for a person's words. Or hold it, or restrict it.",
        "/erasures/new?of={leaving}",
    ),
    Screen(
        "retention",
        HANDLER,
        "Due for review",
        "What is kept too long, since when and why; what is held, or out of use.",
        "/retention?every=true",
    ),
    Screen(
        "holds",
        HANDLER,
        "Legal holds",
        "What may not be destroyed, by whose order, and when each is looked at again.",
        "/holds",
    ),
    Screen(
        "hold",
        HANDLER,
        "A legal hold",
        "What it covers, and that nothing under it lost a key since it was placed.",
        "/holds/{hold}",
        "/holds/{one}",
    ),
    Screen(
        "problem",
        WORKER,
        "Nothing there",
        "What is not there, and what one may not see, look the same.",
        "/items/00000000-0000-4000-8000-000000000000",
        "/items/{item}",
    ),
)

#: Addresses that answer without a page of their own, and what answers there instead.
NO_PAGES = {
    "/erasures/{which}/certificate": "a download",
    "/import/{one}/rejects": "a download",
    "/live": "a channel of server-sent events",
    "/log.xlsx": "a download",
    "/manifest.webmanifest": "what a phone needs to install the screens",
    "/map/whole/data": "the map for the browser to draw",
    "/map/whole/table": "the table below the map",
    "/map/{who}/data": "the map for the browser to draw",
    "/map/{who}/table": "the table below the map",
    "/proof/{item}": "a download",
    "/receipt/{item}/state": "that part of a receipt which changes by itself",
    "/session": "for the outbox",
    "/sign-in/back": "the way back from an identity provider",
    "/sign-in/back/on": "the way back from an identity provider",
    "/sign-in/elsewhere": "the way to an identity provider",
    "/sw.js": "the service worker",
}
