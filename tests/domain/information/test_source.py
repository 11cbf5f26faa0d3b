"""The source register records how reliable a source is, which conflicts of interest the source has,
and which informants count as one independent source."""

from domain.information import source
from domain.information.source import (
    RootsJoined,
    RootsParted,
    Source,
    SourceConflictNoted,
    SourceGraded,
    SourceRegistered,
)
from tests.domain.given import Given, uid

MUM, DAD = uid(1), uid(2)
nobody = Given(Source(), source.evolve)
mum = nobody.after(SourceRegistered("parent", "Carol Marlow"))


def test_a_first_time_parent_is_untested() -> None:
    assert mum.state.grade == "2"


def test_only_who_is_registered_is_graded_and_with_a_reason() -> None:
    nobody.when(source.grade, "1", "always right").refused("there is no source with this token")
    nobody.when(source.note_conflict, "a feud").refused("there is no source with this token")
    mum.when(source.grade, "1", " ").refused("give the reason")
    graded = mum.when(source.grade, "1", "five of five borne out").then(
        SourceGraded("1", "five of five borne out")
    )
    assert graded.state.grade == "1"


def test_a_conflict_of_interest_is_never_reliable() -> None:
    torn = mum.when(source.note_conflict, "a feud").then(SourceConflictNoted("a feud"))
    torn.when(source.grade, "1", "right again").refused("conflict of interest")
    torn.when(source.grade, "3", "wrong twice").then(SourceGraded("3", "wrong twice"))


def test_roots_join_and_part() -> None:
    pair = Given(Source(), source.evolve)
    pair.when(source.part_roots, MUM, DAD, "two after all").refused("never joined")
    pair.when(source.join_roots, MUM, MUM, "one").refused(
        "these two are recorded as one independent source already"
    )
    pair.when(source.join_roots, MUM, DAD, "").refused("give the reason")
    one = pair.when(source.join_roots, MUM, DAD, "both repeat the child").then(
        RootsJoined(MUM, DAD, "both repeat the child")
    )
    one.when(source.join_roots, DAD, MUM, "again").then()
    one.when(source.part_roots, MUM, DAD, " ").refused("give the reason")
    two = one.when(source.part_roots, MUM, DAD, "two after all").then(
        RootsParted(MUM, DAD, "two after all")
    )
    two.when(source.part_roots, MUM, DAD, "again").refused("never joined")


def test_a_pair_of_tokens_has_one_stream_whichever_comes_first() -> None:
    assert source.roots_stream(MUM, DAD) == source.roots_stream(DAD, MUM)
    assert source.roots_stream(MUM, DAD) != source.roots_stream(MUM, uid(3))
