"""The plan of an erasure lists the items that the erasure would change, and how."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from commands.data_protection import exporting
from commands.erasure import erasure, legal_hold
from commands.erasure.erasure import TextsNeeded
from commands.information import observation as observations
from commands.intelligence import identity, intelligence_report, links
from commands.justice import arrest_to_result, evidence
from domain.data_protection.erasure import Redaction
from domain.justice.arrest_to_result import ArrestMade, ResultRecorded
from domain.justice.evidence import EvidenceGathered
from domain.kernel.values import Refused
from tests.commands.office import Office


def fates(
    office: Office, *subjects: UUID, redactions: tuple[Redaction, ...] = ()
) -> dict[UUID, str]:
    made = erasure.plan(office.desk, office.reader, subjects, redactions)
    assert made.refused == ()
    return {item.id: item.fate for item in made.items}


def link(office: Office, basis: UUID, a: str, b: str, kind: str = "associate") -> UUID:
    return links.assert_link(office.desk, office.reader, basis, a, b, kind).id  # type: ignore[arg-type]


def test_an_observation_goes_with_the_links_that_rest_on_it(office: Office) -> None:
    baz, ginge = office.person("Baz"), office.person("Ginge")
    first, second = office.words("two lads"), office.words("the same two again")
    one = link(office, first, str(baz), str(ginge))
    other = link(office, second, str(baz), str(ginge))
    report = office.assessed(first, "1A").id
    again = office.assessed(second, "2C").id
    for graded in (report, again):
        link(office, graded, str(baz), str(ginge))
    made = erasure.plan(office.desk, office.reader, [first])
    assert {item.id: item.fate for item in made.items} == {
        first: "destroyed",
        one: "disappears",
        report: "destroyed",
    }
    (pair,) = made.regraded
    assert (pair.before, pair.after) == ("1A", "2C")
    assert other not in {item.id for item in made.items}


def test_a_link_that_an_exhibit_carries_is_regraded(office: Office) -> None:
    words = office.words("a car")
    baz = office.person("Baz")
    one = link(office, words, str(baz), "vehicle:PK95 ABC", "uses")
    seized = evidence.gather(office.desk, office.reader, EvidenceGathered("exhibit", "AB1")).id
    assert link(office, seized, str(baz), "vehicle:PK95 ABC", "uses") == one
    assert fates(office, words)[one] == "re-graded"


def test_a_person_goes_with_aliases_judgements_and_links_and_texts_need_words(
    office: Office,
) -> None:
    baz, barry = office.person("Baz"), office.person("Barry Holt")
    other = office.person("Ginge")
    identity.judge(office.desk, office.reader, str(baz), str(barry), "same", "said his brother")
    named = office.words("Baz was there with Ginge")
    perhaps = office.words("Holt Road is where they meet")
    aside = office.words("nothing of the kind")
    observations.confirm(office.desk, office.reader, named, str(baz), "Baz")
    tie = link(office, aside, str(barry), str(other))
    made = erasure.plan(office.desk, office.reader, [barry])
    found = {item.id: (item.kind, item.fate) for item in made.items}
    assert found[baz] == found[barry] == ("person", "destroyed")
    assert found[tie] == ("link", "disappears")
    assert ("judgement", "destroyed") in found.values()
    assert {one.id for one in made.needed} == {named, aside}
    assert made.perhaps == (perhaps,)
    with pytest.raises(TextsNeeded) as refused:
        erasure.propose(office.desk, office.reader, [barry], "part-3-s47")
    assert {one.id for one in refused.value.needed} == {named, aside}
    written = (Redaction(named, words="Somebody was there with Ginge"), Redaction(aside))
    assert fates(office, barry, redactions=written)[named] == "redacted"
    assert fates(office, barry, redactions=written)[aside] == "destroyed"


def test_a_redaction_may_not_keep_the_name_nor_lose_another_child(office: Office) -> None:
    baz = office.person("Baz")
    child = office.person("Kayleigh Marlow", under_18=True)
    words = office.words("Baz met Kayleigh by the bus")
    for who, called in ((baz, "Baz"), (child, "Kayleigh")):
        observations.confirm(office.desk, office.reader, words, str(who), called)

    def refused(written: str | None) -> str:
        made = erasure.plan(office.desk, office.reader, [baz], [Redaction(words, words=written)])
        (reason,) = made.refused
        return reason

    assert "still names the subject" in refused("Baz met Kayleigh")
    assert "another child's facts" in refused("Somebody met somebody")
    assert "another child's facts" in refused(None)
    kept = Redaction(words, words="Somebody met Kayleigh by the bus")
    assert fates(office, baz, redactions=(kept,))[words] == "redacted"


def test_another_person_of_the_name_stays(office: Office) -> None:
    baz = office.person("Baz")
    words = office.words("another Baz, from Town B")
    assert fates(office, baz, redactions=(Redaction(words, another=True),)) == {baz: "destroyed"}


def test_a_case_goes_with_its_child_and_what_is_filed_there(office: Office) -> None:
    case = office.case("Kayleigh Marlow")
    words = office.words("out again", case="1")
    other = office.words("nothing to do with it")
    found = erasure.plan(office.desk, office.reader, [case])
    kinds = {item.id: item.kind for item in found.items}
    assert {words, case} <= kinds.keys()
    assert other not in kinds
    assert sorted(kinds.values()) == ["case", "observation", "person"]


def test_words_of_a_case_that_hold_another_childs_facts_need_a_person(office: Office) -> None:
    case = office.case("Kayleigh Marlow")
    shaz = office.person("Shaz", under_18=True)
    words = office.words("Shaz was with her", case="1")
    observations.confirm(office.desk, office.reader, words, str(shaz), "Shaz")
    (needed,) = erasure.plan(office.desk, office.reader, [case]).needed
    assert (needed.id, needed.why) == (words, "it holds another child's facts")


def test_a_report_keeps_the_items_of_others(office: Office) -> None:
    first, second = office.words("a car"), office.words("a van")
    report = office.assessed(first).id
    from domain.kernel.values import Grade, Handling

    intelligence_report.assess(
        office.desk, office.reader, second, Grade.parse("2C"), Handling("P"), report=report
    )
    assert fates(office, first) == {first: "destroyed", report: "redacted"}
    assert fates(office, first, second)[report] == "destroyed"


def test_a_hold_a_live_matter_and_evidence_restrict(office: Office) -> None:
    baz = office.person("Baz")
    words, seized = office.words("he has her phone"), office.words("her phone")
    evidence.gather(office.desk, office.reader, EvidenceGathered("exhibit", "AB1", (seized,)))
    assert fates(office, seized) == {seized: "restricted"}
    arrest = arrest_to_result.record(
        office.desk, office.reader, ArrestMade(baz), because_of=(str(words),)
    ).id
    assert fates(office, baz) == {baz: "restricted"}
    assert fates(office, words) == {words: "restricted"}
    arrest_to_result.record(
        office.desk,
        office.reader,
        ResultRecorded("nfa-other", baz, rationale="he was abroad"),
        because_of=("none-known",),
    )
    assert fates(office, baz) == {baz: "restricted"}, "one person alone ends nothing"
    office.agreed(baz, "no-further-action")
    ended = next(f.stream for f in office.facts() if isinstance(f.event, ResultRecorded))
    assert fates(office, baz) == {baz: "destroyed", arrest: "destroyed", ended: "destroyed"}
    assert fates(office, words) == {words: "destroyed"}
    query = legal_hold.items_under_hold(office.desk, words)
    legal_hold.place(office.desk, office.reader, query, "inquiry", "the inquiry asked")
    assert fates(office, words) == {words: "restricted"}


def test_a_thing_that_only_the_person_used_goes_along(office: Office) -> None:
    baz = office.person("Baz")
    words = office.words("he has a new car")
    link(office, words, str(baz), "vehicle:PK95 ABC", "uses")
    link(office, words, str(baz), "place:Mill Lane, Town B", "frequents")
    made = erasure.plan(office.desk, office.reader, [baz], [Redaction(words)])
    assert {i.kind for i in made.items} == {"person", "link", "vehicle", "observation"}
    office.words("PK95 ABC again", mentions=())
    again = office.words("a Corsa with that plate")
    observations.confirm(office.desk, office.reader, again, "vehicle:PK95ABC")
    made = erasure.plan(office.desk, office.reader, [baz], [Redaction(words)])
    assert "vehicle" not in {i.kind for i in made.items}


def test_a_source_goes_and_the_words_stay(office: Office) -> None:
    words = office.words("a man waits", heard_from="Mrs Marlow", source_kind="parent")
    root = office.recorded_root(words)
    assert root
    assert fates(office, root) == {root: "destroyed"}


def test_what_left_the_house_is_named(office: Office) -> None:
    words = office.words("a car")
    exporting.record_export(
        office.desk, office.reader, form="csv", sha256="ab" * 32, ids=[words], filters={}
    )
    (export,) = erasure.plan(office.desk, office.reader, [words]).exports
    assert isinstance(export, UUID)


def test_what_is_no_subject_is_refused(office: Office) -> None:
    words = office.words("a car")
    report = office.assessed(words).id
    with pytest.raises(Refused, match="is of a kind that cannot be erased"):
        erasure.plan(office.desk, office.reader, [report])
    with pytest.raises(Refused, match="is of a kind that cannot be erased"):
        erasure.plan(office.desk, office.reader, [UUID(int=1)])


def test_what_may_restrict_is_written_down_as_a_plan(office: Office, tmp_path: Path) -> None:
    words = office.words("a car")
    receipt, made = erasure.propose(office.desk, office.reader, [words], "recorded-in-error")
    known = erasure.progress(office.desk, receipt.id)
    assert (known.state, known.proposed_by, known.items) == ("proposed", "ds.hart", made.items)
    assert json.dumps([str(item.id) for item in known.items]).count(str(words)) == 1
