"""No user can end a protection alone by withdrawing a log entry."""

from uuid import UUID

import pytest

from commands.information import observation, withdrawal
from commands.people_and_teams import two_person
from domain.information.observation import ObservationWithdrawn
from domain.kernel.codes import Threatened, WithdrawnFor
from domain.kernel.values import Denied, Hidden, Reader, Refused
from projections import due
from projections.families import cases
from projections.information import queue
from projections.kernel import item_ids
from tests.access.rights import Rights
from tests.commands.office import Office

RAPED = "He raped her last night, he has a knife"


def withdraw_as_author(
    office: Office, item: UUID, ground: WithdrawnFor, threatened: Threatened | None = None
) -> bool:
    """Withdraw an entry as the worker who wrote it; return whether the command only proposed the
    withdrawal.
    """
    worker = office.somebody("psw.ellis", assessor=False)
    reason = "mum asked me to"
    return withdrawal.words(office.desk, worker, item, reason, ground, threatened).proposed


def due_clocks(office: Office, item: UUID, reader: Reader | None = None) -> set[str]:
    with office.system.reading() as db:
        rows = due.listed(db, reader or office.reader, office.desk.clock(), due.DueFilter())
    return {row.clock for row in rows if row.item == item}


def queued(office: Office, reader: Reader | None = None) -> list[UUID]:
    now, clocks = office.desk.clock(), queue.Clocks()
    with office.system.reading() as db:
        return [row.id for row in queue.queue(db, reader or office.reader, now, clocks)]


def proposed_by(office: Office, item: UUID) -> str | None:
    """Return the name of the user who proposes to withdraw this entry, as the queue shows it, or
    None if no withdrawal is proposed. The entry must be in the queue.
    """
    now, clocks = office.desk.clock(), queue.Clocks()
    with office.system.reading() as db:
        rows = queue.queue(db, office.reader, now, clocks)
    return next(row.withdrawal for row in rows if row.id == item)


def urgent_words(office: Office, case: UUID) -> UUID:
    worker = office.somebody("psw.ellis", assessor=False)
    told = {"words": RAPED, "case": str(case), "urgent_reason": "a knife"}
    return observation.record(office.desk, worker, **told).id


def test_urgent_words_that_a_parent_wishes_to_withdraw_wait_for_an_assessor(
    either: Office,
) -> None:
    case = either.case()
    item = urgent_words(either, case)
    taker = either.somebody("dc.vale")
    observation.take(either.desk, taker, item)
    assert withdraw_as_author(either, item, "parent-wishes", "no")
    assert due_clocks(either, item) == {"urgent-words", "proposal"}, "the sergeant is told"
    assert queued(either) == [item]
    assert proposed_by(either, item) == "psw.ellis"
    with either.system.reading() as db:
        assert [row.observation for row in queue.urgent_in(db, either.reader, [case])] == [item]
    with pytest.raises(Refused, match="two people"):
        two_person.confirm(either.desk, either.somebody("PSW.Ellis"), item, "withdraw-words")
    other = either.somebody("psw.reed", assessor=False)
    with pytest.raises(Denied, match="assessor"):
        two_person.confirm(either.desk, other, item, "withdraw-words")
    assert queued(either) == [item]
    either.agreed(item, "withdraw-words")
    assert (due_clocks(either, item), queued(either)) == (set(), [])
    (event,) = either.events(ObservationWithdrawn)
    assert (event.ground, event.threatened) == ("parent-wishes", "no")


@pytest.mark.usually_on("sqlite")
def test_a_detective_who_could_read_words_reads_them_after_the_parent_withdrew_them(
    either: Office,
) -> None:
    item = urgent_words(either, either.case())
    team = (either.reader.team,)
    taker = Rights(("detective",), team).of(either.somebody("dc.vale"))
    observation.take(either.desk, taker, item)
    assert withdraw_as_author(either, item, "parent-wishes", "no")
    either.agreed(item, "withdraw-words")
    with either.system.reading() as db:
        assert [row.id for row in item_ids.resolve(db, taker, str(item))] == [item]


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("decided", ["confirmed", "refused"])
def test_words_of_another_family_leave_this_one_at_once_and_are_checked(
    either: Office, decided: str
) -> None:
    case = either.case()
    item = urgent_words(either, case)
    colleague = Rights(("psw",), (either.reader.team,), (case,)).of(either.somebody("psw.reed"))
    with either.system.reading() as db:
        assert item_ids.resolve(db, colleague, str(item))
    assert withdraw_as_author(either, item, "recorded-in-error")
    with either.system.reading() as db:
        assert not item_ids.resolve(db, colleague, str(item)), "hidden there at once"
        row = queue.get(db, either.reader, item)
        assert queue.urgent_in(db, either.reader, [case]) == []
    assert row
    assert row.case is None
    assert queued(either) == [item], "until it is checked the words are urgent"
    assert due_clocks(either, item) == {"urgent-words", "proposal"}
    if decided == "confirmed":
        either.agreed(item, "withdraw-words")
        assert (due_clocks(either, item), queued(either)) == (set(), [])
        return
    two_person.refuse(either.desk, either.somebody("di.moss"), item, "withdraw-words", "it is hers")
    assert proposed_by(either, item) is None
    assert due_clocks(either, item) == {"urgent-words"}
    with either.system.reading() as db:
        assert item_ids.resolve(db, colleague, str(item)), "back with the family"
        assert cases.get(db, either.reader, case)


@pytest.mark.usually_on("sqlite")
def test_refusing_leaves_words_where_they_were_moved_meanwhile(either: Office) -> None:
    right = either.case("Ann Field")
    item = urgent_words(either, either.case())
    assert withdraw_as_author(either, item, "recorded-in-error")
    observation.refile(either.desk, either.reader, item, str(right), "hers")
    two_person.refuse(either.desk, either.reader, item, "withdraw-words", "moved to her family")
    with either.system.reading() as db:
        row = queue.get(db, either.reader, item)
    assert row
    assert row.case == right


@pytest.mark.usually_on("sqlite")
def test_a_threatened_parent_makes_the_words_urgent(either: Office) -> None:
    item = either.words("She was out until four", case=str(either.case()))
    observation.take(either.desk, either.somebody("dc.vale"), item)
    assert withdraw_as_author(either, item, "parent-wishes", "yes")
    assert due_clocks(either, item) == {"urgent-words", "proposal"}
    with either.system.reading() as db:
        (row,) = queue.of(db, either.reader, [item])
    assert row.urgent


@pytest.mark.usually_on("sqlite")
def test_words_that_a_detective_has_read_and_that_are_not_urgent_take_one(either: Office) -> None:
    item = either.words("She was out until four")
    observation.take(either.desk, either.somebody("dc.vale"), item)
    assert not withdraw_as_author(either, item, "parent-wishes", "no")
    assert queued(either) == []


@pytest.mark.usually_on("sqlite")
def test_nobody_walks_around_the_assessor(either: Office) -> None:
    """No worker can withdraw an entry without an assessor: not by making themself the entry's
    author, not by lowering its urgency, and not by proposing again after a refusal."""
    desk, reader = either.desk, either.reader
    told: tuple[str, WithdrawnFor, Threatened] = ("she wishes it", "parent-wishes", "no")
    own = either.words("She was out until four")
    observation.take(desk, reader, own)
    assert withdrawal.words(desk, reader, own, *told).proposed
    lowered = either.words("out", urgent_reason="a knife")
    observation.take(desk, either.somebody("dc.vale"), lowered)
    observation.lower_urgency(desk, reader, lowered, "a toy")
    assert withdrawal.words(desk, reader, lowered, *told).proposed
    observation.take(desk, either.somebody("dc.vale"), own)
    with pytest.raises(Refused, match="proposed withdrawing a log entry already"):
        withdrawal.words(desk, reader, own, *told)
    two_person.refuse(desk, either.somebody("di.moss"), own, "withdraw-words", "it stays")
    assert withdrawal.words(desk, reader, own, *told).proposed
    with pytest.raises(Refused, match="say why"):
        withdrawal.words(desk, reader, lowered, "x", None)
    with pytest.raises(Refused, match="is threatened"):
        withdrawal.words(desk, reader, lowered, "x", "parent-wishes")


@pytest.mark.usually_on("sqlite")
def test_a_proposal_to_withdraw_words_is_nothing_to_those_who_may_not_see_them(
    either: Office,
) -> None:
    item = urgent_words(either, either.case())
    assert withdraw_as_author(either, item, "parent-wishes", "no")
    stranger = Rights(("detective",), ("Elsewhere",)).of(either.somebody("dc.elsewhere"))
    assert two_person.list_waiting(either.desk, stranger) == []
    with pytest.raises(Hidden, match="there is no"):
        two_person.confirm(either.desk, stranger, item, "withdraw-words")
    worker = Rights(("psw",), (either.reader.team,)).of(either.somebody("psw.reed"))
    with pytest.raises(Refused, match="there is no"):
        withdrawal.words(either.desk, worker, item, "x", "parent-wishes", "no")
