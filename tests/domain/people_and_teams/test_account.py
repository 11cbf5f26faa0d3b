"""The rules for accounts, teams and grants of access record what is allowed and refuse all other
requests.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.kernel.values import Refused
from domain.people_and_teams import account, grant
from domain.people_and_teams.account import RoleGiven, TeamMerged, UserAdded, UserLeft
from domain.people_and_teams.grant import (
    AuthorityGiven,
    EntryAsked,
    EntryOpened,
    GlassBroken,
    GlassReviewed,
)
from tests.domain.given import Given, begin, uid

NOW = datetime(2011, 3, 18, 22, 0, tzinfo=UTC)
USER = Given(account.User(), account.evolve)
REED = USER.after(UserAdded("dc.reed"))
TEAM = Given(account.Team(), account.evolve_team)
GRANT = Given(grant.Grant(), grant.evolve)
WHY = "her worker is away tonight"


def test_somebody_is_added_once_and_may_come_back() -> None:
    USER.when(account.add, "dc.reed", None).then(UserAdded("dc.reed"))
    REED.when(account.add, "dc.reed", None).refused("already")
    REED.after(UserLeft("dc.reed")).when(account.add, "dc.reed", None).then(UserAdded("dc.reed"))


@pytest.mark.parametrize("name", ["", " x", "x" * 65, "a\nb", "a\x1b[2J", "a\u202eb", 'a"b', "a|b"])
def test_a_name_that_would_spoil_a_line_is_refused(name: str) -> None:
    USER.when(account.add, name, None).refused("name")


def test_who_opens_the_doors_does_not_look_into_the_rooms() -> None:
    admin = REED.after(RoleGiven("dc.reed", "administrator"))
    admin.when(account.give_role, "dc.reed", "detective").refused(
        "an administrator sees no records, so one user cannot have this role and another"
    )
    detective = REED.after(RoleGiven("dc.reed", "detective"))
    detective.when(account.give_role, "dc.reed", "administrator").refused(
        "an administrator sees no records, so one user cannot have this role and another"
    )


def test_a_small_team_s_person_holds_several_roles() -> None:
    detective = REED.after(RoleGiven("dc.reed", "detective"))
    detective.when(account.give_role, "dc.reed", "manager").then(RoleGiven("dc.reed", "manager"))


def test_nothing_is_given_to_who_left() -> None:
    REED.after(UserLeft("dc.reed")).when(account.give_role, "dc.reed", "psw").refused(
        "no user has the given name"
    )


def test_a_team_is_merged_once() -> None:
    TEAM.when(account.merge_team, "Deter", "Hub").then(TeamMerged("Deter", "Hub"))
    TEAM.after(TeamMerged("Deter", "Hub")).when(account.merge_team, "Deter", "X").refused(
        "renamed or merged"
    )
    TEAM.when(account.merge_team, "Nowhere", "Hub").refused("no team")


def test_broken_glass_closes_after_an_hour_and_somebody_else_reviews_it() -> None:
    case, until = uid(1), NOW + timedelta(hours=1)
    broken = GRANT.when(begin(grant.break_glass), "sw.ash", case, NOW, WHY).then(
        GlassBroken("sw.ash", case, until, WHY)
    )
    broken.when(grant.close_glass, "dc.reed").refused("only the person who opened")
    broken.when(grant.review, "sw.ash", "justified", WHY).refused(
        "the person who had this access cannot review it"
    )
    reviewed = broken.when(grant.review, "m.lee", "justified", WHY).then(
        GlassReviewed("justified", WHY)
    )
    reviewed.when(grant.review, "m.lee", "justified", WHY).refused("already")
    GRANT.when(begin(grant.break_glass), "sw.ash", case, NOW, "needed").refused(
        "give a reason of at least two words, so that another person can judge it"
    )


def give_authority(user: str, until: datetime, giver: str) -> tuple[AuthorityGiven, ...]:
    return grant.give_authority(user, uid(1), "audit", until, WHY, now=NOW, giver=giver)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("until", "giver"),
    [
        (NOW, "m.lee"),
        (NOW + timedelta(days=93), "m.lee"),
        (NOW + timedelta(days=1), "aud.fox"),
        (NOW + timedelta(days=1), " AUD.Fox"),  # another spelling of the same name
    ],
)
def test_an_authority_has_an_end_in_sight_and_another_giver(until: datetime, giver: str) -> None:
    with pytest.raises(Refused):
        give_authority("aud.fox", until, giver)


def test_sensitive_material_waits_for_a_second_person() -> None:
    told = GRANT.after(
        AuthorityGiven("do.hale", uid(1), "disclosure", NOW + timedelta(days=1), WHY)
    )
    assert told.state.waits
    for approver in ("m.lee", "M.Lee", "do.hale", "do.h\u0430le"):  # the last has a Cyrillic letter
        told.when(grant.approve, "m.lee", approver).refused(
            "a third person has to approve this authority"
        )
    told.when(grant.approve, "m.lee", "di.moss").then(grant.AuthorityApproved("do.hale"))


def test_the_source_is_opened_by_two_people_together() -> None:
    entry = UUID(int=5)
    GRANT.when(grant.open_entry, "di.moss", NOW).refused("this entry was not requested")
    asked = GRANT.after(EntryAsked("ds.hart", entry, WHY))
    asked.when(grant.open_entry, "ds.hart", NOW).refused("another person")
    opened = asked.when(grant.open_entry, "di.moss", NOW).then(
        EntryOpened(entry, ("ds.hart", "di.moss"), NOW + timedelta(hours=1))
    )
    opened.when(grant.review, "di.moss", "justified", WHY).refused(
        "the person who had this access cannot review it"
    )
