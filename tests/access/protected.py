"""A store with each kind of protection of a child, and the protections in force at a moment.

The file is long because it starts each alert and deadline with the command that starts it in daily
use.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from msgspec import structs
from msgspec.structs import replace

from access.who_may.protections import Protection
from commands.data_protection import copies, subject_request
from commands.erasure import legal_hold, retention
from commands.families import casework, charity_support, referral, safe_contact
from commands.information import observation
from commands.intelligence import (
    alerting,
    intelligence_report,
    links,
    release,
    standing_watch,
)
from commands.justice import arrest_to_result
from commands.kernel import entity
from commands.people_and_teams import account, due, grant, two_person
from domain.data_protection.access_log import SearchTouched
from domain.data_protection.legal_hold import Query
from domain.families.referral import MissingReported
from domain.information import shared_mentions
from domain.justice.arrest_to_result import ResultRecorded
from domain.kernel.codes import Clock
from domain.kernel.decoding import convert
from domain.kernel.values import Grade, Handling, Mention, Role
from network.people import missing_now, risk
from network.people.alerts import alerts
from projections import due as due_view
from projections.data_protection import retention as retention_view
from projections.due import DueFilter
from projections.families import cases, compartments
from projections.information import queue
from questions.justice import in_force
from tests.access.staff import Staff
from tests.commands.office import START, Office, prepared
from usecases.kernel.registry import USE_CASES
from usecases.kernel.usecase import UseCase, perform

#: A phone number that both the suspect and the mother use.
PHONE = "phone:07700 900871"
#: The address at which a child is placed, and the address of the home that a suspect shares with a
#: family.
PLACED, HOME = "9 Weir Close, Town C", "4 Ferry Lane, Town C"
KNOWN = ["none-known"]
LOUDER: dict[Clock, Clock] = {
    "urgent-words": "words-waiting",
    "said-before-urgent": "said-before",
    "family-silence-unsafe": "family-silence",
}
STAFF: dict[str, Role] = {
    "it.other": "administrator",
    "psw.finch": "psw",
    "csw.moss": "childrens-support-worker",
    "dc.lark": "detective",
    "di.moss": "supervisor",
    "m.lark": "manager",
}
LEVELS = ("unknown", "low", "medium", "high")


def run_command(office: Office, command: str, /, **told: Any) -> UUID:
    """Run a declared command (a use case) with these arguments; return the id of the item that the
    command makes."""
    use = USE_CASES[command]
    given = {name: str(one) if isinstance(one, UUID) else one for name, one in told.items()}
    whole: UseCase = convert({**use.named.fixed, **given}, use.use)
    return perform(whole, office.desk, office.reader, uuid4()).id


def child_of(office: Office, case: UUID) -> UUID:
    with office.system.reading() as db:
        return cases.children(db, office.reader, case)[case]


@dataclass
class _Making:
    office: Office
    ids: dict[str, UUID]

    def __call__(self, called: str, command: str, /, **told: Any) -> UUID:
        given = {
            key: str(self.ids[one[1:]]) if isinstance(one, str) and one.startswith("@") else one
            for key, one in told.items()
        }
        self.ids[called] = run_command(self.office, command, **given)
        return self.ids[called]


def _begin_protections(office: Office) -> dict[str, str]:
    """Start every kind of protection of a child in a store; return by name the ids of the items on
    which the protections depend.
    """
    make = _Making(office, {})
    _family(make)
    _words(make)
    _court(make)
    _record_other_work(make)
    alerting.start_deadlines(office.desk)
    return {name: str(one) for name, one in make.ids.items()}


def _family(make: _Making) -> None:
    """Record the child Ivy, who is 14, missing and placed away from home, with her risk rating and
    her mother. The man suspected of harming Ivy uses the same phone and home address as her
    family."""
    office, ids = make.office, make.ids
    desk, reader = office.desk, office.reader
    ids["case"] = case = office.case("Ivy Thorne")
    ids["child"] = child = child_of(office, case)
    entity.record_age(desk, reader, str(child), None, date(1997, 2, 3), None)
    ids["mother"] = mother = office.person("Mary Thorne")
    suspect = (("suspect", "named by two"),)
    ids["suspect"] = man = office.person("Rob Kestrel", categories=suspect)
    ids["basis"] = basis = office.words("Rob Kestrel has the number, the flat and the car")
    graded = office.assessed(basis)
    ids["report"] = graded.id

    def tie(name: str, a: UUID, b: str, kind: Any) -> None:
        ids[name] = links.assert_link(desk, reader, graded.id, str(a), b, kind).id

    tie("family link", child, str(mother), "family")
    tie("her phone", mother, PHONE, "uses")
    tie("his phone", man, PHONE, "uses")
    tie("her home", child, f"place:{HOME}", "lives-at")
    tie("his home", man, f"place:{HOME}", "lives-at")
    tie("his place", man, f"place:{PLACED}", "seen-at")
    tie("her friend", man, str(child), "association")
    make("placement", "placement made", case="@case", address=PLACED, category="residential")
    make("health", "health note", case="@case", words="Nuts", category="allergy")
    _work(make)


def _work(make: _Making) -> None:
    """Record the work with the family of the child Ivy, and two other children who were missing."""
    office, ids = make.office, make.ids
    desk, reader, case = office.desk, office.reader, ids["case"]
    make("allocated", "allocate", case="@case", worker="psw.finch", whom="parents")
    casework.assess_threshold(desk, reader, str(case), "high", reason="an older man drives her")
    make("contact", "support contact", case="@case", kind="advocacy", channel="text",
         whom="carer", to=PHONE, done=True)  # fmt: skip
    make("note", "support note", case="@case", words="She is worn out.", kind="attitude",
         about="parent", holder="psw.finch", basis="three visits", review="2011-09-01",
         because_of=KNOWN)  # fmt: skip
    make("danger", "family danger", case="@case", needs=["officers"])
    make("threat", "family threat", case="@case", kind="message", words="we know where you live")
    make("need", "family need", case="@case", kind="housing", words="a room", by="2011-04-01")
    make("promise", "family promise", case="@case", words="a call", by="2011-03-25")
    make("publication", "media noted", case="@case", kind="online", words="a page",
         identifies=True)  # fmt: skip
    make("sibling", "person add", name="Fern Thorne", under_18=True)
    make("at risk", "family at-risk", case="@case", who="@sibling", tie="sibling",
         signs=["trouble"], basis="her mother told it")  # fmt: skip
    make("her risk", "family at-risk-assessed", at_risk="@at risk", risk="medium",
         basis="a car waited for her", review="2011-09-01")  # fmt: skip
    make("plan", "missing plan", case="@case", call="her aunt", review="2011-09-01")
    make("duty", "reporting arises", case="@case", words="she told me",
         since="2011-03-18T08:00:00+00:00")  # fmt: skip
    make("information", "victim-request ask", case="@case", sought="the notes of March",
         enquiry="whether she was there", purpose="prosecuting", necessary="nothing else is there",
         proportionate="two notes", notice="not-given", support_notes=True, probative="then",
         rebutted="he denies it", exception="risks-serious-harm", notice_reason="he reads them",
         because_of=KNOWN)  # fmt: skip
    make("meeting", "meeting call", kind="weekly-brief", starts="2011-03-18T10:00:00+00:00",
         chair="ds.hart")  # fmt: skip
    make("decision", "meeting decide", meeting="@meeting", words="the worker sees the parents",
         task="contact-family", owner="ds.hart", by="2011-03-25", case="@case",
         doer="owner", because_of=KNOWN)  # fmt: skip
    make("other case", "refer", child="Una Field", concern="out at night", because_of=KNOWN)
    make("waits", "waiting added", case="@other case", state="waiting", why="nobody is free",
         review="2011-04-18")  # fmt: skip
    casework.report_missing(desk, reader, str(case), MissingReported())
    ids["back case"] = back = office.case("Wren Hale")
    make("gone", "missing reported", case="@back case")
    office.later()
    make("back", "missing found", case="@back case", where="Station Hotel")
    make("wish case", "refer", child="Elsie Moor", concern="a new phone", because_of=KNOWN)
    make("gone too", "missing reported", case="@wish case")
    make("back too", "missing found", case="@wish case", where="the gate")
    make("interview", "missing interview", case="@wish case", state="held", by="v.reed",
         withhold="her phone")  # fmt: skip
    entity.record_age(desk, reader, str(child_of(office, back)), None, date(1994, 6, 1), None)
    make("marac", "marac refer", case="@back case", meets="2011-04-01", basis="he took her keys",
         grounds=["judgement"])  # fmt: skip


def _words(make: _Making) -> None:
    office, ids = make.office, make.ids
    case = str(ids["case"])
    read = (Mention(0, 7, "vrm", "PK95ABC", 0.9),)
    ids["urgent words"] = office.words("He is at her door", case=case, urgent_reason="now")
    ids["words"] = office.words(
        "PK95ABC at the gate", mentions=read, case=case, channel="sms", urgent_reason="there"
    )
    ids["words too"] = office.words("PK95ABC at the school", mentions=read)
    ids["join"] = shared_mentions.pair_id(ids["words"], ids["words too"])
    ids["doubted"] = office.words("He wore a hat")
    ids["doubted too"] = office.words("He wore a coat")


def _court(make: _Making) -> None:
    ids = make.ids
    make("hearing", "court hearing", case="@case", kind="trial",
         starts="2011-05-09T09:30:00+00:00", who="@suspect")  # fmt: skip
    make("bail", "court bail", case="@case", who="@suspect", conditions="not near her",
         until="2011-06-01")  # fmt: skip
    make("visit", "court step", case="@case", step="pre-trial-visit", state="planned",
         happened="2011-04-01T09:30:00+00:00")  # fmt: skip
    make("order", "court order", case="@case", who="@suspect", order="restraining",
         terms="not near the school", until="2016-03-16", because_of=KNOWN)  # fmt: skip
    make("arrest", "outcome arrest", who="@suspect", case="@case", because_of=KNOWN)
    make("arrest of child", "outcome arrest", who="@child", case="@case", because_of=KNOWN)
    make("arrest of mother", "outcome arrest", who="@mother", case="@case", because_of=KNOWN)
    make("notice", "outcome notice", who="@suspect", child=str(ids["child"]),
         basis="s2-caa-1984", case="@case", issue=True,
         happened="2011-03-17T09:00:00+00:00", because_of=KNOWN)  # fmt: skip
    make("breach", "notice breach", notice="@notice", item="@basis", seen_by="her aunt",
         place="the school", happened="2011-03-18T09:30:00+00:00")  # fmt: skip
    make("no charge", "charging decided", case="@case", who="@suspect", decision="no-charge",
         body="prosecutor", evidential="not-met", public_interest="not-reached",
         offence="meeting a child", reasons="one witness", childs_view="over",
         parents_view="court", because_of=KNOWN)  # fmt: skip
    make("no charge too", "charging decided", case="@case", who="@suspect", decision="no-charge",
         body="prosecutor", evidential="not-met", public_interest="not-reached",
         offence="taking a child", reasons="one witness", childs_view="over",
         parents_view="court", because_of=KNOWN)  # fmt: skip
    make("review", "charging review", decision="@no charge too", state="asked", words="she wrote")


def _record_other_work(make: _Making) -> None:
    office, ids = make.office, make.ids
    desk, reader = office.desk, office.reader
    inquest = legal_hold.items_under_hold(desk, ids["report"])
    ids["hold"] = legal_hold.place(desk, reader, inquest, "inquiry", "an inquest").id
    order = Query("store")
    ids["whole hold"] = legal_hold.place(
        desk, reader, order, "inquiry", "its terms", reference="Rule 9, 2011/4"
    ).id
    grant.break_glass(desk, reader, str(ids["case"]), "she is in danger tonight")
    ids["request"] = subject_request.receive(
        desk, reader, ids["suspect"], "Rob Kestrel", desk.clock()
    ).id
    ids["second request"] = subject_request.receive(
        desk, reader, ids["mother"], "Mary Thorne", desk.clock()
    ).id
    make("asked", "request ask", request="@second request", what="identity", words="a bill")
    make("complaint", "complaint received", complainant="Mary Thorne", words="Not so.",
         subject="@mother", received="2011-03-17T11:00:00+00:00")  # fmt: skip
    make("told complaint", "complaint received", complainant="Joan Thorne", words="Nor this.",
         subject="@mother", received="2011-03-17T11:00:00+00:00")  # fmt: skip
    make("retained", "retention decide", item="@back case", decision="retain", reason="needed",
         until="2014-01-01T00:00:00+00:00", group=2)  # fmt: skip
    retention.restrict(desk, reader, [ids["doubted"]], "a dispute", ground="part-3-s47-2")
    make("target", "target set", measure="came-to-learn", year=2011, number=30, funder="A fund")
    item = office.words("A van stood there")
    conditions = Handling("C", "A1", "S2", "ask us first")
    ids["conditional"] = intelligence_report.assess(
        desk, reader, item, Grade.parse("2C"), conditions
    ).id
    intelligence_report.ask_consent(desk, office.somebody("dc.rowe"), item, "for a watch")
    _proposals(make)
    _sentenced(make)
    _watched(make)
    far = structs.replace(
        reader, name="dc.far", team="Deter", closed=True,
        roles=frozenset({"detective"}), teams=frozenset({"Deter"}),
    )  # fmt: skip
    referral.receive(desk, far, child="Ivy Thorne")
    touched = SearchTouched(ids["other case"], ids["other case"], "Engage", ())
    searcher = office.settings.model_copy(update={"user": "dc.far", "team": "Deter"})
    at = office.system.clock.given_time
    assert at
    office.system.serving(searcher, at).consulted("search", (), None, [touched])
    ids["copy"] = copies.record_backup(desk, reader, "store", "a safe").id
    ids["no value"] = office.words("She likes tea")
    desk.policy = replace(desk.policy, no_value_sample=1)
    observation.triage(desk, office.somebody("dc.rowe"), ids["no value"], "no-value", "idle talk")
    staff = Staff(office)
    for name, role in STAFF.items():
        staff.hire(name, role)
    account.take_role(desk, reader, "ds.hart", "administrator")
    account.give_role(desk, reader, "ds.hart", "supervisor")
    account.join(desk, reader, "ds.hart", "Engage")
    office.system.reader = office.system.label
    observation.take(desk, office.somebody("dc.lark"), ids["doubted too"])


def _proposals(make: _Making) -> None:
    office, ids = make.office, make.ids
    desk, reader = office.desk, office.reader
    ids["closing"] = closing = office.case("Nell Grove")
    two_person.close(desk, reader, str(closing), "quiet")
    for name, urgent in (("marked", None), ("marked too", "he waits there")):
        told = "she gets in his car by the chip shop every night"
        words = office.words(f"Sandra here, {told}, I saw it.", heard_from="Sandra Marsh")
        ids[name] = office.assessed(words, "2C").id
        intelligence_report.sanitise(desk, reader, words, f"Told: {told}.")
        release.disseminate(
            desk, reader, ids[name], "Team B", "safety", reason="the place", urgent=urgent
        )
    ids["grown"] = grown = office.case("Dora Finch")
    casework.assess_exit(desk, reader, str(grown), "moved-to-adult-services", "she is 18")
    office.agreed(grown, "exit", "she moved")


def _sentenced(make: _Making) -> None:
    """Record that a man was sentenced in the case of the child Wren, and that he was later in
    contact with her. Her family has a worker and only safe ways of contact."""
    office, ids = make.office, make.ids
    desk, reader = office.desk, office.reader
    make("allocated too", "allocate", case="@back case", worker="psw.finch", whom="parents")
    suspect = (("suspect", "named"),)
    ids["sentenced"] = man = office.person("Ned Vole", categories=suspect)
    day = START - timedelta(days=40)
    result = ResultRecorded("sentenced", man, ids["back case"], day)
    ids["sentence"] = arrest_to_result.record(desk, reader, result, because_of=("none-known",)).id
    words = office.words("He was on her phone")
    ids["other report"] = office.assessed(words, "2C").id
    since = links.LinkPeriod(START - timedelta(days=3))
    child = str(child_of(office, ids["back case"]))
    ids["contact link"] = links.assert_link(
        desk, reader, words, str(man), child, "contact", span=since
    ).id
    ids["not pursued"] = office.person("Sid Heron", categories=suspect)
    nothing = ResultRecorded(
        "acquitted", ids["not pursued"], ids["other case"], START, review_due=date(2011, 9, 1)
    )
    ids["acquitted"] = arrest_to_result.record(desk, reader, nothing, because_of=("none-known",)).id


def _watched(make: _Making) -> None:
    office, ids = make.office, make.ids
    desk, reader = office.desk, office.reader
    case = str(ids["case"])
    ids["search"] = standing_watch.begin_search(
        desk, reader, case, "YC94KXT", "seen there", None
    ).id
    read = (Mention(0, 7, "vrm", "YC94KXT", 0.9),)
    ids["watched words"] = office.words("YC94KXT at the gate", mentions=read)
    office.assessed(office.words("PK95ABC again", mentions=(Mention(0, 7, "vrm", "PK95ABC", 0.9),)))
    one, other = office.person("Gil Rook"), office.person("Hal Rook")
    both = [str(one), str(other)]
    ids["pattern"] = standing_watch.begin_pattern(
        desk, reader, case, "connected", both, "both were named", None
    ).id
    for each in (one, other):
        words = office.words("his van")
        office.assessed(words, "2C")
        links.assert_link(desk, reader, words, str(each), "vehicle:PK95ABD", "uses")
    standing_watch.record_matches(desk)


STAND = prepared("protected", _begin_protections)


def standing(office: Office, ids: dict[str, str]) -> dict[Protection, set[str]]:
    """Return the protections of children (such as alerts and deadlines) that are in force in this
    store, by kind. Each protection is a text with its ids and other fields, so that two
    protections of a kind differ."""
    found: dict[Protection, set[str]] = {}

    def stands(what: Protection, *parts: object) -> None:
        found.setdefault(what, set()).add(" ".join(map(str, parts)))

    desk, reader, now = office.desk, office.reader, office.desk.clock()
    # the lists are read without the text of the entries, which is the largest part of the lists
    with desk.looked(due_view.LOOKED_VIEW) as db:
        rows = due_view.page(db, reader, now, due.with_policy(desk, DueFilter()), most=None)
    for row in rows:
        stands(row.clock, row.id, row.whose)
        if row.clock in LOUDER:  # the same deadline, but with a higher priority
            stands(LOUDER[row.clock], row.id, row.whose)
    with office.system.reading() as db:
        for alert in alerts(db, reader):
            if alert.answer is None:
                stands(f"alert: {alert.kind}", alert.id)
        for line in missing_now.lines(db, reader, now)[0]:
            stands("missing child", line.case)
        for case in cases.list_cases(db, reader):
            for level in LEVELS[: LEVELS.index(case.threshold) + 1]:
                stands("rating", case.case, f"{level} or more")
            if not case.closed:
                stands("open case", case.case)
        every = [UUID(one) for name, one in ids.items() if name.endswith("case")]
        for words in queue.urgent_in(db, reader, every):
            stands("urgent words", words.observation)
        for placed, _ in compartments.warned(db, reader):
            if placed.stands:
                stands("placement", placed.case)
        for which in ("health", "placement"):
            for one in compartments.holders_by_case(db, every, which):
                stands("compartment", which, one)
        for notice in in_force.list_notices(db, reader, now)[0]:
            if notice.state != "expired":
                stands("notice", notice.id)
        for order in retention_view.holds(db, reader):
            stands("hold", order.hold)
        for child in risk.children_at_risk(db, reader).rows:
            stands("child to consider", child.suspect, child.id)
        for way in (PHONE, f"place:{HOME}"):
            if (
                safe_contact.check_entered(
                    db, reader, charity_support.channel(desk, way), way
                ).verdict
                == "unsafe"
            ):
                stands("unsafe way", way)
    return found
