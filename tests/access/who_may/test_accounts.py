"""Only some roles may manage accounts, and a right that is removed has no effect from the next
command on.
"""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import msgspec
import pytest

from commands.families import casework, referral
from commands.information import observation
from commands.people_and_teams import account, grant
from commands.people_and_teams.team import make_team, merge_team, rename_team
from domain import catalogue
from domain.kernel.envelope import Event, LogUnavailable, Recorded
from domain.kernel.values import Denied, Hidden, Reader, Refused
from domain.people_and_teams.store_admin import CLOSING
from installation.opening import open_system
from installation.system import System
from projections.families import cases
from projections.people_and_teams import accounts
from tests.commands.office import Office
from tests.console.conftest import Line

ADMINISTRATOR = "ds.hart"  # this user made the store


def as_one(office: Office, name: str, **more: str) -> System:
    """Return the store as the user `name` opens it, with this user's current rights; `more` are
    further settings.
    """
    settings = office.settings.model_copy(update={"user": name, **more})
    return office.system.serving(settings, office.system.clock.given_time)


def current_reader(office: Office, name: str, **more: str) -> Reader:
    return as_one(office, name, **more).reader


def closed(office: Office) -> Office:
    """Add a detective of the team Cherish, which closes the store to users without an account;
    return the store.
    """
    add = as_one(office, ADMINISTRATOR)
    account.add(add.desk, add.reader, "dc.reed", roles=["detective"], teams=["Cherish"])
    return office


def test_a_store_is_open_until_its_first_administrator_adds_somebody(office: Office) -> None:
    anybody = current_reader(office, "somebody")
    assert not anybody.closed
    assert anybody.assessor
    with office.system.reading() as db:
        assert [one.user for one in accounts.list_accounts(db)] == [ADMINISTRATOR]
    closed(office)
    stranger = current_reader(office, "somebody")
    assert stranger.closed
    assert not stranger.roles
    assert not stranger.assessor
    assert len(office.desk.logs["access"].history(CLOSING)) == 1


@pytest.mark.usually_on("sqlite")
def test_the_reader_of_a_closed_store_is_what_their_account_says(office: Office) -> None:
    reader = current_reader(closed(office), "dc.reed")
    assert reader.roles == {"detective"}
    assert reader.teams == {"Cherish"}
    assert reader.team == "Cherish", "not the team that the installation sets"
    assert reader.assessor
    admin = current_reader(office, ADMINISTRATOR)
    assert admin.roles == {"administrator"}
    assert not admin.assessor


@pytest.mark.usually_on("sqlite")
def test_they_record_for_a_team_of_theirs_and_for_no_other(office: Office) -> None:
    admin = as_one(closed(office), ADMINISTRATOR)
    account.join(admin.desk, admin.reader, "dc.reed", "Deter")
    assert current_reader(office, "dc.reed", team="Deter").team == "Deter"
    assert current_reader(office, "dc.reed", team="Freedom").team == "Cherish"


@pytest.mark.usually_on("sqlite")
def test_the_controller_of_an_account_brings_its_law(office: Office) -> None:
    admin = as_one(closed(office), ADMINISTRATOR)
    account.add(admin.desk, admin.reader, "psw.ellis", roles=["psw"], controller="charity")
    reader = current_reader(office, "psw.ellis")
    assert (reader.controller, reader.regime) == ("charity", "uk-gdpr")
    assert current_reader(office, "dc.reed").regime == "part-3"


@pytest.mark.usually_on("sqlite")
def test_what_is_taken_is_gone_at_the_next_command(office: Office) -> None:
    closed(office)
    admin = as_one(office, ADMINISTRATOR)
    item = office.words()
    assert current_reader(office, "dc.reed").roles == {"detective"}
    account.take_role(admin.desk, admin.reader, "dc.reed", "detective")
    after = as_one(office, "dc.reed")
    assert after.reader.roles == frozenset()
    with pytest.raises(Denied, match="your role does not allow you to correct log entries"):
        observation.correct(after.desk, after.reader, item, words="x", reason="y")


@pytest.mark.parametrize("how", ["lock", "leave"])
@pytest.mark.usually_on("sqlite")
def test_who_is_locked_or_left_sees_nothing_and_may_still_tell(office: Office, how: str) -> None:
    admin = as_one(closed(office), ADMINISTRATOR)
    if how == "lock":
        account.lock(admin.desk, admin.reader, "dc.reed", "lost their phone")
    else:
        account.leave(admin.desk, admin.reader, "dc.reed")
    gone = as_one(office, "dc.reed")
    assert gone.reader.closed
    assert not gone.reader.roles
    assert not gone.reader.teams
    told = observation.record(gone.desk, gone.reader, words="Seen on Mill Lane again.")
    assert office.system.logs["evidence"].history(told.id)


@pytest.mark.usually_on("sqlite")
def test_unlocked_they_have_what_they_had_and_who_left_begins_anew(office: Office) -> None:
    admin = as_one(closed(office), ADMINISTRATOR)
    account.lock(admin.desk, admin.reader, "dc.reed", "lost their phone")
    account.unlock(admin.desk, admin.reader, "dc.reed")
    assert current_reader(office, "dc.reed").roles == {"detective"}
    account.leave(admin.desk, admin.reader, "dc.reed")
    account.add(admin.desk, admin.reader, "dc.reed", roles=["psw"])
    assert current_reader(office, "dc.reed").roles == {"psw"}
    assert current_reader(office, "dc.reed").teams == frozenset()


@pytest.mark.usually_on("sqlite")
def test_nobody_but_administrators_keeps_accounts(office: Office) -> None:
    reed = as_one(closed(office), "dc.reed")
    before = office.count()["access"]
    attempts: tuple[Callable[[], object], ...] = (
        lambda: account.add(reed.desk, reed.reader, "another"),
        lambda: account.give_role(reed.desk, reed.reader, "dc.reed", "auditor"),
        lambda: account.lock(reed.desk, reed.reader, ADMINISTRATOR, "a coup"),
        lambda: account.leave(reed.desk, reed.reader, ADMINISTRATOR),
        lambda: account.join(reed.desk, reed.reader, "dc.reed", "Deter"),
        lambda: make_team(reed.desk, reed.reader, "Sunrise"),
        lambda: rename_team(reed.desk, reed.reader, "Deter", "Sunrise"),
        lambda: merge_team(reed.desk, reed.reader, "Deter", "Cherish"),
        lambda: account.assign(reed.desk, reed.reader, "dc.reed", str(uuid4())),
    )
    for attempt in attempts:
        with pytest.raises(Denied):
            attempt()
    assert office.count()["access"] == before


@pytest.mark.usually_on("sqlite")
def test_an_administrator_records_nothing_but_words_and_accounts(office: Office) -> None:
    admin = as_one(closed(office), ADMINISTRATOR)
    with pytest.raises(Denied):
        referral.receive(admin.desk, admin.reader, child="Kayleigh Marlow")
    observation.record(admin.desk, admin.reader, words="A neighbour rang.")


@pytest.mark.usually_on("sqlite")
def test_the_last_administrator_stays(office: Office) -> None:
    admin = as_one(closed(office), ADMINISTRATOR)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: account.leave(admin.desk, admin.reader, ADMINISTRATOR),
        lambda: account.lock(admin.desk, admin.reader, ADMINISTRATOR, "a holiday"),
        lambda: account.take_role(admin.desk, admin.reader, ADMINISTRATOR, "administrator"),
    )
    for attempt in attempts:
        with pytest.raises(Refused, match="last administrator"):
            attempt()
    account.add(admin.desk, admin.reader, "it.khan", roles=["administrator"])
    account.leave(admin.desk, admin.reader, ADMINISTRATOR)
    assert current_reader(office, "it.khan").roles == {"administrator"}


def test_added_twice_with_one_command_id_is_added_once(office: Office) -> None:
    admin = as_one(office, ADMINISTRATOR)
    once = uuid4()
    first = account.add(admin.desk, admin.reader, "dc.reed", command_id=once)
    again = as_one(office, ADMINISTRATOR)
    assert account.add(again.desk, again.reader, "dc.reed", command_id=once) == first
    with pytest.raises(Refused, match="already"):
        account.add(again.desk, again.reader, "dc.reed")


@pytest.mark.parametrize(
    "name", ["", " ds", "a\nINFO signed in", "a\x1b[2J", "\u202egro", "x" * 65]
)
@pytest.mark.usually_on("sqlite")
def test_a_name_that_could_write_a_line_of_a_log_is_refused(office: Office, name: str) -> None:
    admin = as_one(office, ADMINISTRATOR)
    with pytest.raises(Refused, match="write a user name"):
        account.add(admin.desk, admin.reader, name)
    assert not current_reader(office, "somebody").closed, "what was refused closes nothing"


# --- assigning users to a family ----------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_a_manager_assigns_the_cases_of_their_own_team(office: Office) -> None:
    case = office.case()  # this case belongs to the team Engage
    admin = as_one(closed(office), ADMINISTRATOR)
    account.add(admin.desk, admin.reader, "m.engage", roles=["manager"], teams=["Engage"])
    account.add(admin.desk, admin.reader, "m.deter", roles=["manager"], teams=["Deter"])
    account.add(admin.desk, admin.reader, "psw.ellis", roles=["psw"])
    other = as_one(office, "m.deter")
    with pytest.raises(Hidden) as hidden:
        account.assign(other.desk, other.reader, "psw.ellis", str(case))
    nowhere = uuid4()
    with pytest.raises(Hidden) as missing:
        account.assign(other.desk, other.reader, "psw.ellis", str(nowhere))
    assert str(hidden.value).replace(str(case), "") == str(missing.value).replace(str(nowhere), "")
    own = as_one(office, "m.engage")
    account.assign(own.desk, own.reader, "psw.ellis", str(case))
    assert current_reader(office, "psw.ellis").cases == {case}
    account.end_assignment(own.desk, own.reader, "psw.ellis", str(case))
    assert current_reader(office, "psw.ellis").cases == frozenset()


@pytest.mark.usually_on("sqlite")
def test_a_person_who_has_a_child_has_its_cases(office: Office) -> None:
    case = office.case()
    with office.system.reading() as db:
        found = cases.get(db, office.reader, case)
    assert found
    admin = as_one(closed(office), ADMINISTRATOR)
    account.assign(admin.desk, admin.reader, "dc.reed", str(found.child))
    assert current_reader(office, "dc.reed").cases == {case}
    assert current_reader(office, "dc.reed").children == {found.child}


@pytest.mark.usually_on("sqlite")
def test_who_refers_a_child_has_the_case_until_the_parents_have_a_worker(office: Office) -> None:
    """A worker who refers a child at night may see the child's case until the parents get a worker,
    although nobody allocated the case to the worker.
    """
    admin = as_one(closed(office), ADMINISTRATOR)
    account.add(admin.desk, admin.reader, "psw.marsh", roles=["psw"], teams=["Engage"])
    account.add(admin.desk, admin.reader, "m.engage", roles=["manager"], teams=["Engage"])
    account.add(admin.desk, admin.reader, "sw.lyn", roles=["social-worker"], teams=["Engage"])
    account.add(admin.desk, admin.reader, "psw.ellis", roles=["psw"], teams=["Engage"])
    psw = as_one(office, "psw.marsh")
    case = referral.refer(psw.desk, psw.reader, [], "Erin Vale", concern="out at night").id
    assert current_reader(office, "psw.marsh").cases == {case}
    manager = as_one(office, "m.engage")
    casework.allocate(manager.desk, manager.reader, str(case), "sw.lyn", "child")
    assert current_reader(office, "psw.marsh").cases == {case}
    casework.allocate(manager.desk, manager.reader, str(case), "psw.ellis", "parents")
    assert current_reader(office, "psw.marsh").cases == frozenset()


# --- teams that merge ---------------------------------------------------------------------------


def test_a_merged_team_brings_its_people_and_its_cases(office: Office) -> None:
    admin = as_one(closed(office), ADMINISTRATOR)
    make_team(admin.desk, admin.reader, "Hub")
    merge_team(admin.desk, admin.reader, "Cherish", "Hub")
    reader = current_reader(office, "dc.reed")
    assert reader.team == "Hub"
    assert {"Cherish", "Hub"} <= reader.teams
    with pytest.raises(Refused, match="no team Cherish"):
        account.join(admin.desk, admin.reader, ADMINISTRATOR, "Cherish")
    rename_team(admin.desk, admin.reader, "Hub", "Safeguarding Hub")
    assert {"Cherish", "Hub", "Safeguarding Hub"} <= current_reader(office, "dc.reed").teams
    with pytest.raises(Refused, match="or was"):
        rename_team(admin.desk, admin.reader, "Deter", "Cherish")


@pytest.mark.usually_on("sqlite")
def test_a_case_that_nobody_has_any_more_is_reported(either: Line) -> None:
    either("refer", "--child", "Kayleigh Marlow", "--team", "Cherish")
    for name in ("dc.reed", "dc.lowe"):
        assert either("user", "add", name, "--role", "detective", "--team", "Cherish",
                      "--user", "administrator").code == 0  # fmt: skip
    first = either("user", "leave", "dc.reed", "--user", "administrator", "--json").json
    assert first["cases_without_owner"] == []
    last = either("user", "leave", "dc.lowe", "--user", "administrator", "--json").json
    assert [one["team"] for one in last["cases_without_owner"]] == ["Cherish"]
    merged = either("team", "merge", "Cherish", "--into", "Deter", "--user", "administrator",
                    "--json").json  # fmt: skip
    assert len(merged["cases_without_owner"]) == 1, "a team without people has nobody either"


# --- at the command line ------------------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_who_is_nobody_is_denied_in_words_and_shown_no_more(either: Line) -> None:
    either("user", "add", "dc.reed", "--role", "detective")
    for command in (["user", "list"], ["user", "show", "dc.reed"], ["team", "list"]):
        assert either.refused(*command, code=3) == "your role does not allow you to manage accounts"
    assert either("record", text="Words of somebody without an account.").code == 0


@pytest.mark.usually_on("sqlite")
def test_somebody_new_may_have_several_teams(either: Line) -> None:
    """A new account may belong to several teams. Its user's records belong to the first of these
    teams."""
    teams = ("--team", "Deter", "--team", "Cherish", "--team", "Deter")
    either("user", "add", "psw.ellis", "--role", "psw", *teams)
    shown = either("user", "show", "psw.ellis", "--user", "administrator", "--json").json
    assert shown["teams"] == ["Deter", "Cherish"]
    told = either("--id", "record", "--user", "psw.ellis", text="He waits at the arcade.").out
    assert either("show", told.strip(), "--user", "psw.ellis", "--json").json["events"]
    assert "one --team" in either.refused("cases", *teams)


@pytest.mark.usually_on("sqlite")
def test_a_programs_keys_are_made_listed_and_ended(either: Line) -> None:
    """Users make, list and end API keys at the command line; only the command that makes a key
    shows it, once.
    """
    keeper = ("--user", "administrator", "--clock", "2011-01-10")
    either("user", "add", "svc.portal", "--role", "detective", "--service", *keeper)
    assert "active, a program" in either("user", "list", *keeper).out
    assert "is a program" in either.refused("user", "enrol", "svc.portal", *keeper)
    make = ("user", "key", "make", "svc.portal", "--until")
    program = ("--user", "svc.portal", "--clock", "2011-01-10")
    assert "within a year" in either.refused(*make, "2011-01-09", *keeper)
    assert "your role" in either.refused(*make, "2011-03-31", *program, code=3)
    made = either(*make, "2011-03-31", *keeper, "--json").json
    assert made["key"].startswith("continuum_")
    listed = either("user", "key", "list", *keeper)
    assert ("2011-03-31 23:59" in listed.out, made["key"] in listed.out) == (True, False)
    end = ("user", "key", "end", "svc.portal")
    assert "has no key" in either.refused(*end, "0000", *keeper)
    assert either(*end, made["id"][-8:], *keeper).code == 0
    assert either("user", "key", "list", *keeper, "--json").json == []
    for command in (("list",), ("end", "svc.portal", made["id"])):
        assert "accounts" in either.refused("user", "key", *command, *program, code=3)


@pytest.mark.usually_on("sqlite")
def test_a_label_writes_no_line_of_its_own(either: Line) -> None:
    """A user's name with line breaks, which is possible on a store without accounts, does not start
    a new line in a log file.
    """
    label = "dc.reed\n00000000  INFO  nobody looked\x1b[2J\u202e"
    told = either("--id", "record", "--user", label, text="He waits at the arcade.").out.strip()
    shown = either("show", told)
    assert "nobody looked" in shown.out
    assert not any(line.startswith("00000000") for line in shown.out.splitlines())
    assert not {"\x1b", "\u202e"} & set(shown.out)
    kept = either("show", told, "--json").json["events"][0]
    assert "\n" not in kept["by"]


@pytest.mark.usually_on("sqlite")
def test_only_who_runs_the_store_turns_its_keys(either: Line) -> None:
    either("user", "add", "dc.reed", "--role", "detective")
    for command in (["keys", "rotate"], ["keys", "status"]):
        assert "run the store" in either.refused(*command, "--user", "dc.reed", code=3)
    assert either("keys", "rotate", "--user", "administrator").code == 0


@pytest.mark.usually_on("sqlite")
def test_somebody_sees_their_own_account(either: Line) -> None:
    either("user", "add", "dc.reed", "--role", "detective", "--team", "Deter")
    own = either("user", "show", "dc.reed", "--user", "dc.reed", "--json").json
    assert own["roles"] == ["detective"]
    assert own["teams"] == ["Deter"]


def test_rights_that_cannot_be_looked_up_allow_recording_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(office)
    later = as_one(office, "dc.reed")

    def down(*given: object) -> None:
        raise LogUnavailable("the views do not answer")

    with monkeypatch.context() as broken:
        broken.setattr(accounts, "read_rights", down)
        assert later.reader.closed
        assert not later.reader.roles
    observation.record(later.desk, later.reader, words="Told at the worst moment.")
    assert current_reader(office, "dc.reed").roles == {"detective"}


# --- cached rights ------------------------------------------------------------------------------


def samples() -> dict[str, Event]:
    """Return one event of each class in its stored form, by the name of the class."""
    kinds = {event.stored.topic: event for event in catalogue.events()}
    found = {}
    for path in (Path(__file__).parents[2] / "data" / "events").iterdir():
        stored = msgspec.json.decode(path.read_bytes())
        kind = kinds[path.name.removesuffix(".json")]
        found[path.name] = msgspec.convert(stored["event"], kind)
    return found


def test_every_event_that_moves_rights_is_known_to_do_so() -> None:
    """Every class of event that may change users' rights is declared as such. Cached rights are
    used only until an event of a declared class is recorded."""

    class Batch:
        touched = False

        def __getattr__(self, name: str) -> Any:
            self.touched = True
            return lambda *given, **more: []

    moving, events = set(), samples().values()
    for event in events:
        batch = Batch()
        fact = Recorded("access", 1, uuid4(), 1, datetime.now(UTC), "x", "Engage", "police",
                        "part-3", (), uuid4(), event)  # fmt: skip
        # the event would change an account that does not exist
        with contextlib.suppress(ValueError):
            accounts.apply(fact, cast(Any, batch))
        if batch.touched:
            moving.add(event.stored.topic)
    assert moving == {one.stored.topic for one in events if type(one) in accounts.MOVING}


@pytest.mark.usually_on("sqlite", "postgres")
def test_another_process_takes_a_right_and_it_is_gone_here(office: Office) -> None:
    """A right that another process removes from a user no longer works in this process, which reads
    the log.
    """
    closed(office)
    other = open_system(office.settings, now=office.system.clock.given_time)
    try:
        for _ in range(3):
            assert current_reader(office, "dc.reed").roles == {"detective"}
        account.take_role(other.desk, other.reader, "dc.reed", "detective")
        assert current_reader(office, "dc.reed").roles == frozenset()
        account.give_role(other.desk, other.reader, "dc.reed", "psw")
        office.system.consulted("queue", [uuid4()])
        assert current_reader(office, "dc.reed").roles == {"psw"}
        account.lock(other.desk, other.reader, "dc.reed", "a lost phone")
        office.system.consulted("queue", [uuid4()])
        assert current_reader(office, "dc.reed").roles == frozenset()
    finally:
        other.close()


def test_what_was_opened_for_a_time_ends_in_memory_as_well(office: Office) -> None:
    case = office.case()
    closed(office)
    reed = as_one(office, "dc.reed")
    grant.break_glass(reed.desk, reed.reader, str(case), "a child is missing tonight")
    assert current_reader(office, "dc.reed").glass == {case}
    office.later(0.5)
    assert current_reader(office, "dc.reed").glass == {case}
    office.later(1)
    assert current_reader(office, "dc.reed").glass == frozenset()
