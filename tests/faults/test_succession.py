"""Two people approve a copy of the record into a new origin, and faults during the copy lose
nothing.
"""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from commands.kernel.unit_of_work import facts as told
from commands.people_and_teams import store_admin
from domain.data_protection.copies import CopyFingerprinted
from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import Submission
from domain.people_and_teams.recovery import CopyConfirmed
from domain.people_and_teams.store_admin import SUCCESSION, ExportMade1, FileReceived, FileReceived1
from installation import succession
from ledger.backup import copy_sqlite, restore
from ledger.proof.leaf import leaf_of, prefix
from tests.console.conftest import Line, Said
from tests.faults.conftest import Depot
from tests.support.kept.copied import facts, logs, stored

FIRST, SECOND = ("--user", "ds.hart"), ("--user", "di.moss")
PLATE = b"PK95 ABC"
HASH = hashlib.sha256(PLATE).hexdigest()


def desk(line: Line) -> Any:
    logs(line)
    assert line.kept.system
    return line.kept.system.desk


def old_file(depot: Depot, sha256: str = HASH) -> str:
    """Record an imported file in the form that an older release used, with an unencrypted hash;
    return the file's id."""
    at = desk(depot.line)
    received = FileReceived1(form="links", size=8, kept="", sha256=sha256, name="plate.csv")
    assert depot.line.kept.system
    reader = depot.line.kept.system.reader
    made = store_admin.prepare_file(at, reader, command_id=uuid4(), received=received)
    at.save([made])
    return str(made.item)


def erase(line: Line, item: str) -> dict[str, Any]:
    one = line(*FIRST, "--json", "erase", item, "--basis", "recorded-in-error").json["id"]
    done: dict[str, Any] = line(*SECOND, "--json", "erase", "--approve", one).json
    return done


def propose(depot: Depot) -> None:
    said = depot.line(*FIRST, "new-origin", "propose", "--reason", "a plate can be guessed")
    assert said.code == 0, said


def confirm(depot: Depot, store: str | None = None) -> tuple[Said, Line]:
    """Confirm, as a second person, the copy of the store into a new origin. Return the command's
    result and a command line for the copy."""
    home = depot.place / f"copy{len(depot.opened)}"
    store = store or depot.fresh() or str(home)
    depot.opened.append(Line(store, home))
    into = ("--into", store, "--into-home", str(home))
    return depot.line(*SECOND, "new-origin", "confirm", *into), depot.opened[-1]


def copied(depot: Depot) -> Line:
    propose(depot)
    said, again = confirm(depot)
    assert said.code == 0, said
    return again


def test_an_erased_plate_does_not_come_back_by_guessing(depot: Depot) -> None:
    file, other = old_file(depot), old_file(depot, "12" * 32)
    erase(depot.line, file)
    assert HASH.encode() in stored(depot.line), "its bare hash outlives it where it was written"
    again = copied(depot)
    assert HASH.encode() not in stored(again)
    assert bytes.fromhex(HASH) not in stored(again)
    (gone,) = [f for f in logs(again)["evidence"].history(UUID(file)) if f.version == 1]
    assert gone.erased
    assert type(gone.event) is FileReceived
    assert HASH not in str(gone.event)
    (live,) = [f.event for f in logs(again)["evidence"].history(UUID(other))]
    assert isinstance(live, FileReceived)
    assert (live.sha256, live.name) == ("12" * 32, "plate.csv")
    assert b"12" * 32 not in stored(again)
    # the old store still has readable data that are erased in the new store, so it counts as a copy
    words = depot_words(again)
    done = erase(again, words)
    assert {one["kind"] for one in done["copies"]} == {"backup", "backup of keys"}
    assert {one["place"] for one in done["copies"]} >= {str(depot.line.home.absolute())}
    assert again("--json", "verify", "--allow-unproven", "--open").json["ok"]


def depot_words(line: Line) -> str:
    """Return the id of the log entry that a depot contains from the start."""
    found = [f for f in facts(line)["evidence"] if f.event.stored.name == "observation.recorded"]
    return str(found[0].stream)


@pytest.mark.usually_on("sqlite")
def test_holds_stand_in_the_copy(depot: Depot) -> None:
    words = depot_words(depot.line)
    hold = (
        "hold",
        "place",
        words,
        "--reason",
        "an inquiry",
        "--order",
        "a letter",
        "--review",
        "2031-01-01",
    )
    placed = depot.line(*FIRST, "--json", *hold).json["id"]
    again = copied(depot)
    assert again("--json", "hold", "list").json == depot.line("--json", "hold", "list").json
    assert again("hold", "prove", placed).code == 0
    assert erase(again, words)["outcome"] == "only restricted"


@pytest.mark.usually_on("sqlite")
def test_what_left_is_reported_by_its_hash_under_a_key(depot: Depot) -> None:
    words, at = depot_words(depot.line), desk(depot.line)
    assert depot.line.kept.system
    who = depot.line.kept.system.reader
    gone = depot.words("Another one.")
    made = []
    for sha256, item in (("34" * 32, words), ("56" * 32, gone)):
        stream = uuid4()
        event = ExportMade1(form="csv", ids=(item,), sha256=sha256)
        made_of = told(who, stream, 0, (event,))
        submission = Submission(stream, at.digest("export", str(stream)), made_of)
        at.logs["access"].append([submission])
        made.append(stream)
    erase(depot.line, gone)
    again = copied(depot)
    known = [f.event for f in facts(again)["access"] if isinstance(f.event, CopyFingerprinted)]
    assert [(one.of, one.sha256) for one in known] == [(made[0], ("34" * 32,))]
    assert not {b"34" * 32, b"56" * 32} & {
        one for one in (b"34" * 32, b"56" * 32) if one in stored(again)
    }
    assert again("--json", "views", "compare").json["equal"]


@pytest.mark.usually_on("sqlite")
def test_what_was_recorded_while_it_was_copied_is_in_the_copy(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts that users record while the store is copied are in the copy."""
    at, reseal = desk(depot.line), succession._reseal
    late: list[UUID] = []

    def slowly(*given: Any) -> Any:
        if not late:
            late.append(uuid4())
            submission = Submission(late[0], b"late", _words(depot, late[0]))
            at.logs["evidence"].append([submission])
        return reseal(*given)

    monkeypatch.setattr(succession, "_reseal", slowly)
    again = copied(depot)
    assert logs(again)["evidence"].history(late[0])


def _words(depot: Depot, stream: UUID) -> Any:
    assert depot.line.kept.system
    event = ObservationRecorded(kind="snippet", form="paraphrase", words="just in time")
    return told(depot.line.kept.system.reader, stream, 0, (event,))


def test_broken_off_it_is_made_again_or_given_up(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(depot)
    assert "waits for a second person" in doctor_findings(depot.line)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(restore, "put_in_place", full)
        said, nowhere = confirm(depot)
        assert said.code == 5, said
    assert nowhere("stages").code == 5, "what was broken off is no store"
    assert (
        "this store was copied, and its copy has taken over under another origin"
        in depot.line.refused("record", text="One more.")
    )
    assert "goes on elsewhere" in doctor_findings(depot.line)
    said = depot.line(*FIRST, "new-origin", "confirm", "--into", nowhere.store, "--into-home",
                      str(nowhere.home))  # fmt: skip
    assert said.code == 0, "who proposed it may make what another confirmed"
    confirmed = [f.event for f in logs(depot.line)["evidence"].history(SUCCESSION)][1:]
    assert all(isinstance(one, CopyConfirmed) for one in confirmed)
    assert len({one.store for one in confirmed if isinstance(one, CopyConfirmed)}) == 2
    assert nowhere("record", text="One more.").code == 0
    names = {
        one["former"]["origin"]
        for one in nowhere("--json", "verify", "--allow-unproven").json["logs"]
    }
    assert len(names) == 4
    assert depot.line(*FIRST, "new-origin", "refuse", "--reason", "the copy was lost").code == 0
    assert depot.line("record", text="It goes on here.").code == 0
    assert not {"goes on elsewhere", "waits for a second person"} & doctor_findings(depot.line)


def doctor_findings(line: Line) -> set[str]:
    """Return the kinds of finding that `doctor` reports for a store."""
    return {one["what"] for one in line("--json", "doctor").json["findings"]}


@pytest.mark.usually_on("sqlite")
def test_it_goes_to_an_empty_place_and_takes_nothing_in_the_clear(depot: Depot) -> None:
    propose(depot)
    said, _ = confirm(depot, depot.line.store)
    assert (said.code, "contains a store" in said.err) == (2, True)
    other = depot.place / f"copy{len(depot.opened)}" / "keys"
    other.mkdir(0o700, parents=True)
    (other / "record.7.kek").write_bytes(bytes(32))
    said, _ = confirm(depot)
    assert (said.code, "keys of another store" in said.err) == (2, True)
    lying = depot.line.home / "originals"
    lying.mkdir(0o700, exist_ok=True)
    (lying / HASH).write_bytes(PLATE)
    said, _ = confirm(depot)
    assert (said.code, "encrypt them first with continuum original --seal" in said.err) == (2, True)
    assert depot.line("record", text="It goes on here.").code == 0, "nothing was confirmed"


@pytest.mark.usually_on("sqlite")
def test_a_record_of_before_that_is_rewritten_in_the_copy_is_found(depot: Depot) -> None:
    """If a record from before the copy is changed in an unsigned copy, the check reports it. The
    root hash of the old store does not fit the records any more."""
    depot.sign()
    old_file(depot)
    again = copied(depot)
    log = logs(again)["evidence"]
    (row,) = log._store.select_sealed(3, 1)
    forged = row._replace(recorded=row.recorded + 1)
    change = (forged.recorded, leaf_of(prefix(log.origin()), forged))
    again.close()
    if "://" in again.store:
        with psycopg.connect(again.store) as server:
            server.execute(
                "UPDATE evidence.evidence_events SET recorded = %s, leaf = %s WHERE seq = 3", change
            )
    else:
        with copy_sqlite._opened(Path(again.store) / "log.db", write=True) as c:
            c.execute("UPDATE evidence_events SET recorded = ?, leaf = ? WHERE seq = 3", change)
    said = again("--json", "verify")
    assert said.code == 4, said
    assert "are not those of continuum/" in said.out
