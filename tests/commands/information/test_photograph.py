"""A photograph of a paper log is encrypted with the entry, can be opened by few users, and is
erased with the entry.
"""

from collections.abc import Callable, Iterable, Sequence
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from access.who_may.telling import readable_facts as told
from commands.data_protection.subject_search import Search
from commands.data_protection.subject_text import PICTURE
from commands.erasure import erasure, legal_hold
from commands.erasure.hold_reach import Reckoning
from commands.families import casework
from commands.information import observation, photograph
from commands.information.photograph import ShownPhotograph
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, Receipt
from domain.data_protection.erasure import Redaction
from domain.data_protection.legal_hold import Query
from domain.information.observation import LogPhotographed
from domain.kernel.envelope import CommandReused, LogUnavailable
from domain.kernel.values import Hidden, Reader, Refused
from installation.safekeeping import back_up
from installation.system import System
from ledger.store.originals import SealedFile
from tests.access.staff import Staff
from tests.commands.office import Office

PAPER = ShownPhotograph(
    "jpeg", b"\xff\xd8\xff CANARY as it came", b"\xff\xd8\xff CANARY as it is shown"
)
OTHER = ShownPhotograph("jpeg", b"\xff\xd8\xff CANARY two", b"\xff\xd8\xff CANARY shown")


def laid(
    office: Office,
    item: UUID | str,
    picture: ShownPhotograph = PAPER,
    reader: Reader | None = None,
    **told: object,
) -> Receipt:
    told = {"paper": True} | told
    by = reader or office.reader
    return photograph.take(
        office.desk,
        by,
        office.system.originals,
        item,
        picture,
        **told,  # type: ignore[arg-type]
    )


def photograph_bytes(office: Office, item: UUID, reader: Reader, number: int = 1) -> bytes:
    with office.system.reading() as db:
        kept = office.system.originals
        return b"".join(photograph.read(office.desk, db, reader, kept, item, number))


def opens(office: Office, item: UUID, reader: Reader) -> list[bool]:
    """Return for each photograph of an entry whether the proof that this reader gets contains the
    key that opens the photograph.
    """
    history = office.system.logs["evidence"].history(item)
    with office.system.reading() as db:
        whole = told(db, reader, history).is_fully_readable
    return [whole(fact) for fact in history if isinstance(fact.event, LogPhotographed)]


def lying(office: Office) -> dict[str, bytes]:
    place = office.system.home / "originals"
    return {one.name: one.read_bytes() for one in place.iterdir()} if place.is_dir() else {}


def test_it_lies_sealed_with_its_hash_and_its_copy_is_shown(either: Office) -> None:
    item = either.words()
    laid(either, item)
    (event,) = either.events(LogPhotographed)
    assert event.sha256 == sha256(PAPER.content).hexdigest()
    assert set(lying(either)) == {event.kept, event.shown}
    assert not any(b"CANARY" in one for one in lying(either).values())
    assert photograph_bytes(either, item, either.reader) == PAPER.shown
    whole = either.system.originals.read(event.kept, event.secret)
    assert b"".join(whole) == PAPER.content


def test_what_opens_it_is_shown_to_nobody(office: Office) -> None:
    item = office.words()
    laid(office, item)
    history = office.system.logs["evidence"].history(item)
    with office.system.reading() as db:
        says = told(db, office.reader, history).readable_fields(history[-1])
    assert {"sha256", "form", "size"} <= says.keys()
    assert {"secret", "shown_secret"}.isdisjoint(says)


def test_sent_twice_it_is_one_and_what_is_refused_leaves_no_file(office: Office) -> None:
    item, command = office.words(), uuid4()
    first = laid(office, item, command_id=command)
    assert laid(office, item, command_id=command) == first
    laid(office, item)  # this sends the same photograph a second time
    assert (len(office.events(LogPhotographed)), len(lying(office))) == (1, 2)
    with pytest.raises(CommandReused):
        laid(office, item, OTHER, command_id=command)
    with pytest.raises(Refused, match="confirm that the photograph shows only paper"):
        laid(office, item, OTHER, paper=False)
    office.withdrawn(item, "not so")
    with pytest.raises(Refused, match="withdrawn"):
        laid(office, item, OTHER)
    with pytest.raises(Hidden):
        laid(office, "nothing", OTHER)
    assert len(lying(office)) == 2


def test_where_the_log_did_not_answer_it_stays_and_sent_again_it_is_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the log did not acknowledge a photograph, its file stays in the store; when the photograph
    is sent again, it is recorded once.
    """
    item, command, save = office.words(), uuid4(), Desk.save

    def breaks_off(desk: Desk, prepared: Sequence[Prepared]) -> list[Receipt]:
        save(desk, prepared)
        raise LogUnavailable("the line is dead")

    with monkeypatch.context() as patched:
        patched.setattr(Desk, "save", breaks_off)
        with pytest.raises(LogUnavailable):
            laid(office, item, command_id=command)
    assert photograph_bytes(office, item, office.reader) == PAPER.shown
    laid(office, item, command_id=command)
    assert (photograph_bytes(office, item, office.reader), len(lying(office))) == (PAPER.shown, 2)


def test_where_there_is_no_room_for_both_files_neither_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, kept = SealedFile.keep, list[str]()

    def full(sealing: SealedFile, chunks: Iterable[bytes]) -> str:
        if kept:
            raise OSError(ENOSPC, "No space left on device")
        kept.append(sealing.name)
        return keep(sealing, chunks)

    item = office.words()
    monkeypatch.setattr(SealedFile, "keep", full)
    with pytest.raises(OSError, match="No space left"):
        laid(office, item)
    assert (kept != [], lying(office), office.events(LogPhotographed)) == (True, {}, [])


def test_one_command_that_lays_two_papers_at_once_keeps_the_files_of_the_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, command, save = office.words(), uuid4(), Desk.save

    def first(desk: Desk, prepared: Sequence[Prepared]) -> list[Receipt]:
        monkeypatch.setattr(Desk, "save", save)
        laid(office, item, OTHER, command_id=command)
        return save(desk, prepared)

    monkeypatch.setattr(Desk, "save", first)
    with pytest.raises(CommandReused):
        laid(office, item, command_id=command)
    (event,) = office.events(LogPhotographed)
    assert set(lying(office)) == {event.kept, event.shown}


def test_it_opens_to_whom_the_source_is_open_or_to_all_who_read_the_words(office: Office) -> None:
    """A photograph that may reveal the source, by a name or a handwriting, opens only for users who
    may see the source. Other users do not learn that the photograph exists.
    """
    case = office.case()
    staff = Staff(office)
    boss, ellis = staff.hire("di.moss", "supervisor"), staff.hire("psw.ellis", "psw")
    casework.allocate(office.desk, boss, str(case), "psw.ellis", "parents")
    ellis, officer = staff.now("psw.ellis"), staff.hire("io.gray", "intelligence-officer")
    elsewhere, manager = staff.hire("psw.doe", "psw"), staff.hire("man.ross", "manager")
    item = observation.record(
        office.desk, ellis, words="Baz waits there", case=str(case), heard_from="the mother"
    ).id
    laid(office, item, reader=ellis)
    laid(office, item, OTHER, reader=ellis, shows_writer=False)

    assert [photograph_bytes(office, item, ellis, n) for n in (1, 2)] == [PAPER.shown, OTHER.shown]
    with pytest.raises(Refused, match="you may not see it"):
        photograph_bytes(office, item, officer)
    assert photograph_bytes(office, item, officer, 2) == OTHER.shown
    assert [opens(office, item, one) for one in (officer, ellis)] == [[False, True], [True, True]]
    for other in (elsewhere, manager):
        for number in (1, 2, 3):
            with pytest.raises(Hidden):
                photograph_bytes(office, item, other, number)
        with pytest.raises((Hidden, Refused)):
            laid(office, item, ShownPhotograph("png", b"x", b"y"), reader=other)
    assert len(lying(office)) == 4


@pytest.mark.usually_on("sqlite")
def test_it_goes_with_the_words_and_does_not_come_back_with_an_older_backup(
    either: Office, again: Callable[..., System], tmp_path: Path
) -> None:
    item = either.words("CANARY waits by the arcade")
    laid(either, item)
    (event,) = either.events(LogPhotographed)
    one, plan = erasure.propose(either.desk, either.reader, [item], "recorded-in-error")
    assert plan.originals == tuple(sorted([event.kept, event.shown]))
    back_up(either.system, tmp_path / "older", None)
    erasure.approve(either.desk, either.somebody("di.moss"), one.id, either.system)
    assert lying(either) == {}
    (gone,) = either.events(LogPhotographed)
    assert (gone.secret, gone.shown_secret, gone.sha256) == (b"", b"", "[erased]")
    with pytest.raises(Hidden):
        photograph_bytes(either, item, either.reader)
    back_up(either.system, None, tmp_path / "today")
    assert not list((again("older", "today").home / "originals").iterdir())


def test_it_goes_where_other_words_stand_in_the_place_of_the_first(
    office: Office,
) -> None:
    """If an erasure replaces the text of an entry, photographs of the old text are erased too,
    because they may show the erased person. A photograph that was added after the replacement
    stays."""
    who = office.person("Zyxwora Quibblethorne")
    item = office.words("Zyxwora Quibblethorne waits with another girl")
    observation.confirm(office.desk, office.reader, item, str(who), "Zyxwora Quibblethorne")
    laid(office, item)
    written = [Redaction(item, words="A man waits with another girl")]
    one, plan = erasure.propose(office.desk, office.reader, [who], "part-3-s47", written)
    assert set(plan.originals) == set(lying(office))
    erasure.approve(office.desk, office.somebody("di.moss"), one.id, office.system)
    assert lying(office) == {}
    with pytest.raises(Hidden):
        photograph_bytes(office, item, office.reader)
    laid(office, item, OTHER)
    assert photograph_bytes(office, item, office.reader) == OTHER.shown


def test_a_hold_on_the_words_keeps_it(office: Office) -> None:
    item = office.words()
    laid(office, item)
    legal_hold.place(
        office.desk, office.reader, Query("item", item), "inquiry", "the inquiry asked"
    )
    assert Reckoning(office.system.logs).files_under_hold() == set(lying(office))
    office.system.purge(list(lying(office)))
    assert photograph_bytes(office, item, office.reader) == PAPER.shown


def test_who_asks_for_what_is_held_of_them_is_informed_that_it_is_held(office: Office) -> None:
    who = office.person("Zyxwora Quibblethorne")
    item = office.words("Zyxwora Quibblethorne waits")
    observation.confirm(office.desk, office.reader, item, str(who), "Zyxwora Quibblethorne")
    laid(office, item)
    with office.system.reading() as db:
        held = Search(office.desk, db, office.reader, who).own()
    (text,) = [one.text for one in held if one.item == item]
    assert PICTURE in text
    assert "secret" not in text
