"""Every command of the product, as a function that runs the command about one item
of a test store.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from commands.data_protection import subject_request
from commands.erasure import legal_hold, retention
from commands.families import protection, referral
from commands.information import observation
from commands.intelligence import identity, intelligence_report, release
from commands.justice import arrest_to_result
from commands.people_and_teams import due, two_person
from domain.justice.arrest_to_result import ResultRecorded
from domain.kernel.codes import RestrictionGround
from domain.kernel.decoding import convert
from domain.kernel.values import Grade, Handling, Refused
from domain.people_and_teams.deadline import stream as clock
from tests.commands.office import Office
from tests.usecases.fronts import Subject, filled
from tests.usecases.stories import SUBJECTS
from usecases.kernel.fields import Field
from usecases.kernel.registry import USE_CASES
from usecases.kernel.usecase import perform

WHY = "because it is needed"
GROUND: RestrictionGround = "part-3-s47-2"
IN_PERSON = {"channel": "visit", "to": None, "done": None, "happened": None}
TOLD_IN_PERSON = {"carer": None, "words": None, **IN_PERSON}
#: Additional input for some commands, which is tried besides the input of the command's story.
OTHERWISE: dict[str, tuple[dict[str, Any], ...]] = {
    "threshold": ({"level": "low", "learning_disability": False},),
    "allocate": ({"whom": "child", "worker": "csw.moss"},),
    "urgency": ({"direction": "down"},),
    "person class": ({"category": "eliminated"}, {"category": "victim"}),
    "person age": ({"under_18": False, "words": None, "as_of": None, "source": None},),
    "family need-answered": ({"state": "met", "by": None},),
    "family told": (
        {"became": "received", "steps": None, **TOLD_IN_PERSON},
        {"became": "kept", "steps": None, **TOLD_IN_PERSON},
        TOLD_IN_PERSON,
    ),
    "support contact": ({"whom": "parent", **IN_PERSON},),
    "missing interview": ({"state": "declined", "withhold": None, "happened": None},),
    "charging review": ({"state": "upheld"},),
    "court step": (
        {"step": "pre-trial-visit", "state": "done", "words": None},
        {"step": "debrief", "state": "done", "words": None},
        {"step": "aftercare", "state": "done", "words": None},
    ),
    "court bail-ended": ({"how": "ended"},),
    "meeting decide": ({"case": None, "subject": "{suspect}"},),
    "victim-request decide": ({"decision": "nothing-held", "items": None},),
    "marac heard": ({"how": "plan", "meets": None},),
    "due answer": (
        {"answer": "agree"},
        {"answer": "again", "until": "2011-03-30T00:00:00+00:00"},
    ),
    "retention decide": ({"decision": "dispose", "until": None},),
    "judge": ({"judgement": "same"},),
    "refile": ({"case": "{other case}"},),
}


#: Commands that are tried once in a new store for each input, because in one store the first input
#: would change the second (after one merge, a second merge concerns the merged records).
ALONE = {"identity.judged": ("suspect", "mother", "child"), "observation.refiled": ("words",)}
#: The names of the test store's items for each kind of item. If a command's field requires one of
#: these kinds, the command is tried with these items only; any other command is tried with all
#: items.
CASES = ("case", "other case", "back case", "wish case", "closing", "grown")
PEOPLE = ("child", "mother", "suspect", "sibling", "sentenced", "not pursued")
KINDS: dict[str, tuple[str, ...]] = {
    "case": CASES,
    "person": PEOPLE,
    "observation": (
        *("basis", "words", "words too", "urgent words", "watched words"),
        *("doubted", "doubted too", "no value"),
    ),
    "link": (
        *("family link", "her phone", "his phone", "her home", "his home", "his place"),
        *("her friend", "contact link"),
    ),
    "charging-decision": ("no charge", "no charge too"),
    "at-risk": ("at risk",),
    "family-need": ("need",),
    "family-promise": ("promise",),
    "reporting-duty": ("duty",),
    "victim-request": ("information",),
    "waiting": ("waits",),
    **{one: (one,) for one in ("bail", "breach", "decision", "hearing", "marac", "meeting")},
    **{one: (one,) for one in ("notice", "publication", "threat")},
}
#: Commands that name no item of the test store, but a deadline, an alert or a search hit. Its id is
#: looked up just before the command.
NAMED_BY = {
    "due.answered": "clock",
    "due.acknowledged": "clock",
    "alert.answered": "alert",
    "search.contact_decided": "hit",
}

#: The attendees of a story's meetings; one of them has no account in the test store.
CAME = ["ds.hart", "psw.ellis"]

Give = Callable[[Office, str, Mapping[str, str]], Any]


class Names(dict[str, str]):
    """The ids of a test scene's items by the names that the tests give them. An item that the
    scene's setup could not make has an id of eight zeros."""

    def __missing__(self, name: str) -> str:
        return "0" * 8


@dataclass(frozen=True)
class Act:
    """A command with its input, to be run in a test. `give` runs the command about the item with
    this id, or, if the id is empty, about an item of the command's own test scene. The commands
    in `earlier` run first and make the items that this command needs; `things` are the kinds of
    items that the command may concern."""

    records: str
    called: str
    give: Give
    subject: Subject | None = None
    earlier: tuple[Give, ...] = ()
    things: tuple[str, ...] | None = None


def _acts() -> Iterator[Act]:
    """Yield every command with its input: each declared use case once with the input of its test
    scene and again with other inputs, and each command that is not declared as a use case."""
    for subject in SUBJECTS.values():
        earlier: list[Give] = []
        for command, story in subject.stories.items():
            records = USE_CASES[command].named.records
            for other in ({}, *OTHERWISE.get(command, ())):
                told = {k: v for k, v in {**story.told, **other}.items() if v is not None}
                give = _declared(command, told)
                called = f"{command} {other or ''}".strip()
                about = _about(command)
                ref = about.ref if about else None
                things = KINDS.get(ref.kind or "") if ref else ()
                yield Act(records, called, give, subject, (*earlier,), things)
            earlier.append(_declared(command, story.told))
    for records, hands in BY_HAND.items():
        for number, give in enumerate(hands, 1):
            yield Act(records, f"{records} ({number})", give)


def _about(command: str) -> Field | None:
    """Return the first field of a command that contains an item's id, or None if there is no such
    field. The field `because_of`, which names the reasons for the command, is skipped."""
    fields = USE_CASES[command].fields
    return next((field for field in fields if field.ref and field.name != "because_of"), None)


def _declared(command: str, told: Mapping[str, Any]) -> Give:
    use, about = USE_CASES[command], _about(command)

    def give(office: Office, item: str, names: Mapping[str, str]) -> Any:
        given = filled(told, Names(names))
        if item and about:
            if about.name != "case" and told.get("case") == "{case}":
                given["case"] = names["the case"]
            given[about.name] = [item] if about.form == "texts" else item
        elif item:
            raise Refused("it is about no item")
        given |= {one: "psw.finch" for one, name in told.items() if name == "psw.ellis"}
        given |= {one: ["ds.hart", "psw.finch"] for one, name in told.items() if name == CAME}
        whole = convert({**use.named.fixed, **given}, use.use)
        return perform(whole, office.desk, office.reader, uuid4())

    return give


def about_one(do: Callable[..., Any], *told: Any, **more: Any) -> Callable[..., Any]:
    """Return a function that runs the command `do` about an item; `told` and `more` are the
    command's other arguments."""
    return lambda office, item, names: do(office.desk, office.reader, UUID(item), *told, **more)


def _outcome(kind: str) -> Callable[..., Any]:
    def give(office: Office, item: str, names: Mapping[str, str]) -> Any:
        case = UUID(names["the case"])
        result = ResultRecorded(kind, UUID(item), case, rationale=WHY)  # type: ignore[arg-type]
        return arrest_to_result.record(
            office.desk, office.reader, result, because_of=("none-known",)
        )

    return give


BY_HAND: dict[str, tuple[Callable[..., Any], ...]] = {
    "observation.assessed": (
        about_one(intelligence_report.assess, Grade("A", "2"), Handling("P")),
        about_one(intelligence_report.assess, Grade("D", "2"), Handling("P")),
    ),
    "observation.triaged": tuple(
        about_one(observation.triage, outcome, WHY)
        for outcome in ("assess", "no-value", "more-needed")
    ),
    "observation.urgency_lowered": (about_one(observation.lower_urgency, WHY),),
    "report.item_graded": (
        about_one(intelligence_report.regrade, Grade("E", "3"), Handling("P"), WHY),
    ),
    "report.item_sanitised": (about_one(intelligence_report.sanitise, "Somebody was there."),),
    "report.withdrawn": (about_one(intelligence_report.withdraw, WHY),),
    "report.disseminated": (about_one(release.disseminate, "A force", WHY, reason=WHY),),
    "release.confirmed": (
        lambda o, i, n: release.confirm(o.desk, o.somebody("di.okoro"), UUID(i)),
    ),
    "release.refused": (about_one(release.refuse, WHY),),
    "case.referral_received": (
        lambda o, i, n: referral.receive(o.desk, o.reader, who=i, concern=WHY),
    ),
    "justice.result_recorded": tuple(
        map(_outcome, ("convicted", "acquitted", "nfa-insufficient-evidence"))
    ),
    "referral.considered": tuple(
        lambda o, i, n, said=said: protection.consider(
            o.desk, o.reader, UUID(n["suspect"]), UUID(i), said, WHY
        )
        for said in ("not-now", "known-already", "referred")
    ),
    "restriction.placed": (
        lambda o, i, n: retention.restrict(o.desk, o.reader, [UUID(i)], WHY, ground=GROUND),
    ),
    "restriction.lifted": (lambda o, i, n: retention.unrestrict(o.desk, o.reader, [UUID(i)], WHY),),
    "hold.ended": (lambda o, i, n: legal_hold.lift(o.desk, o.reader, i, WHY),),
    "item.statement_added": (about_one(subject_request.add_statement, "Not so.", WHY),),
    "observation.no_value_audited": (
        lambda o, i, n: due.answer(
            o.desk, o.reader, clock(UUID(i), "no-value-audit"), "agree", WHY
        ),
    ),
    "proposal.confirmed": (
        lambda o, i, n: two_person.confirm(o.desk, o.somebody("di.moss"), i, "close", reason=WHY),
    ),
    "proposal.refused": (
        lambda o, i, n: two_person.refuse(o.desk, o.somebody("di.moss"), i, "close", WHY),
    ),
    "release.reviewed": (
        lambda o, i, n: due.answer(
            o.desk, o.somebody("di.moss"), clock(UUID(i), "release-review"), "done", WHY
        ),
    ),
    "identity.judged": (
        lambda o, i, n: identity.judge(o.desk, o.reader, n["suspect"], n["child"], "same", WHY),
    ),
}
ACTS: dict[str, list[Act]] = {}
for _act in _acts():
    ACTS.setdefault(_act.records, []).append(_act)

#: Events that no command in this module records, each with the reason: the background process
#: records the event, or another command does.
WITHOUT: dict[str, tuple[str, ...]] = {
    "the process that follows, or the store itself, records it": (
        *("case.rating_reopened", "case.exit_reopened", "justice.result_reopened"),
        *("alert.rang", "alert.ended", "due.began", "due.escalated", "due.told"),
        *("standing_pattern.met", "offer.renewed", "offer.end_obeyed", "offer.matched"),
        *(
            "offer.match_ended",
            "clock.stepped",
            "search.touched",
            "search.rang",
            "record.consulted",
        ),
        *("consultation.justified", "consultation.asked_for", "product.released"),
        *("access.anchored", "log.anchored", "origin.anchored", "signer.key_changed"),
        *("keys.moving", "keys.rotated", "file.received", "file.sealed", "copy.fingerprinted"),
        *("store.made", "store.closed", "store.restored", "loss.declared", "backup.made"),
    ),
    "it is a part of an act that is tried, and never comes alone": (
        *("observation.read", "observation.flagged", "observation.source_held"),
        *("observation.unfiled",),
        *("observation.source_transferred", "report.opened", "report.corroboration_judged"),
        *("support.way_checked", "proposal.made", "release.proposed", "release.review_due"),
        "case.allocation_reasoned",
        *("case.reopened", "justice.care_stated", "source.registered", "source.described"),
        *("source.entry_made", "hold.ordered", "hold.registered", "hold.placed", "hold.lifted"),
    ),
    "an erasure takes two, and its plan lists what goes "
    "(tests/commands/erasure/test_erasure_plan.py)": (
        *("erasure.proposed", "erasure.planned", "erasure.redactions_written"),
        *("erasure.approved", "erasure.refused", "erasure.held_back", "erasure.keys_destroyed"),
        *("erasure.certified", "item.erased", "source.erased", "product.erased", "note.erased"),
        *("observation.redacted", "report.redacted", "case.redacted"),
    ),
    "it shares, shows or adds, and takes nothing": (
        *("observation.log_photographed", "disclosure.made", "export.made", "pack.made"),
        *("proof.taken", "brief.held", "calendar.taken", "escalation.made"),
        *("escalation.seen", "user.added", "user.invited", "user.key_made", "user.key_ended"),
        *("user.made_service", "user.recovery_proposed", "user.key_proposed"),
        "team.merge_proposed",
        # these events are tried with the commands that propose them
        *("user.role_given", "user.team_joined"),
        *("outbox.wipe_ordered", "outbox.wipe_taken_back", "outbox.wiped"),
        *("succession.proposed", "succession.confirmed", "succession.refused"),
        *("succession.copied", "clock.proposed", "clock.set_right", "clock.refused"),
    ),
    "what is asked by a subject or about a victim has clocks of the law, with tests of their own "
    "(tests/access/two_worlds/test_request_parts.py, "
    "tests/commands/justice/test_victim_request.py)": (
        *("request.received", "request.item_decided", "request.part_asked", "request.answered"),
        *("request.answered_in_part", "victim_request.handed_over"),
    ),
}
#: Commands that cannot be tried in this module, each with the reason; another test tries each
#: command through every front.
NOT_HERE: dict[str, str] = {
    "offer.made": "the exchange is not set up (tests/usecases/stories/offers.py)",
    "offer.contact_decided": "the exchange is not set up",
    "offer.ended": "the exchange is not set up",
    "request.part_answered": "another team's officer answers it",
    "user.right_given_alone": "a manager is left (tests/access/who_may/test_two_hands.py)",
}
#: Deadlines that nothing in the test store starts, each with the reason.
NOT_BEGUN: dict[str, str] = {
    "restriction-request": "a person's request "
    "(tests/commands/families/test_restriction_grounds.py)",
    "copy-destroyed": "a paper for a meeting begins it "
    "(tests/commands/data_protection/test_copies.py)",
    "offer-match": "the exchange is not set up (tests/exchange)",
    "access-act": "a trial store's scene (tests/access/who_may/test_two_hands.py)",
    "access-request-search": "its subject was not found "
    "(tests/access/two_worlds/test_request_intakes.py)",
    "access-request-part": "another team's officer answers it "
    "(tests/access/two_worlds/test_request_parts.py)",
}
