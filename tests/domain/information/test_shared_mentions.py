"""The mentions of two log entries show whether both may concern the same subject, how strong the
match is, and in which order matches are listed."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.information import shared_mentions
from domain.information.shared_mentions import Clue, JoinConfirmed, JoinDecision, JoinDismissed
from domain.kernel.values import Mention, Refused

CAR, OTHER_CAR = Clue("vrm", "PK95ABC"), Clue("vrm", "YC94KXT")
ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("mine", "theirs", "trusted"),
    [
        (CAR, CAR, 0.95),
        (CAR, OTHER_CAR, 0),
        (Clue("vrm_partial", "PK95***"), CAR, 0.55),
        (CAR, Clue("vrm_partial", "****ABC"), 0.35),
        (Clue("vrm_partial", "PK95***"), OTHER_CAR, 0),
        (Clue("vrm_partial", "****ABC"), Clue("vrm_partial", "PK95***"), 0),
        (Clue("vrm_partial", "PK95***"), Clue("vrm_partial", "PK95A**"), 0.55),
        (Clue("vrm_partial", "PK95***"), Clue("vrm_partial", "***PK95"), 0),
        (Clue("vrm", "PK95AB0"), Clue("vrm", "PK95ABO"), 0.85),
        (Clue("phone", "+447700900123"), Clue("phone", "+447700900123"), 0.95),
        (Clue("handle", "snapchat:bigman"), Clue("handle", "snapchat:bigman"), 0.9),
        (Clue("handle", "snapchat:bigman"), Clue("handle", "bigman"), 0.7),
        (Clue("handle", "snapchat:bigman"), Clue("handle", "instagram:bigman"), 0),
        (Clue("nickname", "baz"), Clue("place", "baz"), 0),
    ],
)
def test_how_far_two_things_are_trusted_to_be_one(mine: Clue, theirs: Clue, trusted: float) -> None:
    assert shared_mentions.trust(mine, theirs) == trusted == shared_mentions.trust(theirs, mine)
    finds = bool(shared_mentions.lookup_keys([mine]) & shared_mentions.storage_keys([theirs]))
    assert finds or not trusted, "what fits is found whichever of both comes last"


def test_a_part_finds_the_whole_and_the_whole_finds_the_part() -> None:
    for part in ("PK95***", "****ABC", "PK95A**", "K95*"):
        partial = Clue("vrm_partial", part)
        assert shared_mentions.lookup_keys([partial]) & shared_mentions.storage_keys([CAR]), part
        assert shared_mentions.lookup_keys([CAR]) & shared_mentions.storage_keys([partial]), part
        assert not shared_mentions.lookup_keys([partial]) & shared_mentions.storage_keys(
            [OTHER_CAR]
        ), part


def test_all_keys_include_those_of_every_step() -> None:
    """`all_keys` returns each key under which an entry may be stored, even if the program read the
    entry's mentions in two steps. Only the keys for parts of plates are left out."""
    told = [Clue("nickname", f"n{n}") for n in range(9)] + [
        Clue("place", f"p{n}") for n in range(9)
    ]
    steps = ([*told[:8], *told[9:17], CAR], [*told, CAR, Clue("vrm_partial", "PK95***")])
    stored = {key for step in steps for key in shared_mentions.storage_keys(step)}
    every = shared_mentions.all_keys(steps[1])
    assert stored - every == {key for key in stored if key.startswith(shared_mentions.PART)}


def test_a_nickname_alone_tells_nothing_and_with_a_place_it_does() -> None:
    baz, lane = Clue("nickname", "baz"), Clue("place", "mill lane")
    assert not shared_mentions.is_strong_enough(shared_mentions.find_shared([baz], [baz]))
    assert not shared_mentions.is_strong_enough(shared_mentions.find_shared([lane], [lane]))
    assert shared_mentions.is_strong_enough(shared_mentions.find_shared([baz, lane], [lane, baz]))
    assert shared_mentions.lookup_keys([baz, lane]) & shared_mentions.storage_keys([lane, baz])
    assert not shared_mentions.lookup_keys([baz])
    assert not shared_mentions.lookup_keys([lane])
    assert shared_mentions.listed_only_keys([baz, lane]) <= shared_mentions.storage_keys([lane]), (
        "a place is listed alone"
    )
    assert shared_mentions.is_strong_enough(shared_mentions.find_shared([CAR], [CAR]))


def test_only_things_are_compared_never_a_person_s_name() -> None:
    read = (
        Mention(0, 8, "person", "kayleigh", 0.9),
        Mention(9, 12, "nickname", "baz", 0.9),
        Mention(13, 20, "postcode", "ZZ99 1QB", 0.9),
        Mention(21, 25, "vrm_partial", "*L*", 0.5),
        Mention(26, 30, "when", "2026-11-17T~", 0.9),
        Mention(31, 34, "nickname", "baz", 0.9),
    )
    assert shared_mentions.clues(read) == (Clue("nickname", "baz"), Clue("place", "ZZ99 1QB"))


def test_what_many_name_and_what_lies_far_apart_is_lower() -> None:
    day = timedelta(days=1)
    rare = shared_mentions.rank([(0.95, 2)], day, 2)
    assert rare > shared_mentions.rank([(0.95, 40)], day, 2)
    assert rare > shared_mentions.rank([(0.95, 2)], 400 * day, 2)
    assert rare > shared_mentions.rank([(0.95, 2)], day, 1)
    assert rare > shared_mentions.rank([(0.55, 2)], day, 2)
    assert 0 < rare <= 1


def test_one_confirms_and_one_dismisses_with_a_reason() -> None:
    confirmed = JoinConfirmed(ONE, OTHER)
    assert shared_mentions.confirm(JoinDecision(), confirmed) == (confirmed,)
    stands = shared_mentions.evolve(JoinDecision(), confirmed)
    assert shared_mentions.confirm(stands, confirmed) == ()
    with pytest.raises(Refused, match="say why"):
        shared_mentions.dismiss(JoinDismissed(ONE, OTHER, " "))
    dismissed = JoinDismissed(ONE, OTHER, "another lane of that name")
    assert shared_mentions.dismiss(dismissed) == (dismissed,)
    assert shared_mentions.pair_id(ONE, OTHER) == shared_mentions.pair_id(OTHER, ONE)
