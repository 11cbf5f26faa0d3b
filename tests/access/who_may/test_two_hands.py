"""No administrator gives access alone: on a live store, a new role needs a second person, whose
account is older than the proposal. Each test begins with one administrator who tries to give the
access alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from access.who_may.event_rules import SECOND
from commands.data_protection import access_log
from commands.erasure import erasure
from commands.families import referral
from commands.information import observation
from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import (
    account,
    enrolment,
    escalating,
    role_proposal,
    team,
    two_person,
)
from domain import catalogue
from domain.kernel.values import Denied, Reader, Refused, Role
from domain.people_and_teams.account import RightGivenAlone, RoleGiven
from projections import due
from projections.people_and_teams import waiting_rights
from questions.people_and_teams import unusual_access
from tests.commands.conftest import either
from tests.commands.office import Office
from tests.hired import hired

__all__ = ["either"]
KEEPER, MANAGER, DCI = "ds.hart", "mgr.cole", "dci.stone"


@dataclass
class Force:
    """A live store on either database, with a clock that the test sets; the user ds.hart
    administers its accounts.
    """

    office: Office

    def now(self, name: str) -> Reader:
        return self.office.system.vouched_for(name).reader

    @property
    def keeper(self) -> Reader:
        return self.now(KEEPER)

    def hired(self, name: str, *roles: Role, team: str = "Engage") -> Reader:
        hired(self.office.desk, self.keeper, name, roles=roles, teams=[team])
        self.office.later()
        return self.now(name)

    def proposed(self, name: str, role: Role, team: str = "Engage") -> None:
        account.add(self.office.desk, self.keeper, name, roles=[role], teams=[team])
        self.office.later()

    def confirmed(self, by: str, name: str, role: Role) -> None:
        role_proposal.confirm(self.office.desk, self.now(by), name, role=role)
        self.office.later()


@pytest.fixture
def force(either: Office) -> Force:
    """Make a live store with a manager of Engage and a DCI, both named by `init`."""
    either.system.synthetic = False
    made = Force(either)
    label = either.system.label
    account.first_confirmer(either.desk, label, MANAGER, "manager", "Engage")
    account.first_confirmer(either.desk, label, DCI, "dci", "Engage")
    account.add(either.desk, label, "psw.ellis", teams=["Engage"], can_prove=lambda name: True)
    either.later()
    return made


def test_a_role_is_nothing_until_a_manager_confirms_it(force: Force) -> None:
    force.proposed("evil.dci", "dci")
    assert force.now("evil.dci").roles == frozenset()
    with pytest.raises(Denied):  # the administrator who proposed the role cannot confirm it
        force.confirmed(KEEPER, "evil.dci", "dci")
    with pytest.raises(Refused, match="already: a second person has to confirm"):
        account.give_role(force.office.desk, force.keeper, "evil.dci", "dci")
    force.confirmed(MANAGER, "evil.dci", "dci")
    assert force.now("evil.dci").roles == {"dci"}
    given = [fact for fact in force.office.facts("access") if isinstance(fact.event, RoleGiven)]
    assert given[-1].by == MANAGER


def test_a_second_administrator_is_proposed_too_and_confirms_nothing(force: Force) -> None:
    force.proposed("it.second", "administrator")
    assert force.now("it.second").roles == frozenset()
    force.confirmed(MANAGER, "it.second", "administrator")
    force.proposed("evil.psw", "psw")
    with pytest.raises(Denied):
        force.confirmed("it.second", "evil.psw", "psw")


def test_nobody_confirms_their_own(force: Force) -> None:
    account.give_role(force.office.desk, force.keeper, MANAGER, "dci")
    with pytest.raises(Refused, match="your own account"):
        force.confirmed(MANAGER, MANAGER, "dci")
    force.confirmed(DCI, MANAGER, "dci")


def test_who_proposed_it_confirms_nothing_in_another_role(force: Force) -> None:
    """If a user proposes to give a role, and later gets the role of a DCI, who may confirm
    proposals, the user still cannot confirm this proposal.
    """
    force.hired("it.second", "administrator")
    force.proposed("evil.psw", "psw")
    account.take_role(force.office.desk, force.now("it.second"), KEEPER, "administrator")
    account.give_role(force.office.desk, force.now("it.second"), KEEPER, "dci")
    force.confirmed(DCI, KEEPER, "dci")
    with pytest.raises(Refused, match="another person"):
        force.confirmed(KEEPER, "evil.psw", "psw")


def test_the_managers_of_its_team_confirm(force: Force) -> None:
    force.hired("mgr.vale", "manager", team="Deter")
    force.proposed("dc.reed", "detective")
    with pytest.raises(Refused, match=f"{DCI} or {MANAGER} can confirm it"):
        force.confirmed("mgr.vale", "dc.reed", "detective")
    force.confirmed(DCI, "dc.reed", "detective")
    # if the team has no manager, a manager of another team can confirm
    account.leave(force.office.desk, force.keeper, DCI)
    force.proposed("dc.lowe", "detective", team="Freedom")
    force.confirmed("mgr.vale", "dc.lowe", "detective")


def test_another_team_is_proposed_for_who_holds_a_role(force: Force) -> None:
    force.hired("dc.reed", "detective", team="Deter")
    account.join(force.office.desk, force.keeper, "dc.reed", "Engage")
    assert force.now("dc.reed").teams == {"Deter"}
    role_proposal.confirm(force.office.desk, force.now(MANAGER), "dc.reed", team="Engage")
    assert force.now("dc.reed").teams == {"Deter", "Engage"}


def test_a_team_joined_while_the_role_waits_is_proposed_too(force: Force) -> None:
    force.proposed("dc.reed", "detective", team="Deter")
    account.join(force.office.desk, force.keeper, "dc.reed", "Engage")
    force.confirmed(DCI, "dc.reed", "detective")
    assert force.now("dc.reed").teams == {"Deter"}


def test_a_proposal_is_refused_taken_back_or_lapses(force: Force) -> None:
    desk = force.office.desk
    force.proposed("dc.reed", "detective")
    role_proposal.refuse(desk, force.now(MANAGER), "dc.reed", "who is that?", role="detective")
    for reader in (MANAGER, DCI):
        with pytest.raises(Refused, match="no proposal of the role detective for"):
            force.confirmed(reader, "dc.reed", "detective")
    account.give_role(desk, force.keeper, "dc.reed", "detective")
    role_proposal.refuse(desk, force.keeper, "dc.reed", "a slip", role="detective")
    account.give_role(desk, force.keeper, "dc.reed", "detective")
    force.office.later(24 * 15)
    with pytest.raises(Refused, match="no proposal of the role detective for"):
        force.confirmed(MANAGER, "dc.reed", "detective")
    account.give_role(desk, force.keeper, "dc.reed", "detective")
    force.confirmed(MANAGER, "dc.reed", "detective")


def test_what_waits_ends_with_the_account(force: Force) -> None:
    desk = force.office.desk
    force.proposed("dc.reed", "detective")
    account.lock(desk, force.keeper, "dc.reed", "a lost phone")
    account.unlock(desk, force.keeper, "dc.reed")
    with pytest.raises(Refused, match="no proposal of the role detective for"):
        force.confirmed(MANAGER, "dc.reed", "detective")


# --- a younger account, role or credential confirms no proposal ---------------------------------


def closing_proposed(force: Force) -> str:
    """Record a case, and a detective's proposal to close the case; return the case's id."""
    dc = force.hired("dc.reed", "detective")
    case = str(referral.receive(force.office.desk, dc, child="Kayleigh Marlow").id)
    two_person.close(force.office.desk, dc, case, "safe now")
    force.office.later()
    return case


def confirms(force: Force, name: str, case: str) -> None:
    two_person.confirm(force.office.desk, force.now(name), case, "close", reason="looked through")


def an_account(force: Force) -> str:
    force.hired("sock.puppet", "detective")
    return "sock.puppet"


def a_role(force: Force) -> str:
    hired_role = "psw.ellis"
    account.give_role(force.office.desk, force.keeper, hired_role, "detective")
    force.confirmed(MANAGER, hired_role, "detective")
    return hired_role


def a_team(force: Force) -> str:
    account.join(force.office.desk, force.keeper, "dc.deter", "Engage")
    role_proposal.confirm(force.office.desk, force.now(MANAGER), "dc.deter", team="Engage")
    return "dc.deter"


@pytest.mark.parametrize("made", [an_account, a_role, a_team])
def test_what_was_made_after_the_proposal_confirms_nothing(
    force: Force, made: Callable[[Force], str]
) -> None:
    force.hired("dc.deter", "detective", team="Deter")
    case = closing_proposed(force)
    name = made(force)
    with pytest.raises(Refused, match="is newer"):
        confirms(force, name, case)
    confirms(force, MANAGER, case)


def test_a_sign_in_that_was_made_after_the_proposal_confirms_nothing(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = closing_proposed(force)
    since = {MANAGER: force.office.system.clock()}
    monkeypatch.setattr(type(force.office.system), "proves_since", lambda _, name: since.get(name))
    with pytest.raises(Refused, match="your sign-in is newer"):
        confirms(force, MANAGER, case)
    confirms(force, DCI, case)


def test_what_was_confirmed_before_binds_nobody_later(force: Force) -> None:
    """If two people recovered a user's account earlier, a new administrator can still make a
    sign-in code for this account later.
    """
    desk = force.office.desk
    force.hired("it.second", "administrator")
    for name in (KEEPER, "it.second"):
        enrolment.recover(desk, force.now(name), "psw.ellis", enrolled=True)
    force.office.later()
    force.hired("it.third", "administrator")
    enrolment.invite(desk, force.now("it.third"), "psw.ellis")


def test_an_erasure_is_approved_by_somebody_who_was_there(force: Force) -> None:
    desk = force.office.desk
    dc = force.hired("dc.reed", "detective")
    item = observation.record(desk, dc, words="Recorded in the wrong case.").id
    one = erasure.propose(desk, dc, [item], "recorded-in-error")[0].id
    force.office.later()
    force.hired("sock.puppet", "manager")
    with pytest.raises(Refused, match="your account is newer"):
        erasure.approve(desk, force.now("sock.puppet"), one, force.office.system)
    erasure.approve(desk, force.now(MANAGER), one, force.office.system)


def test_every_event_that_confirms_is_held_to_it() -> None:
    confirming = {name for name in catalogue.by_name() if name.endswith((".approved", "confirmed"))}
    # events about suggestions that the program read from texts
    judges = {"observation.mention_confirmed", "join.confirmed"}
    by_the_same_command = {"user.invited", "user.key_made", "team.merged"}
    assert confirming - judges == SECOND.keys() - by_the_same_command
    assert {one for names in SECOND.values() for one in names} <= catalogue.by_name().keys()


# --- API keys, first codes, mergers, families ---------------------------------------------------


def test_a_key_of_a_program_takes_a_manager_too(force: Force) -> None:
    desk = force.office.desk
    hired(desk, force.keeper, "svc.portal", roles=["psw"], teams=["Engage"], service=True)
    force.hired("it.second", "administrator")
    force.hired("mgr.vale", "manager", team="Deter")
    force.office.later()
    until = desk.clock() + timedelta(days=90)

    def makes(name: str, ends: datetime = until) -> object:
        return enrolment.make_key(desk, force.now(name), "svc.portal", ends)

    with pytest.raises(Refused, match="no administrator has proposed a key for"):
        makes(MANAGER)
    assert makes(KEEPER) is None
    force.office.later()
    for name in (KEEPER, "it.second"):
        with pytest.raises(Refused, match="a manager or a DCI, not an administrator"):
            makes(name)
    with pytest.raises(Refused, match="cannot confirm this proposal for these teams: Engage"):
        makes("mgr.vale")
    with pytest.raises(Refused, match="the proposed key ends on"):
        makes(MANAGER, until + timedelta(days=1))
    with pytest.raises(Denied):
        makes("psw.ellis")
    assert makes(MANAGER)
    with force.office.desk.looked() as db:
        assert waiting_rights.list_proposals(db, desk.clock()) == []


def test_a_key_that_was_proposed_lapses_in_a_day_and_with_a_lock(force: Force) -> None:
    desk = force.office.desk
    hired(desk, force.keeper, "svc.portal", roles=["psw"], teams=["Engage"], service=True)
    until = desk.clock() + timedelta(days=90)
    for later in (lambda: force.office.later(25), lambda: _locked(force, "svc.portal")):
        assert enrolment.make_key(desk, force.keeper, "svc.portal", until) is None
        later()
        with pytest.raises(Refused, match="no administrator has proposed a key for"):
            enrolment.make_key(desk, force.now(MANAGER), "svc.portal", until)


def _locked(force: Force, name: str) -> None:
    account.lock(force.office.desk, force.keeper, name, "a lost key")
    account.unlock(force.office.desk, force.keeper, name)


def test_a_merger_shows_cases_to_others_and_takes_a_manager_too(force: Force) -> None:
    desk = force.office.desk
    force.hired("dc.reed", "detective", team="Deter")
    force.hired("it.second", "administrator")
    force.office.later()

    def merges(name: str) -> Receipt:
        return team.merge_team(desk, force.now(name), "Deter", "Engage")

    with pytest.raises(Refused, match="no administrator has proposed"):
        merges(MANAGER)
    assert merges(KEEPER).proposed
    force.office.later()
    assert force.now("dc.reed").teams == {"Deter"}
    for name in (KEEPER, "it.second"):
        with pytest.raises(Refused, match="has to confirm it with the same request"):
            merges(name)
    with pytest.raises(Denied):
        merges("dc.reed")
    assert not merges(MANAGER).proposed
    assert "Engage" in force.now("dc.reed").teams


def test_no_administrator_opens_a_family_to_somebody(force: Force) -> None:
    desk = force.office.desk
    dc = force.hired("dc.reed", "detective")
    force.hired("psw.vale", "psw")
    case = str(referral.receive(desk, dc, child="Kayleigh Marlow").id)
    with pytest.raises(Denied):
        account.assign(desk, force.keeper, "psw.vale", case)
    assert force.now("psw.vale").cases == frozenset()
    account.assign(desk, force.now(MANAGER), "psw.vale", case)
    assert force.now("psw.vale").cases == {UUID(case)}
    account.end_assignment(desk, force.keeper, "psw.vale", case)


def test_a_first_code_of_somebody_who_sees_more_takes_a_manager_too(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first sign-in code for an account that may see more than its user's own families needs a
    manager's confirmation. For any other account, one administrator is enough.
    """
    desk = force.office.desk
    long_ago = force.office.system.clock()
    monkeypatch.setattr(type(force.office.system), "proves_since", lambda _, name: long_ago)
    force.office.later()
    force.hired("it.second", "administrator")
    force.hired("psw.night", "psw")
    force.proposed("evil.dci", "dci")
    force.hired("dc.reed", "detective")

    def codes(by: str, whose: str) -> bool:
        return enrolment.recover(desk, force.now(by), whose, enrolled=False)

    assert codes(KEEPER, "psw.night")
    for whose in ("evil.dci", "dc.reed"):
        assert not codes(KEEPER, whose)
        force.office.later()
        with pytest.raises(Refused, match="the person who gets the sign-in code can sign in as"):
            codes(KEEPER, whose)
        with pytest.raises(Refused, match="not a second administrator"):
            codes("it.second", whose)
        assert codes(MANAGER, whose)


def test_the_first_code_of_all_is_made_where_nobody_could_confirm(force: Force) -> None:
    assert enrolment.recover(force.office.desk, force.keeper, MANAGER, enrolled=False)


def test_a_sign_in_that_one_person_set_up_ends_as_the_role_sees_more(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If one administrator alone set up how a user signs in, this sign-in ends when the user gets a
    role that sees more."""
    desk, ended = force.office.desk, []
    monkeypatch.setattr(
        type(force.office.system), "shut_out", lambda _, name, for_good=False: ended.append(name)
    )
    roles: dict[str, Role] = {"evil.psw": "psw", "evil.dc": "detective"}
    for name, role in roles.items():
        force.proposed(name, "psw")
        role_proposal.refuse(desk, force.keeper, name, "a slip", role="psw")
        assert enrolment.recover(desk, force.keeper, name, enrolled=False)
        account.give_role(desk, force.keeper, name, role)
        force.office.later()
        force.confirmed(MANAGER, name, role)
    assert ended == ["evil.dc"]


def grants_to_review(force: Force, name: str) -> int:
    """Return how many grants of access a user must review now."""
    desk = force.office.desk
    with desk.looked() as db:
        asked = due.DueFilter(clock="access-act")
        return len(due.listed(db, force.now(name), desk.clock(), asked))


def test_a_manager_gets_a_mail_of_each(force: Force) -> None:
    desk = force.office.desk
    escalating.give_address(desk, force.keeper, MANAGER, "cole@force.example")
    since = desk.clock()
    force.proposed("dc.reed", "detective")
    assert (
        grants_to_review(force, MANAGER),
        grants_to_review(force, DCI),
        grants_to_review(force, KEEPER),
    ) == (1, 1, 0)
    assert escalating.escalate(desk)
    some = escalating.missing_notifications(desk, {"mail"}, escalating.AT_ONCE, since)
    assert [(delivery.user, delivery.to) for delivery in some.deliveries] == [
        (MANAGER, "cole@force.example")
    ]
    force.confirmed(MANAGER, "dc.reed", "detective")
    assert grants_to_review(force, MANAGER) == 0


def test_what_one_person_did_alone_is_looked_into_by_another(force: Force) -> None:
    desk = force.office.desk
    force.proposed("psw.night", "psw")
    enrolment.recover(desk, force.keeper, "psw.night", enrolled=False)
    role_proposal.lend(desk, force.keeper, "psw.night", "psw", "she is out now")
    assert grants_to_review(force, MANAGER) == 3
    access_log.review_access(desk, force.now(MANAGER), KEEPER, "I rang her")
    assert grants_to_review(force, MANAGER) == 0


# --- a new sign-in for users who confirm proposals ----------------------------------------------


def test_two_administrators_do_not_sign_in_as_a_manager(force: Force) -> None:
    desk = force.office.desk
    force.hired("it.second", "administrator")

    def asks(name: str, whose: str = MANAGER) -> bool:
        return enrolment.recover(desk, force.now(name), whose, enrolled=True)

    with pytest.raises(Refused, match="no administrator has proposed"):
        asks(DCI)
    assert not asks(KEEPER)
    with pytest.raises(Refused, match="a manager or a DCI, not a second administrator"):
        asks("it.second")
    with pytest.raises(Refused, match="the person who gets the sign-in code can sign in as"):
        asks(MANAGER)
    assert asks(DCI)
    # for a user who may not confirm proposals, one other administrator alone can make a new sign-in
    # code
    assert not asks(KEEPER, "psw.ellis")
    assert asks("it.second", "psw.ellis")


# --- a new worker at night ------------------------------------------------------------------------


def test_a_new_worker_at_night_is_lent_a_role_for_hours_and_it_is_an_alert(force: Force) -> None:
    desk = force.office.desk
    force.proposed("psw.new", "psw")
    for role in ("dci", "detective", "manager", "administrator"):
        with pytest.raises(Refused, match="shows more"):
            role_proposal.lend(desk, force.keeper, "psw.new", role, "no manager answers")
    with pytest.raises(Denied):
        role_proposal.lend(desk, force.now("psw.ellis"), "psw.new", "psw", "she waits outside")
    role_proposal.lend(desk, force.keeper, "psw.new", "psw", "no manager answers at night")
    assert force.now("psw.new").roles == {"psw"}
    told = {one.user: one.because for one in _unusual(force, force.now(MANAGER))}
    assert "lent psw.new the role psw ALONE" in told[KEEPER]
    force.office.later(13)
    assert force.now("psw.new").roles == frozenset()
    force.confirmed(MANAGER, "psw.new", "psw")
    assert force.now("psw.new").roles == {"psw"}


# --- the last user who can confirm --------------------------------------------------------------


def test_alone_where_nobody_is_left_after_a_day_and_for_all_to_see(force: Force) -> None:
    desk = force.office.desk

    def alone() -> None:
        why = "both left the force"
        role_proposal.give_alone(desk, force.keeper, "mgr.new", why, role="manager")

    with pytest.raises(Refused, match="no proposal of the role manager for"):
        role_proposal.give_alone(desk, force.keeper, "psw.ellis", "why", role="manager")
    force.proposed("mgr.new", "manager")
    force.office.later(48)
    with pytest.raises(Refused, match=f"{DCI} can confirm this role"):
        alone()
    for name in (MANAGER, DCI):
        account.lock(desk, force.keeper, name, "gone")
    with pytest.raises(Refused, match="a day has passed since the proposal"):
        alone()
    force.office.later(25)
    alone()
    assert force.office.events(RightGivenAlone, "access")
    assert force.now("mgr.new").roles == {"manager"}
    told = {one.user: one.reasons for one in _unusual(force, force.now("mgr.new"))}
    assert any("ALONE" in reason for reason in told[KEEPER])

    def unreviewed() -> int:
        with desk.looked() as db:
            return len(waiting_rights.alone_unreviewed(db))

    # a person is not counted as able to confirm the role that this same person gets
    for name, left in (("mgr.new", 1), ("au.dean", 0)):
        if name == "au.dean":
            force.hired(name, "auditor")
        access_log.review_access(desk, force.now(name), KEEPER, "rang both")
        assert unreviewed() == left


def test_not_alone_before_a_day_has_passed(force: Force) -> None:
    for name in (MANAGER, DCI):
        account.lock(force.office.desk, force.keeper, name, "gone")
    force.proposed("mgr.new", "manager")
    with pytest.raises(Refused, match="a day has passed since the proposal"):
        role_proposal.give_alone(force.office.desk, force.keeper, "mgr.new", "gone", role="manager")


def _unusual(force: Force, reader: Reader) -> list[unusual_access.Unusual]:
    with force.office.desk.looked() as db:
        return unusual_access.unusual(db, reader, None)


def test_each_is_informed_in_unusual_access(force: Force) -> None:
    force.proposed("evil.dci", "dci")
    told = {one.user: one.because for one in _unusual(force, force.now(MANAGER))}
    assert "proposed the role dci for evil.dci" in told[KEEPER]
    force.confirmed(MANAGER, "evil.dci", "dci")
    told = {one.user: one.because for one in _unusual(force, force.now(DCI))}
    assert f"confirmed the role dci for evil.dci, which {KEEPER} proposed" in told[MANAGER]


# --- a new store, and a trial store -----------------------------------------------------------


def test_a_store_is_not_closed_before_somebody_can_confirm(either: Office) -> None:
    either.system.synthetic = False
    with pytest.raises(Refused, match="continuum init --manager"):
        account.add(either.desk, either.system.label, "evil.dci", roles=["dci"])
    with pytest.raises(Refused, match="name another person as the second person"):
        account.first_confirmer(either.desk, either.system.label, KEEPER, "manager", "Engage")


def test_the_first_two_are_named_once(force: Force) -> None:
    with pytest.raises(Refused, match="has accounts already"):
        account.first_confirmer(force.office.desk, force.keeper, "evil.dci", "dci", "Engage")


@pytest.mark.usually_on("sqlite")
def test_a_trial_store_keeps_its_ease(either: Office) -> None:
    account.add(either.desk, either.reader, "dc.reed", roles=["detective"], teams=["Engage"])
    now = either.system.serving(either.settings, either.system.clock.given_time)
    account.give_role(either.desk, now.reader, "dc.reed", "manager")
    assert now.vouched_for("dc.reed").reader.roles == {"detective", "manager"}
