"""A command that is sent twice is recognised as a repetition, even if items were renamed, merged or
changed in between. The input of a command identifies it, not the items that the program looks up
from the input."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import get_args
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace

from commands.erasure import legal_hold
from commands.families import casework, charity_support, compartment, referral
from commands.information import covert_source_review, observation, withdrawal
from commands.intelligence import identity, intelligence_report, links
from commands.justice import arrest_to_result, evidence
from commands.justice.arrest_to_result import OutcomeSubject
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import account, due, grant, rota, team
from domain import forms
from domain.families.charity_support import ContactMade, NoteWritten
from domain.families.compartment import HealthNoted, PlacementEnded, PlacementMade, stream_of
from domain.families.referral import MissingFound, MissingReported
from domain.intelligence.entity import ClassificationEnded
from domain.justice.arrest_to_result import ArrestMade
from domain.justice.evidence import EvidenceGathered
from domain.kernel.codes import Compartment
from domain.kernel.envelope import CommandReused
from domain.kernel.values import Grade, Handling, Refused, Threshold
from domain.people_and_teams.rota import DutyGiven
from projections import due as due_view
from projections.information import queue
from projections.intelligence import people
from tests.commands.office import Office
from tests.support.commands.twice import STEPS, Story

Step = Callable[[Office, UUID], Receipt]
NAME, CASE = "Baz", "ENG-7"
P = Handling("P")


def words_of(office: Office) -> UUID:
    """Return the id of the first log entry in the queue of this store."""
    with office.system.reading() as db:
        return queue.queue(db, office.reader, office.desk.clock(), queue.Clocks())[0].id


#: Each command that looks up an item by a name, called with that name.
BY_NAME: dict[str, Step] = {
    "alias": lambda o, c: entity.add_alias(
        o.desk, o.reader, NAME, "nickname", "Bazza", command_id=c
    ),
    "classify": lambda o, c: entity.classify(
        o.desk, o.reader, NAME, "suspect", "seen", command_id=c
    ),
    "end class": lambda o, c: entity.end_classification(
        o.desk, o.reader, NAME, "involved-party", "known better", command_id=c
    ),
    "age": lambda o, c: entity.record_age(
        o.desk, o.reader, NAME, None, date(1990, 1, 2), None, command_id=c
    ),
    "name": lambda o, c: entity.name_person(o.desk, o.reader, NAME, "Barry Field", command_id=c),
    "same": lambda o, c: identity.judge(
        o.desk, o.reader, NAME, "Barrington", "same", "one phone", command_id=c
    ),
    "refer": lambda o, c: referral.refer(o.desk, o.reader, [], "Kayleigh Marlow", command_id=c),
    "threshold": lambda o, c: casework.assess_threshold(
        o.desk, o.reader, CASE, "high", reason="out at night", command_id=c
    ),
    "allocate": lambda o, c: casework.allocate(
        o.desk, o.reader, CASE, "Ann", "child", command_id=c
    ),
    "missing": lambda o, c: casework.report_missing(
        o.desk, o.reader, CASE, MissingReported(), command_id=c
    ),
    "refile": lambda o, c: observation.refile(
        o.desk, o.reader, words_of(o), CASE, "hers", command_id=c
    ),
    "link": lambda o, c: links.assert_link(
        o.desk, o.reader, words_of(o), NAME, "phone:07700 900123", "uses", command_id=c
    ),
    "confirm": lambda o, c: observation.confirm(o.desk, o.reader, words_of(o), NAME, command_id=c),
    "contact": lambda o, c: charity_support.make_contact(
        o.desk,
        o.reader,
        ContactMade(UNNAMED, "advocacy", "visit", "parent"),
        case=CASE,
        command_id=c,
    ),
    "note": lambda o, c: charity_support.write_note(
        o.desk,
        o.reader,
        NoteWritten(UNNAMED, "family", "note", "fact", "She is well."),
        case=CASE,
        command_id=c,
    ),
    "health": lambda o, c: compartment.note_health(
        o.desk, o.reader, CASE, "injury", "a burn", command_id=c
    ),
    "place": lambda o, c: compartment.place(
        o.desk, o.reader, CASE, "refuge", "2 Mill Lane", command_id=c
    ),
    "gather": lambda o, c: evidence.gather(
        o.desk,
        o.reader,
        EvidenceGathered("exhibit", "AB1"),
        of=[str(words_of(o))],
        case=CASE,
        command_id=c,
    ),
    "arrest": lambda o, c: arrest_to_result.record(
        o.desk,
        o.reader,
        ArrestMade(UNNAMED),
        because_of=("none-known",),
        named=OutcomeSubject(person=NAME, case=CASE),
        command_id=c,
    ),
}


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.usually_on("sqlite")
def test_what_is_reported_by_name_is_the_same_when_the_name_fits_others(
    either: Office, name: str
) -> None:
    step = BY_NAME[name]
    referral.receive(either.desk, either.reader, child="Kayleigh Marlow", reference=CASE)
    either.person(NAME)
    either.person("Barrington")
    either.words("He was there.")
    command = uuid4()
    first = step(either, command)
    count = either.count()
    either.person(NAME)
    referral.receive(either.desk, either.reader, child="Kayleigh Marlow")
    either.desk.policy = replace(either.desk.policy, threshold_definition="lmh-2031/9")
    meanwhile = either.count()
    assert meanwhile != count
    assert step(either, command) == first
    assert either.count() == meanwhile


#: Each command that concerns an item, called with the item's id or with the end of the id.
BY_ENDING: dict[str, Callable[[Office, UUID | str, UUID], Receipt]] = {
    "take": lambda o, item, c: observation.take(o.desk, o.reader, item, command_id=c),
    "urgency": lambda o, item, c: observation.change_urgency(
        o.desk, o.reader, item, "up", "she is out", command_id=c
    ),
    "correct": lambda o, item, c: observation.correct(
        o.desk, o.reader, item, "at ten", None, command_id=c
    ),
    "refile": lambda o, item, c: observation.refile(
        o.desk, o.reader, item, CASE, "hers", command_id=c
    ),
    "confirm": lambda o, item, c: observation.confirm(o.desk, o.reader, item, NAME, command_id=c),
    "link": lambda o, item, c: links.assert_link(
        o.desk, o.reader, item, NAME, "phone:07700 900123", "uses", command_id=c
    ),
    "consent ask": lambda o, item, c: intelligence_report.ask_consent(
        o.desk, o.reader, item, "a watch on the unit", command_id=c
    ),
    "withdraw": lambda o, item, c: withdrawal.words(
        o.desk, o.reader, item, "not so", "parent-wishes", "no", command_id=c
    ),
}


@pytest.mark.parametrize("name", BY_ENDING)
@pytest.mark.usually_on("sqlite")
def test_what_was_reported_by_an_id_is_the_same_by_its_ending(either: Office, name: str) -> None:
    """A command that names an item by the last digits of an id is recognised as a repetition of the
    same command with the whole id."""
    referral.receive(either.desk, either.reader, child="Kayleigh Marlow", reference=CASE)
    either.person(NAME)
    item = either.words("He was there.")
    if name == "consent ask":
        under = Handling("C", "A1", "S2", "ask us")
        intelligence_report.assess(either.desk, either.reader, item, Grade.parse("2A"), under)
    command = uuid4()
    first = BY_ENDING[name](either, item, command)
    count = either.count()
    assert BY_ENDING[name](either, str(item)[-8:], command) == first
    assert either.count() == count
    other = either.words("Somebody else was there.")
    with pytest.raises(CommandReused):
        BY_ENDING[name](either, str(other)[-8:], command)


def test_a_finding_is_the_same_after_it_was_found(office: Office) -> None:
    referral.receive(office.desk, office.reader, child="Kayleigh Marlow", reference=CASE)
    desk, reader, told = office.desk, office.reader, MissingFound(where="at home")
    casework.report_missing(desk, reader, CASE, MissingReported())
    command = uuid4()
    first = casework.record_found(desk, reader, CASE, told, command_id=command)
    assert casework.record_found(desk, reader, CASE, told, command_id=command) == first


@pytest.mark.usually_on("sqlite")
def test_a_rating_is_the_same_after_the_texts_version_changed(either: Office) -> None:
    """A repeated risk rating is recognised as a repetition even if the text that defines the risk
    levels has changed in between."""
    case = str(either.case())
    command = uuid4()

    def rate(level: Threshold = "medium") -> Receipt:
        return casework.assess_threshold(
            either.desk,
            either.reader,
            case,
            level,
            command_id=command,
        )

    first = rate()
    either.desk.policy = replace(either.desk.policy, threshold_definition="lmh-2031/9")
    assert rate() == first
    with pytest.raises(CommandReused):
        rate("high")


# --- every command, repeated at the end of the whole story ----------------------------------------


@pytest.mark.usually_on("sqlite")
def test_every_command_is_the_same_at_the_end_of_the_story(either: Office) -> None:
    story = Story(either)
    told: dict[str, tuple[UUID, Receipt]] = {}
    for name, step in STEPS.items():
        either.later()
        command = uuid4()
        told[name] = command, step(story, "", command)
        story.made[name] = told[name][1].id
        if name == "record":
            story.made["mum"] = either.recorded_root(story.made[name]) or story.made[name]
        if name == "record too":
            story.made["dave"] = either.recorded_root(story.made[name]) or story.made[name]
    either.person("Baz")
    either.desk.policy = replace(
        either.desk.policy, threshold_definition="lmh-2031/9", no_value_sample=1
    )
    count = either.count()
    again = {name: STEPS[name](story, "", command) for name, (command, _) in told.items()}
    assert again == {name: receipt for name, (_, receipt) in told.items()}
    assert either.count() == count


# --- a store from a release whose digests did not depend on the input alone -----------------------


def test_what_was_reported_before_digests_changed_is_known(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repeated command is recognised even if an older release recorded it and computed its digest
    from other data than this release does."""
    desk, reader = either.desk, either.reader
    case, baz = str(either.case()), either.person(NAME)
    item = either.words()
    report = intelligence_report.assess(desk, reader, item, Grade.parse("2A"), P).id
    old: list[tuple[Callable[[], Receipt], str, list[object]]] = []
    ids = [uuid4() for _ in range(5)]

    def rate() -> Receipt:
        return casework.assess_threshold(desk, reader, case, "high", command_id=ids[0])

    def classify() -> Receipt:
        return entity.classify(desk, reader, NAME, "suspect", "seen", command_id=ids[1])

    def sanitise() -> Receipt:
        return intelligence_report.sanitise(
            desk, reader, item, "A man was there.", command_id=ids[2]
        )

    def refile() -> Receipt:
        return observation.refile(desk, reader, item, case, None, command_id=ids[3])

    version = desk.policy.threshold_definition
    old = [
        (rate, "case.threshold", [case, ["high", version, None, None, False], []]),
        (classify, "person.classify", [str(baz), ["suspect", "seen"], []]),
        (sanitise, "report.sanitise", [str(report), [1, "A man was there."], []]),
        (refile, "observation.refile", [str(item), [case, None], []]),
    ]
    for tell, name, body in old:
        with monkeypatch.context() as then:
            sealed = desk.digest(name, body)
            then.setattr(desk, "digest", lambda *_, sealed=sealed: sealed)
            first = tell()
        assert tell() == first, name
    with pytest.raises(CommandReused):
        entity.classify(desk, reader, NAME, "suspect", "something else", command_id=ids[1])


# --- repeated commands about accounts, teams and grants ------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_accounts_and_teams_sent_again_are_the_same(either: Office) -> None:
    desk = either.desk
    keeper = either.somebody(account.administrator(desk))
    ids = [uuid4() for _ in range(6)]
    steps: list[Callable[[], Receipt]] = [
        lambda: team.make_team(desk, keeper, "Hub", command_id=ids[0]),
        lambda: account.join(desk, keeper, "dc.reed", "Hub", command_id=ids[1]),
        lambda: team.rename_team(desk, keeper, "Hub", "North Hub", command_id=ids[2]),
        lambda: team.merge_team(desk, keeper, "Freedom", "Deter", command_id=ids[3]),
        lambda: account.leave(desk, keeper, "dc.reed", command_id=ids[4]),
    ]
    account.add(desk, keeper, "dc.reed", roles=("detective",), teams=("Engage",))
    first = [step() for step in steps]
    team.merge_team(desk, keeper, "Deter", "Cherish")
    assert [step() for step in steps] == first


def test_glass_broken_by_a_number_is_broken_once(office: Office) -> None:
    referral.receive(office.desk, office.reader, child="Kayleigh Marlow", reference=CASE)
    command = uuid4()
    first = grant.break_glass(
        office.desk, office.reader, CASE, "she is missing", command_id=command
    )
    referral.receive(office.desk, office.reader, child="Ellie Stone", team="Engage")
    again = grant.break_glass(
        office.desk, office.reader, CASE, "she is missing", command_id=command
    )
    assert again == first


# --- repeated commands about one person with two ids ---------------------------------------------


@pytest.mark.parametrize("named", ["the one who has it", "the twin"])
@pytest.mark.usually_on("sqlite")
def test_a_merged_persons_category_is_ended_by_either_id(either: Office, named: str) -> None:
    first, second = either.person(NAME), either.person("Barrington")
    entity.classify(either.desk, either.reader, str(second), "suspect", "seen")
    identity.judge(either.desk, either.reader, str(first), str(second), "same", "one phone")
    who = {"the one who has it": second, "the twin": first}[named]
    command = uuid4()

    def end() -> Receipt:
        return entity.end_classification(
            either.desk, either.reader, str(who), "suspect", "alibi", command_id=command
        )

    proposed = end()
    assert end() == proposed
    either.agreed(who, "end-category")
    assert end() == proposed
    (ended,) = [fact for fact in either.facts() if isinstance(fact.event, ClassificationEnded)]
    assert ended.stream == second
    with either.system.reading() as db:
        known = people.entities(db, either.reader, [first, second])
    assert not any("suspect" in one.categories for one in known.values())
    with pytest.raises(Refused, match="not recorded as suspect"):
        entity.end_classification(either.desk, either.reader, str(who), "suspect", "alibi")


def test_a_category_that_both_have_is_ended_for_both(office: Office) -> None:
    twins = [office.person(NAME), office.person("Barrington")]
    for twin in twins:
        entity.classify(office.desk, office.reader, str(twin), "suspect", "seen")
    a, b = map(str, twins)
    identity.judge(office.desk, office.reader, a, b, "same", "one phone")
    asked = entity.end_classification(office.desk, office.reader, NAME, "suspect", "alibi")
    office.agreed(asked.id, "end-category")
    with office.system.reading() as db:
        known = people.entities(db, office.reader, twins)
    assert not any("suspect" in one.categories for one in known.values())


def test_a_duty_and_an_answer_sent_again_are_the_same(office: Office) -> None:
    now = office.desk.clock()
    duty = DutyGiven("insp.moss", "07700 900123", now, now + timedelta(hours=1))
    command = uuid4()
    first = rota.give(office.desk, office.reader, duty, command_id=command)
    office.later(5)  # the time limit has passed by now
    assert rota.give(office.desk, office.reader, duty, command_id=command) == first
    office.desk.policy = replace(office.desk.policy, no_value_sample=1)
    item, command_2 = office.words(), uuid4()
    observation.triage(office.desk, office.somebody("x"), item, "no-value", "nothing")
    with office.system.reading() as db:
        (one,) = due_view.listed(db, office.reader, office.desk.clock(), due_view.DueFilter())
    answered = due.answer(office.desk, office.reader, one.id, "agree", "so", command_id=command_2)
    office.withdrawn(item, "said in error")
    again = due.answer(office.desk, office.reader, one.id, "agree", "so", command_id=command_2)
    assert again == answered


def test_a_lifting_sent_again_is_the_same_after_another_hold_was_placed(office: Office) -> None:
    case, command = office.case(), uuid4()
    legal_hold.place(
        office.desk,
        office.reader,
        legal_hold.items_under_hold(office.desk, case),
        "inquiry",
        "its terms",
    )

    def lift() -> Receipt:
        return legal_hold.lift(office.desk, office.reader, "1", "it is over", command_id=command)

    first = lift()
    office.agreed(first.id, "lift-hold")
    assert lift() == first
    for reason in ("the appeal", "another one"):
        legal_hold.place(
            office.desk,
            office.reader,
            legal_hold.items_under_hold(office.desk, case),
            "appeal",
            reason,
        )
    assert lift() == first
    with pytest.raises(Refused, match="several legal holds cover this item"):
        legal_hold.lift(office.desk, office.reader, "1", "it is over")


def test_an_exhibit_sent_again_is_one(office: Office) -> None:
    item = office.words()
    command = uuid4()
    made = EvidenceGathered("exhibit", "AB1", (item,))
    first = evidence.gather(office.desk, office.reader, made, command_id=command)
    office.withdrawn(item, "said in error")
    assert evidence.gather(office.desk, office.reader, made, command_id=command) == first


def test_a_look_at_a_standing_sent_again_is_one(office: Office) -> None:
    item = office.words(heard_from="Carol Marlow")
    office.person(NAME)
    command = uuid4()

    def ask() -> Receipt:
        return covert_source_review.review_due(
            office.desk,
            office.reader,
            str(item),
            NAME,
            "deception",
            "his phone",
            command_id=command,
        )

    first = ask()
    office.person(NAME)
    assert ask() == first


# --- support, compartments, evidence: in older releases the front looked up cases and items ------


@pytest.mark.usually_on("sqlite")
def test_what_was_reported_before_fronts_told_names_is_known(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repeated command is recognised even if an older release recorded it with a digest of the id
    of the case or item, and not of the typed name."""
    desk, reader = either.desk, either.reader
    case, item = either.case(), either.words()
    made = EvidenceGathered("exhibit", "AB1", (item,), case)
    exhibit = evidence.gather(desk, reader, made).id
    contact = ContactMade(case, "advocacy", "visit", "parent")
    note = NoteWritten(case, "family", "note", "fact", "She is well.")
    noted = HealthNoted(case, "injury", "a burn")
    placed = PlacementMade(case, "refuge", "2 Mill Lane", forms.place("2 Mill Lane"))
    health, placement = (stream_of(case, argument) for argument in get_args(Compartment))
    ids = [uuid4() for _ in range(8)]
    named = msgspec.structs.replace
    old: list[tuple[Callable[[], Receipt], str, list[object]]] = [
        (
            lambda: charity_support.make_contact(
                desk, reader, named(contact, case=UNNAMED), case="1", command_id=ids[0]
            ),
            "support.contact",
            [({k: v for k, v in msgspec.to_builtins(contact).items() if k != "travel"},), ()],
        ),
        (
            lambda: charity_support.write_note(
                desk, reader, named(note, case=UNNAMED), case="1", command_id=ids[1]
            ),
            "support.note",
            [(note,), ()],
        ),
        (
            lambda: compartment.note_health(
                desk, reader, "1", "injury", "a burn", command_id=ids[2]
            ),
            "compartment.health",
            [str(health), noted, ()],
        ),
        (
            lambda: compartment.place(
                desk, reader, str(case), "refuge", "2 Mill Lane", command_id=ids[3]
            ),
            "compartment.placement",
            [str(placement), placed, ()],
        ),
        (
            lambda: compartment.end_placement(desk, reader, "1", command_id=ids[4]),
            "compartment.placement",
            [str(placement), PlacementEnded(case), ()],
        ),
        (
            lambda: compartment.open_to(
                desk, reader, "1", "health", "csw.moss", "hers", command_id=ids[5]
            ),
            "compartment.health",
            [str(health), ["open", "csw.moss", "hers"], ()],
        ),
        (
            lambda: evidence.gather(
                desk,
                reader,
                named(made, observations=(), case=None),
                of=[str(item)[-8:]],
                case="1",
                command_id=ids[6],
            ),
            "evidence.gather",
            [made, ()],
        ),
        (
            lambda: evidence.change_status(
                desk, reader, str(exhibit)[-8:], "excluded", "unlawful", command_id=ids[7]
            ),
            "evidence.status",
            [str(exhibit), ["excluded", "unlawful"], ()],
        ),
    ]
    for tell, name, body in old:
        with monkeypatch.context() as then:
            sealed = desk.digest(name, body)
            then.setattr(desk, "digest", lambda *_, sealed=sealed: sealed)
            first = tell()
        assert tell() == first, name
