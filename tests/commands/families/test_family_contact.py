"""A mother is informed of the result of her information. The message reveals nothing to other
readers and goes to a safe address; only readers of the family's support record see it in the
store."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from commands.families import casework, charity_support
from commands.families import family_contact as family
from commands.information import observation
from commands.intelligence import links
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.charity_support import ContactMade, WayChecked
from domain.families.family_contact import (
    FamilyAsked,
    FamilyInvited,
    FamilyTold,
    PromiseEnded,
    PromiseMade,
)
from domain.kernel.codes import Came, Channel
from domain.kernel.values import Hidden, Refused
from projections import due
from projections.families import cases
from projections.families import family_contact as families
from projections.families.charity_support import contacts
from questions.families import sessions
from tests.access.rights import Rights
from tests.commands.office import Office
from usecases.families.family_contact import RecordChoice
from usecases.kernel.usecase import perform


def make_feedback(case: str, words: str | None = None, **further: object) -> FamilyTold:
    return FamilyTold(UNNAMED, "parent", "kept", "phone", words=words, **further)  # type: ignore[arg-type]


@pytest.mark.usually_on("sqlite")
def test_what_they_heard_is_their_log(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    words = either.words("He waits at the gate", case=str(case))
    receipt = family.record_feedback(
        either.desk,
        either.reader,
        make_feedback(str(case), "Thank you for what you saw."),
        str(case),
        because_of=[str(words)],
    )
    with either.system.reading() as db:
        (row,) = families.list_news(db, either.reader, case)
        assert contacts(db, either.reader, case) == []
    assert row.said == (
        "We keep what you told us. It may help later, however small it seems. Thank you for what "
        "you saw."
    )
    assert (row.id, row.whom, row.gave_away) == (receipt.id, "parent", False)
    fact = either.system.logs["evidence"].history(receipt.id)[0]
    assert (fact.controller, fact.regime) == ("charity", "uk-gdpr")
    assert row.because == (str(words),)
    named = {(one.controller, one.regime) for one in either.facts()}
    assert named == {("police", "part-3"), ("charity", "uk-gdpr")}, "each record has its own (W44)"


@pytest.mark.usually_on("sqlite")
def test_a_family_that_is_rated_low_gets_a_letter(either: Office) -> None:
    """A family whose child is rated low gets a letter. The report says: "the PSW only sends a
    letter to parents if they are deemed low risk" (requirement W18).
    """
    case = either.case("Kayleigh Marlow")
    entity.record_age(either.desk, either.reader, "Kayleigh Marlow", None, None, "15")
    casework.assess_threshold(either.desk, either.reader, str(case), "low")
    letter = msgspec.structs.replace(
        make_feedback(str(case), "Ring us at any time."), channel="letter"
    )
    family.record_feedback(either.desk, either.reader, letter, str(case))
    with either.system.reading() as db:
        rated = cases.get(db, either.reader, case)
        (row,) = families.list_news(db, either.reader, case)
    assert rated is not None
    assert (rated.threshold, rated.worker_parents) == ("low", None)
    assert (row.channel, row.whom) == ("letter", "parent")


@pytest.mark.usually_on("sqlite")
def test_a_choice_is_kept_with_the_options_as_they_were_offered(either: Office) -> None:
    """Requirement W45: the record of a family's choice contains all options that were offered, even
    options with commas; a user who does not support the family sees no choice.
    """
    case = either.case("Holly Ashby")
    given = "who tells her school", "we do, in our own words; her worker does"
    for chosen in (None, 2):
        use = RecordChoice(str(case), *given, chosen=chosen)
        perform(use, either.desk, either.reader, uuid4())
    with either.system.reading() as db:
        first, last = families.choices(db, either.reader, case)
        other = Rights(("psw",), ("Deter",)).of(either.somebody("psw.far"))
        assert families.choices(db, other, case) == []
    assert first.options == last.options == "we do, in our own words\nher worker does"
    assert (first.choice, last.choice) == (None, "her worker does")
    assert last.offered == ("1. we do, in our own words", "2. her worker does")


@pytest.mark.usually_on("sqlite")
def test_a_session_lists_who_was_invited_by_which_way_and_who_came(either: Office) -> None:
    """Requirements W19 and X12: a list for each session shows who was invited, how they were
    invited, and who came.
    """
    desk, reader, day = either.desk, either.reader, date(2011, 3, 17)
    holly, jade = either.case("Holly Ashby"), either.case("Jade Stone")
    said: list[tuple[UUID, Channel, Came]] = [
        (holly, "letter", "invited"),
        (holly, "letter", "did-not-come"),
        (jade, "phone", "came"),
    ]
    for case, way, came in said:
        made = FamilyInvited(UNNAMED, "grooming-session", "parents", way, came, day)
        family.invite(desk, reader, made, str(case))
    booklet = FamilyInvited(UNNAMED, "booklet", "parents", "visit", "came", day)
    family.invite(desk, reader, booklet, str(holly))
    with either.system.reading() as db:
        invited, ways = sessions.list_sessions(db, reader, day)
        elsewhere = sessions.list_sessions(db, reader, date(2011, 3, 16))
        other = Rights(("psw",), ("Deter",)).of(either.somebody("psw.far"))
        assert sessions.list_sessions(db, other) == ([], [])
    assert elsewhere == ([], [])
    assert sorted((one.case, one.invited_by, one.came) for one in invited) == sorted(
        [(holly, "letter", "did-not-come"), (jade, "phone", "came")]
    )
    assert {(one.invited_by, one.invited, one.came) for one in ways} == {
        ("letter", 1, 0),
        ("phone", 1, 1),
    }


@pytest.mark.usually_on("sqlite")
def test_names_of_the_family_may_be_said_and_no_others(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    words = either.words("Kayleigh is out", case=str(case))
    mum = entity.record_person(either.desk, either.reader, name="Dawn Marlow", known=True)
    ours = "Dawn, thank you. Kayleigh was right to ring."
    with pytest.raises(Refused, match="'Dawn': somebody's name"):
        family.record_feedback(
            either.desk, either.reader, make_feedback(str(case), ours), str(case)
        )
    links.assert_link(either.desk, either.reader, words, str(mum.id), "Kayleigh Marlow", "family")
    family.record_feedback(either.desk, either.reader, make_feedback(str(case), ours), str(case))
    with pytest.raises(Refused, match=r"reveals something.*PK95ABC"):
        family.record_feedback(
            either.desk, either.reader, make_feedback(str(case), "He has PK95ABC"), str(case)
        )
    baz = str(either.person("Baz"))
    links.assert_link(either.desk, either.reader, words, baz, "Kayleigh Marlow", "association")
    with pytest.raises(Refused, match="'baz': somebody's name"):
        family.record_feedback(
            either.desk, either.reader, make_feedback(str(case), "we know of baz"), str(case)
        )
    said = family.record_feedback(
        either.desk, either.reader, make_feedback(str(case), "He has PK95ABC"), str(case), done=True
    )
    with either.system.reading() as db:
        rows = {row.id: row.gave_away for row in families.list_news(db, either.reader, case)}
    assert rows[said.id]
    assert list(rows.values()).count(True) == 1


@pytest.mark.usually_on("sqlite")
def test_nothing_goes_where_a_suspect_reads(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    words = either.words("He has her phone", case=str(case))
    baz = entity.record_person(either.desk, either.reader, name="Baz", known=False)
    entity.classify(either.desk, either.reader, str(baz.id), "suspect", "seen")
    phone = "phone:07700 900461"
    links.assert_link(either.desk, either.reader, words, str(baz.id), phone, "uses")
    with pytest.raises(Refused, match="send nothing there"):
        family.record_feedback(
            either.desk, either.reader, make_feedback(str(case)), str(case), to=phone
        )
    family.record_feedback(
        either.desk, either.reader, make_feedback(str(case)), str(case), to=phone, done=True
    )
    (way,) = either.events(WayChecked)
    assert way.verdict == "unsafe"
    with either.system.reading() as db:
        assert len(either.desk.unanswered(db, either.reader, case)) == 1, "an alert is raised"


@pytest.mark.usually_on("sqlite")
def test_a_promise_is_found_by_its_ending_and_ends(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    made = PromiseMade(UNNAMED, "parent", "news of the hearing", date(2011, 3, 25))
    receipt = family.promise(either.desk, either.reader, made, str(case))
    with pytest.raises(Hidden):
        family.end_promise(either.desk, either.reader, "ffffffff", PromiseEnded("kept"))
    family.end_promise(
        either.desk, either.reader, str(receipt.id)[-8:], PromiseEnded("kept", "rang her")
    )
    with either.system.reading() as db:
        (row,) = families.promises(db, either.reader, case)
    assert (row.words, row.until, row.ended, row.why) == (
        "news of the hearing",
        date(2011, 3, 25),
        "kept",
        "rang her",
    )


@pytest.mark.usually_on("sqlite")
def test_what_they_were_invited_to_and_what_they_say(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    invited = FamilyInvited(UNNAMED, "grooming-session", "parents", "letter", "did-not-come")
    family.invite(either.desk, either.reader, invited, str(case))
    for offer in ("booklet", "another-parent"):
        given = FamilyInvited(UNNAMED, offer, "parents", "visit", "came")
        family.invite(either.desk, either.reader, given, str(case))
    asked = FamilyAsked(UNNAMED, "parents", "answered", ("believed",), ("kept-updated",), "at last")
    family.ask(either.desk, either.reader, asked, str(case))
    with either.system.reading() as db:
        offered = families.invitations(db, either.reader, case)
        (answer,) = families.list_feedback(db, either.reader, case)
    assert {(one.offer, one.invited_by, one.came) for one in offered} == {
        ("grooming-session", "letter", "did-not-come"),
        ("booklet", "visit", "came"),
        ("another-parent", "visit", "came"),
    }
    assert (answer.felt, answer.not_felt, answer.words) == (
        ("believed",),
        ("kept-updated",),
        "at last",
    )


def test_voices_are_counted_without_a_word_and_of_no_fewer_than_five(either: Office) -> None:
    for number in range(5):
        case = str(either.case(f"Child {number}"))
        asked = FamilyAsked(UNNAMED, "parent", "answered", ("believed",), words="my own words")
        family.ask(either.desk, either.reader, asked, case)
        if number == 3:
            with either.system.reading() as db:
                assert families.voices(db, either.reader)[0].too_few
    with either.system.reading() as db:
        first, *others = families.voices(db, either.reader)
    assert (first.valued, first.so, first.not_so) == ("believed", 5, 0)
    assert all(one.too_few for one in others)
    since = FamilyAsked(UNNAMED, "parent", "answered", (), ("believed",))
    family.ask(either.desk, either.reader, since, case)
    with either.system.reading() as db:
        assert families.voices(db, either.reader)[0].too_few, "the last answer counts, and is one's"


def due_family_answers(office: Office) -> dict[str, tuple[object, ...]]:
    with office.system.reading() as db:
        rows = due.listed(db, office.reader, office.desk.clock(), due.DueFilter())
    return {
        row.clock: (row.owner, row.due - row.since)
        for row in rows
        if row.clock in ("parent-acknowledged", "parent-answered", "promise")
    }


@pytest.mark.usually_on("sqlite")
def test_what_a_family_says_is_acknowledged_in_a_day_and_answered_in_28(either: Office) -> None:
    case, worker = either.case("Kayleigh Marlow"), either.somebody("psw.ellis")
    either.words("Heard by a constable", case=str(case))
    assert due_family_answers(either) == {}, "a family said nothing"
    casework.allocate(either.desk, either.reader, str(case), "psw.ellis", "parents")
    first = either.desk.clock()
    observation.record(either.desk, worker, words="Out until four", case=str(case))
    assert due_family_answers(either) == {"parent-answered": ("psw.ellis", timedelta(days=28))}
    either.later(5)
    observation.record(
        either.desk, either.reader, words="He is outside", case=str(case), channel="sms"
    )
    observation.record(
        either.desk, worker, words="I saw him", case=str(case), form="own-observation"
    )
    assert due_family_answers(either) == {
        "parent-acknowledged": ("psw.ellis", timedelta(hours=24)),
        "parent-answered": ("psw.ellis", timedelta(days=28)),
    }
    earlier = FamilyTold(UNNAMED, "parent", "kept", "phone", happened=first - timedelta(hours=1))
    family.record_feedback(either.desk, worker, earlier, str(case))
    assert len(due_family_answers(either)) == 2, "told before they said it"
    child = FamilyTold(UNNAMED, "child", "kept", "phone")
    family.record_feedback(either.desk, worker, child, str(case))
    assert len(due_family_answers(either)) == 2, "the child was told, and they were not"
    received = FamilyTold(UNNAMED, "parent", "received", "phone")
    family.record_feedback(either.desk, worker, received, str(case))
    assert list(due_family_answers(either)) == ["parent-answered"]
    casework.allocate(either.desk, either.reader, str(case), "psw.reed", "parents")
    assert due_family_answers(either) == {"parent-answered": ("psw.reed", timedelta(days=28))}
    family.record_feedback(either.desk, worker, make_feedback(str(case)), str(case))
    assert due_family_answers(either) == {}


@pytest.mark.usually_on("sqlite")
def test_a_contact_acknowledges_and_does_not_answer(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    observation.record(
        either.desk, either.reader, words="He is outside", case=str(case), channel="email"
    )
    assert set(due_family_answers(either)) == {"parent-acknowledged", "parent-answered"}
    either.later()
    made = ContactMade(case, "liaison", "phone", "parent")
    charity_support.make_contact(either.desk, either.reader, made)
    assert set(due_family_answers(either)) == {"parent-answered"}


@pytest.mark.usually_on("sqlite")
def test_a_promise_comes_back_on_its_day(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    made = PromiseMade(UNNAMED, "parent", "ring her", date(2011, 3, 25))
    promised = family.promise(either.desk, either.reader, made, str(case))
    assert due_family_answers(either)["promise"][0] == either.reader.name
    family.end_promise(
        either.desk, either.reader, promised.id, PromiseEnded("not-kept", "she was away")
    )
    assert due_family_answers(either) == {}


@pytest.mark.usually_on("sqlite")
def test_it_is_for_those_who_see_the_familys_support(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    family.record_feedback(either.desk, either.reader, make_feedback(str(case)), str(case))
    team = (either.reader.team,)
    sergeant = Rights(("detective",), team).of(either.reader)
    worker = Rights(("psw",), team, (case,)).of(either.reader)
    with either.system.reading() as db:
        assert families.list_news(db, sergeant, case) == []
        assert len(families.list_news(db, worker, case)) == 1


# --- what later comes of a family's information -------------------------------------------------


def sent(office: Office, case: str | None, words: str = "He is outside") -> UUID:
    """Record a text message from a family in this case; return the id of the entry."""
    return observation.record(office.desk, office.reader, words=words, case=case, channel="sms").id


def clocks_of(office: Office, case: UUID) -> set[str]:
    with office.system.reading() as db:
        rows = due.listed(db, office.reader, office.desk.clock(), due.DueFilter())
    return {row.clock for row in rows if row.item == case and row.clock.startswith("parent-")}


BOTH = {"parent-acknowledged", "parent-answered"}


@pytest.mark.usually_on("sqlite")
def test_words_that_were_filed_wrong_are_owed_to_the_family_that_said_them(
    either: Office,
) -> None:
    wrong, right = either.case("Kayleigh Marlow"), either.case("Ann Field")
    words = sent(either, str(wrong))
    assert (clocks_of(either, wrong), clocks_of(either, right)) == (BOTH, set())
    observation.refile(either.desk, either.reader, words, str(right), "not theirs")
    assert (clocks_of(either, wrong), clocks_of(either, right)) == (set(), BOTH)


@pytest.mark.parametrize("worker", ["psw.reed", None])
def test_words_that_a_worker_filed_wrong_are_owed_to_the_family_that_said_them(
    either: Office, worker: str | None
) -> None:
    """If an entry was filed under the wrong family and then moved, the right family is informed of
    the entry's outcome. This also holds if another worker or no worker is allocated to the right
    family."""
    wrong, right = either.case("Kayleigh Marlow"), either.case("Ann Field")
    casework.allocate(either.desk, either.reader, str(wrong), "psw.ellis", "parents")
    if worker:
        casework.allocate(either.desk, either.reader, str(right), worker, "parents")
    since = either.desk.clock()
    ellis = either.somebody("psw.ellis")
    words = observation.record(either.desk, ellis, words="He is back", case=str(wrong)).id
    either.later(5)
    observation.refile(either.desk, ellis, words, str(right), "not theirs")
    assert clocks_of(either, wrong) == set()
    with either.system.reading() as db:
        asked = due.DueFilter(clock="parent-answered")
        (row,) = due.listed(db, either.reader, either.desk.clock(), asked)
    assert (row.item, row.owner) == (right, worker)
    assert timedelta(0) <= row.since - since < timedelta(hours=1), "from when they came"


@pytest.mark.usually_on("sqlite")
def test_words_that_a_stranger_filed_wrong_are_owed_by_the_worker_who_wrote_them_down(
    either: Office,
) -> None:
    wrong, right = either.case("Kayleigh Marlow"), either.case("Ann Field")
    casework.allocate(either.desk, either.reader, str(right), "psw.ellis", "parents")
    ellis = either.somebody("psw.ellis")
    words = observation.record(either.desk, ellis, words="He is back", case=str(wrong)).id
    assert clocks_of(either, wrong) == set()
    observation.refile(either.desk, either.reader, words, str(right), "not theirs")
    assert clocks_of(either, right) == {"parent-answered"}


@pytest.mark.usually_on("sqlite")
def test_an_answer_to_the_wrong_family_answers_nothing(either: Office) -> None:
    wrong, right = either.case("Kayleigh Marlow"), either.case("Ann Field")
    words = sent(either, str(wrong))
    either.later()
    family.record_feedback(either.desk, either.reader, make_feedback(str(wrong)), str(wrong))
    assert clocks_of(either, wrong) == set()
    observation.refile(either.desk, either.reader, words, str(right), "not theirs")
    assert (clocks_of(either, wrong), clocks_of(either, right)) == (set(), BOTH)
    observation.refile(either.desk, either.reader, words, str(wrong), "theirs after all")
    assert (clocks_of(either, wrong), clocks_of(either, right)) == (set(), set())


@pytest.mark.usually_on("sqlite")
def test_words_that_nobody_could_file_at_first_are_owed_once_they_are_filed(
    either: Office,
) -> None:
    case = either.case("Kayleigh Marlow")
    words = sent(either, None)
    assert clocks_of(either, case) == set()
    observation.refile(either.desk, either.reader, words, str(case), "her mother's number")
    assert clocks_of(either, case) == BOTH


def test_of_several_words_the_first_that_is_unanswered_counts(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    first = sent(either, str(case))
    either.later(30)
    second = either.desk.clock()
    later = sent(either, str(case), "and again")
    either.withdrawn(first, "meant for somebody else")
    with either.system.reading() as db:
        (row,) = due.listed(db, either.reader, second, due.DueFilter(clock="parent-answered"))
    assert row.since >= second, "what was taken back is owed to nobody"
    either.withdrawn(later, "that, too")
    assert clocks_of(either, case) == set()


@pytest.mark.usually_on("sqlite")
def test_told_before_the_second_words_came_answers_the_first_alone(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    sent(either, str(case))
    between = either.later(2)
    either.later(2)
    sent(either, str(case), "and again")
    told_then = FamilyTold(UNNAMED, "parent", "kept", "phone", happened=between)
    family.record_feedback(either.desk, either.reader, told_then, str(case))
    assert clocks_of(either, case) == BOTH
    with either.system.reading() as db:
        asked = due.DueFilter(clock="parent-answered")
        (row,) = due.listed(db, either.reader, either.desk.clock(), asked)
    assert row.since > between
