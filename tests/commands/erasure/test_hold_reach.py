"""For every class of event, a legal hold covers the right items and an erasure removes the right
items. So a new class of event cannot be forgotten."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast, get_type_hints
from uuid import UUID, uuid4

from commands.erasure.erasure_plan import plan
from commands.erasure.hold_reach import KINDS, Reckoning
from commands.kernel.references import kind_of
from domain import catalogue
from domain.data_protection.copies import CopyFingerprinted, fingerprints_of
from domain.data_protection.erasure import ItemErased
from domain.data_protection.legal_hold import HoldOrdered, Query
from domain.data_protection.retention import RestrictionPlaced, retention_stream
from domain.families.family_member import MemberNamed
from domain.families.referral import CaseOpened
from domain.information.observation import ObservationRecorded
from domain.information.source import RootsJoined, SourceRegistered
from domain.intelligence.entity import PersonRecorded
from domain.intelligence.intelligence_report import ItemGraded, ReportOpened
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.intelligence.meeting import BoardKept
from domain.intelligence.saved_map import ChartNoted, ChartSaved, Shows
from domain.justice.arrest_to_result import ChargeBrought, ResultRecorded
from domain.justice.court import BailSet
from domain.justice.unused_material import MaterialReviewed
from domain.justice.verdict import AppealDecided, AppealLodged
from domain.kernel.envelope import Event, Recorded
from domain.kernel.fields import ENTRY, KNOWER, NOT_REACHED, PRODUCT, marked
from domain.people_and_teams.deadline import DueAnswered
from domain.people_and_teams.store_admin import ExportMade, FileReceived
from tests.support.commands.logs import Logs, sample
from tests.support.domain.listed import kinds_in, place_of

#: Fields that name an item, each with the reason why a hold on the item does not cover the fact.
PASSED_BY: dict[str, str] = {
    **dict.fromkeys(
        (
            "observation.recorded.entry",
            "observation.recorded.root",
            "observation.recorded.chain",
            "observation.source_held.entry",
            "observation.source_transferred.entry",
            "observation.source_transferred.root",
            "observation.source_transferred.chain",
            "source.entry_made.observation",
            "source.entry_made.chain",
            "report.item_graded.root",
            "link.asserted.root",
        ),
        "who told words is kept with them; a source is held with what the register ties to it",
    ),
    **dict.fromkeys(
        (
            "observation.refiled.previous",
            "observation.unfiled.previous",
            "observation.assessed.report",
            "observation.redacted.erasure",
            "report.disseminated.product",
            "report.corroboration_judged.observations",
            "report.redacted.erasure",
            "case.redacted.erasure",
            "support.way_checked.channel",
            "family.at_risk_decided.opened",
            "meeting.held.agenda",
            "meeting.result_told.became",
            "offer.made.reference",
            "offer.matched.thing",
            "standing_pattern.met.links",
            "standing_pattern.met.found",
            "proposal.made.item",
            "proposal.confirmed.item",
            "proposal.refused.item",
            "justice.result_reopened.case",
        ),
        "it stands in the stream of an item that is reached by another fact",
    ),
    **dict.fromkeys(
        (
            "offer.matched.theirs",
            "offer.match_ended.theirs",
            "offer.contact_decided.theirs",
        ),
        "it is another force's",
    ),
    "source.registered.case": "a source is kept as it stands where its words are held",
    **dict.fromkeys(
        (
            "calendar.taken.ids",
            "user.key_made.key",
            "user.key_ended.key",
            "user.assigned.case",
            "user.assigned.child",
            "user.assignment_ended.case",
            "user.assignment_ended.child",
            "glass.broken.case",
            "authority.given.case",
            "entry.asked.entry",
            "entry.opened.entry",
            "entry.opened_alone.entry",
            "search.touched.held",
            "search.touched.case",
            "search.rang.case",
            "store.restored.erasures",
            "store.restored.readable",
            "request.answered_in_part.disclosure",
            "request.answered_in_part.items",
            "request.answered.disclosure",
            "victim_request.handed_over.disclosure",
            "alert.rang.before",
            "due.escalated.of",
            "due.acknowledged.of",
            "due.told.escalation",
            "hold.registered.hold",
            "erasure.proposed.subjects",
            "erasure.approved.erasure",
            "erasure.held_back.holds",
            "erasure.certified.copies",
            "restriction.placed.erasure",
            "item.erased.erasure",
            "source.erased.erasure",
            "product.erased.erasure",
            "note.erased.erasure",
        ),
        "no erasure takes a word or a key from it",
    ),
}


def reach_after(*told: tuple[UUID, Event] | tuple[UUID, Event, str]) -> Reckoning:
    """Return which items legal holds cover after these facts. A fact is a stream and an event, and
    may have a third value, which names the cause of the event."""
    logs = Logs()
    for stream, event, *because_of in told:
        logs.tell(stream, event, *because_of)
    return Reckoning(logs.logs)


def hold_on(on: UUID) -> tuple[UUID, Event]:
    return uuid4(), sample(HoldOrdered, query=Query("item", on))


def somebody(name: str) -> tuple[UUID, Event]:
    return uuid4(), PersonRecorded(known=True, name=name, under_18=False)


def heard() -> tuple[UUID, Event]:
    return uuid4(), ObservationRecorded("snippet", "verbatim", "they met again")


def named_by(event: type[Event]) -> Iterator[str]:
    """Yield the names of those fields of an event class that contain the id of an item."""
    hints = get_type_hints(event)
    return (name for name in event.__struct_fields__ if UUID in kinds_in(hints[name]))


EVENTS = [event for event in catalogue.events() if any(True for _ in named_by(event))]


def test_a_hold_on_what_a_fact_names_reaches_the_fact() -> None:
    """A legal hold on an item covers each fact that names the item. A fact that names the item only
    in a field of the list PASSED_BY is not covered."""
    missed = set()
    for kind in EVENTS:
        for field in named_by(kind):
            if f"{kind.stored.name}.{field}" in PASSED_BY:
                continue
            one, stream = uuid4(), uuid4()
            told = one if isinstance(getattr(sample(kind), field), UUID | None) else (one,)
            event = sample(kind, **{field: told})
            bare = reach_after((stream, event))
            person = reach_after((one, PersonRecorded(True, name="Zoltan Quill")), (stream, event))
            if not any(
                stream in known.reach(uuid4(), Query("item", one)) for known in (bare, person)
            ):
                missed.add(f"{kind.stored.topic}: {field}")
    assert not missed


def test_whatever_a_stream_begins_with_is_taken() -> None:
    """The computation of which items a hold covers accepts any class of event as the first event of
    an item."""
    known = reach_after(*((uuid4(), sample(kind)) for kind in catalogue.events()))
    assert len(known.references.versions) == len(catalogue.events())


def test_what_is_not_reached_has_its_reason() -> None:
    fields = {
        f"{kind.stored.name}.{field}"
        for kind in EVENTS
        for marker in (NOT_REACHED, ENTRY, KNOWER, PRODUCT)
        for field in marked(kind, marker)
    }
    assert PASSED_BY.keys() == fields


#: Kinds of streams that are not material of a case: they record the administration of the store,
#: and decisions about holds.
NO_MATERIAL = frozenset(
    {"access", "address", "authority", "backup", "consultation", "entry", "escalation", "glass"}
    | {"outbox", "search", "store", "user", "erasure", "hold", "loss", "retention", "rota"}
    | {"succession", "clock"}
)
#: Names of streams to which events about another item are also appended.
BESIDE = frozenset({"evidence", "identity", "item", "proposal"})


def test_every_kind_of_words_is_material_of_a_category() -> None:
    sealed = [event for event in catalogue.events() if event.stored.sealed]
    kinds = {_kind_of(uuid4(), sample(event)): place_of(event) for event in sealed}
    in_one = {kind for several in KINDS.values() for kind in several}
    lacking = [
        f"{kinds[kind]}: {kind!r} is in no category: give the event `kind=`, or add it to KINDS in "
        "commands/erasure/hold_reach.py"
        for kind in kinds.keys() - in_one - NO_MATERIAL - BESIDE
    ]
    assert not lacking, "\n".join(lacking)
    assert kinds.keys() - in_one >= NO_MATERIAL | BESIDE


def test_what_a_held_link_rests_on_is_kept_though_it_names_no_one() -> None:
    baz, ginge = somebody("Baz Holt"), somebody("Ginge Moor")
    words = heard()
    report, link = uuid4(), uuid4()
    graded = sample(ItemGraded, observation=words[0], item=1)
    tie = LinkAsserted(baz[0], ginge[0], "associate", "intelligence", report=report, item=1)
    hold = hold_on(baz[0])
    facts = (baz, ginge, words, (report, ReportOpened("U1")), (report, graded), (link, tie), hold)
    known = reach_after(*facts)
    assert {link, report, words[0], ginge[0]} <= known.reached().keys()
    assert _fates(known, words[0]) == {words[0]: "restricted"}
    retracted = reach_after(*facts, (link, sample(LinkRetracted)))
    assert {report, words[0]} <= retracted.reached().keys(), "one person would lift what takes two"


def test_a_link_that_was_asserted_again_rests_on_what_it_rested_on_before() -> None:
    baz, ginge, first, second = somebody("Baz Holt"), somebody("Ginge Moor"), heard(), heard()
    link = uuid4()

    def tie(words: UUID) -> LinkAsserted:
        return LinkAsserted(baz[0], ginge[0], "associate", "intelligence", observation=words)

    facts = (baz, ginge, first, second, (link, tie(first[0])), hold_on(first[0]))
    assert link in reach_after(*facts).reached()
    assert link in reach_after(*facts, (link, tie(second[0]))).reached(), "one person would lift it"


def test_whom_a_held_case_names_is_kept_and_no_other_case_of_theirs() -> None:
    child, mother, man = somebody("Zoe Dale"), somebody("Ann Dale"), somebody("Baz Holt")
    case, other = uuid4(), uuid4()
    bail = uuid4(), sample(BailSet, case=case, person=man[0])
    family = uuid4(), MemberNamed(case, mother[0], "mother")
    elsewhere = uuid4(), sample(BailSet, case=other, person=man[0])
    known = reach_after(
        *(child, mother, man),
        (case, CaseOpened(child[0], "Engage")),
        (other, CaseOpened(uuid4(), "Engage")),
        *(bail, family, elsewhere, hold_on(case)),
    )
    assert {mother[0], man[0], bail[0], family[0]} <= known.reached().keys()
    assert not {other, elsewhere[0]} & known.reached().keys()
    assert set(_fates(known, mother[0]).values()) == {"restricted"}


def test_a_chart_a_board_and_a_review_are_held_for_each_that_they_name() -> None:
    baz, ginge = somebody("Baz Holt"), somebody("Ginge Moor")
    case, words = uuid4(), heard()
    chart = uuid4(), ChartSaved("Town A", ginge[0], Shows(), also=(baz[0],))
    board = uuid4(), BoardKept(uuid4(), "map", "who meets", (ginge[0], baz[0]))
    review = uuid4(), sample(MaterialReviewed, item=words[0], case=case)
    before = (baz, ginge, words, (case, CaseOpened(uuid4(), "Engage")), chart, board, review)
    free = _fates(reach_after(*before), ginge[0])
    assert (free[chart[0]], free[board[0]]) == ("destroyed", "blanked")
    kept = _fates(reach_after(*before, hold_on(baz[0])), ginge[0])
    assert {kept.get(one, "restricted") for one in (chart[0], board[0])} == {"restricted"}
    assert {review[0], words[0]} <= reach_after(*before, hold_on(case)).reached().keys()


def test_the_hash_of_a_copy_is_held_with_the_copy() -> None:
    baz, ginge = somebody("Baz Holt"), somebody("Ginge Moor")
    copy = uuid4()
    made = sample(ExportMade, ids=(str(baz[0]), str(ginge[0])))
    bare = fingerprints_of(copy), sample(CopyFingerprinted, of=copy)
    known = reach_after(baz, ginge, (copy, made), bare, hold_on(baz[0]))
    assert {copy, bare[0]} <= known.reached().keys()


# --- matters that a court still has to decide -------------------------------------------------


def test_until_an_appeal_is_decided_what_led_to_the_charge_is_only_restricted() -> None:
    man, told, case = somebody("Baz Holt"), heard(), uuid4()
    charge = uuid4(), sample(ChargeBrought, person=man[0], case=case)
    result = uuid4(), sample(ResultRecorded, person=man[0], case=case)
    appeal = uuid4(), sample(AppealLodged, person=man[0], case=case)
    decided = appeal[0], sample(AppealDecided)
    tried = (man, told, (*charge, str(told[0])), result)
    assert _fates(reach_after(*tried), told[0]) == {told[0]: "destroyed"}
    for subject in (told[0], man[0]):
        assert set(_fates(reach_after(*tried, appeal), subject).values()) == {"restricted"}
    assert _fates(reach_after(*tried, appeal, decided), told[0]) == {told[0]: "destroyed"}


# --- items that are erased together with another ----------------------------------------------


def test_what_was_answered_about_an_item_goes_with_it() -> None:
    words = heard()
    answer = uuid4(), sample(DueAnswered, item=words[0])
    known = reach_after(words, answer)
    assert _fates(known, words[0]) == {words[0]: "destroyed", answer[0]: "destroyed"}


def test_what_is_beside_what_goes_with_an_item_goes_too() -> None:
    """If a child is erased, facts about the child in other streams are erased, too: bail in the
    child's case, with the answer to its deadline and its restriction, and a note on a map. A legal
    hold on the bail prevents this for the bail and the answer.
    """
    child, man, case = somebody("Zoe Dale"), somebody("Baz Holt"), uuid4()
    bail = uuid4(), sample(BailSet, case=case, person=man[0])
    answer = uuid4(), sample(DueAnswered, item=bail[0])
    why = retention_stream(bail[0]), sample(RestrictionPlaced, item=bail[0], erasure=None)
    chart = uuid4(), ChartSaved("Town A", child[0], Shows())
    note = uuid4(), ChartNoted(chart[0], man[0], "he fetched Zoe")
    opened = case, CaseOpened(child[0], "Engage")
    known = reach_after(child, man, opened, answer, note, why, bail, chart)
    fates = _fates(known, child[0])
    assert {fates.get(one[0]) for one in (bail, answer, why, chart, note)} == {"destroyed"}
    assert man[0] not in fates
    kept = _fates(reach_after(child, man, opened, answer, bail, hold_on(bail[0])), child[0])
    assert {kept.get(one) for one in (bail[0], answer[0])} <= {"restricted", None}


def test_a_name_in_the_heading_of_a_sheet_is_held_and_said_to_stay() -> None:
    """A name in the heading of an imported sheet is reported as not erasable, because the file's
    mapping of columns contains the name.
    """
    zoe = somebody("Zoe Dale")
    sheet = {"Zoe Dale: words": "What happened"}
    file = uuid4(), FileReceived("log", 1, "kept", "hash", "mark", mapping=sheet)
    known = reach_after(zoe, file)
    stays = plan(known.states, known.reached(), [zoe[0]], ()).stays
    assert [(stay.id, stay.kind) for stay in stays] == [(file[0], "file")]
    hold = uuid4(), sample(HoldOrdered, query=Query("person", item=zoe[0]))
    assert file[0] in reach_after(zoe, file, hold).reached()


def test_a_link_to_somebody_who_was_erased_goes_with_what_it_rests_on() -> None:
    """A link is erased together with the entry on which it is based, even if one of the two people
    whom it links was erased before.
    """
    words, baz, ginge = heard(), somebody("Baz Holt"), somebody("Ginge Moor")
    gone = baz[0], ItemErased(uuid4(), "person", "destroyed")
    link = uuid4()
    tie = LinkAsserted(baz[0], ginge[0], "associate", "information", observation=words[0])
    fates = _fates(reach_after(words, baz, ginge, gone, (link, tie)), words[0])
    assert fates == {words[0]: "destroyed", link: "disappears"}


def test_why_two_are_one_knower_goes_with_either_and_that_they_are_stays() -> None:
    mother, aunt = (
        (uuid4(), SourceRegistered("parent", "Ann Dale")),
        (uuid4(), SourceRegistered("parent", "Bea Dale")),
    )
    joined = uuid4(), RootsJoined(mother[0], aunt[0], "her sister says so")
    known = reach_after(mother, aunt, joined)
    assert _fates(known, aunt[0]) == {aunt[0]: "destroyed", joined[0]: "blanked"}


def _kind_of(stream: UUID, event: Event) -> str:
    fact = cast(Recorded, SimpleNamespace(stream=stream, event=event))
    return kind_of(fact)


def _fates(known: Reckoning, subject: UUID) -> dict[UUID, str]:
    made = plan(known.states, known.reached(), [subject], ())
    assert made.refused == ()
    return {item.id: item.fate for item in made.items}
