"""The e-mail address of a colleague who left is erased like any item: by two people, and not while
a legal hold covers it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from commands.erasure import erasure, legal_hold
from commands.erasure.erasure import Progress
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import facts
from commands.people_and_teams import account, escalating
from domain.data_protection.legal_hold import Query
from domain.kernel.envelope import Submission
from domain.kernel.values import Denied, Hidden, Reader, Refused
from domain.people_and_teams.notifying import AddressGiven
from domain.people_and_teams.store_admin import FileReceived
from projections.people_and_teams import mail_addresses
from tests.commands.office import Office

WHO, WHERE = "dc.gone", "dc.gone@police.example"
PEOPLE = (
    ("dc.gone", "detective", "Engage"),
    ("dc.reed", "detective", "Engage"),
    ("dci.moss", "dci", "Engage"),
    ("dc.stone", "detective", "Deter"),
    ("psw.ellis", "psw", "Engage"),
)


@contextmanager
def staffed(office: Office) -> Iterator[dict[str, Reader]]:
    """Add users to the store. Give the user `WHO` an e-mail address and let `WHO` leave; yield all
    other users by name."""
    keeper = office.system.label
    for user, role, team in PEOPLE:
        account.add(office.desk, keeper, user, roles=[role], teams=[team])  # type: ignore[list-item]
    escalating.give_address(office.desk, keeper, WHO, WHERE)
    account.leave(office.desk, keeper, WHO)
    yield {user: office.system.vouched_for(user).reader for user, _, _ in PEOPLE if user != WHO}


def erase(office: Office, by: Reader, second: Reader) -> Progress:
    one = erasure.subject(office.desk, by, f"address:{WHO}")
    assert one
    proposed, plan = erasure.propose(office.desk, by, [one], "recorded-in-error")
    assert [(item.log, item.kind, item.id) for item in plan.items] == [("access", "address", one)]
    return erasure.approve(office.desk, second, proposed.id, office.system)


def stored_address(office: Office) -> str | None:
    with office.system.reading_with_access_log() as db:
        return mail_addresses.read_addresses(db).get(WHO)


@pytest.mark.usually_on("sqlite")
def test_two_people_erase_the_address_of_who_left(either: Office) -> None:
    with staffed(either) as staff:
        assert stored_address(either) == WHERE
        done = erase(either, staff["dc.reed"], staff["dci.moss"])
    assert (done.state, done.outcome) == ("certified", "erased")
    assert done.certificate
    assert done.certificate.keys == 1
    assert stored_address(either) is None
    given = [f for f in either.facts("access") if isinstance(f.event, AddressGiven)]
    assert [fact.erased for fact in given] == [True]
    assert WHERE not in str(given)
    assert either.system.views.compare() == []
    home = either.settings.home
    assert home
    files = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in files if WHERE.encode() in path.read_bytes()]


def test_a_person_who_comes_back_has_an_address_under_a_key_of_its_own(office: Office) -> None:
    with staffed(office) as staff:
        erase(office, staff["dc.reed"], staff["dci.moss"])
    keeper = office.system.label
    account.add(office.desk, keeper, WHO, roles=["detective"], teams=["Engage"])
    escalating.give_address(office.desk, keeper, WHO, "back@police.example")
    assert stored_address(office) == "back@police.example"
    escalating.give_address(office.desk, keeper, WHO, None)
    assert stored_address(office) is None


def test_a_hold_on_everything_keeps_it(office: Office) -> None:
    with staffed(office) as staff:
        second = staff["dci.moss"]
        legal_hold.place(
            office.desk, second, Query("store"), "inquiry", "its order", reference="R9"
        )
        done = erase(office, staff["dc.reed"], second)
    assert [item.fate for item in done.items] == ["restricted"]
    assert stored_address(office) == WHERE


def test_it_is_for_those_who_erase_where_they_worked(office: Office) -> None:
    with staffed(office) as staff:
        for user in ("dc.stone", "psw.ellis"):
            assert erasure.subject(office.desk, staff[user], f"address:{WHO}") is None
        one = erasure.subject(office.desk, staff["dc.reed"], f"address:{WHO}")
        assert one
        assert erasure.subject(office.desk, staff["dc.reed"], "address:nobody") is None
        with pytest.raises(Hidden):
            erasure.propose(office.desk, staff["dc.stone"], [one], "part-3-s47")
        with pytest.raises(Denied):
            erasure.propose(office.desk, staff["psw.ellis"], [one], "part-3-s47")
        mine, _ = erasure.propose(office.desk, staff["dc.reed"], [one], "part-3-s47")
        with pytest.raises(Refused, match="takes two people"):
            erasure.approve(office.desk, staff["dc.reed"], mine.id, office.system)


def test_a_file_of_ones_own_team_is_erased_on_a_closed_store_too(office: Office) -> None:
    """A team can erase a file that it imported on a store with accounts, too. (A file is no item of
    the record, and a bug had refused it as unknown.)
    """
    with staffed(office) as staff:
        one, reader = office.desk.new_id(), staff["dc.reed"]
        made = facts(reader, one, 0, (FileReceived("messages", 3, "", "ab" * 32, "cd" * 32),))
        body = Submission(one, office.desk.digest("test", str(one)), made)
        office.desk.save([Prepared(one, {"evidence": body}, reader)])
        with pytest.raises(Hidden):
            erasure.propose(office.desk, staff["dc.stone"], [one], "recorded-in-error")
        proposed, _ = erasure.propose(office.desk, reader, [one], "recorded-in-error")
        done = erasure.approve(office.desk, staff["dci.moss"], proposed.id, office.system)
    assert [(item.id, item.fate) for item in done.items] == [(one, "destroyed")]
