"""An erasure can be interrupted at any step and repeated, and is never left half done."""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.erasure import erasure
from commands.erasure.erasure_plan import Needed
from commands.erasure.hold_reach import Reckoning
from commands.families import referral
from commands.information import observation, source
from commands.intelligence import identity, intelligence_report, links
from domain.data_protection.erasure import (
    GONE,
    ErasureCertified,
    ItemErased,
    Redaction,
    SourceErased,
)
from domain.information.observation import Observation, ObservationRedacted, evolve
from domain.intelligence.entity import PersonRecorded
from domain.kernel.envelope import LogName, Shredded, StillHeld
from domain.kernel.values import Grade, Handling, Refused
from projections.intelligence import links as links_view
from projections.intelligence import people
from tests.commands.office import Office, opened
from tests.fuzz import TIMES
from tests.support.commands.erasure_carried_out import SECOND, erase, unexplained


class Killed(Exception):
    """The exception with which a test stops an erasure, as if the process had ended."""


@dataclass
class Breaking:
    """A store in which an erasure is interrupted at the step `where`: it raises `error` before or
    after the step, or it waits there."""

    office: Office
    where: str
    error: type[Exception] = Killed

    def taking_out(self, items: Collection[UUID]) -> AbstractContextManager[None]:
        return self.office.system.taking_out(items)

    def shred(
        self,
        doomed: Mapping[LogName, Collection[UUID]],
        keep_newest: Collection[UUID],
        holds: Reckoning,
    ) -> tuple[Shredded, ...]:
        self._maybe("before shred")
        found = self.office.system.shred(doomed, keep_newest, holds)
        self._maybe("after shred")
        return found

    def purge(self, originals: Sequence[str]) -> bool:
        self._maybe("before purge")
        later = self.office.system.purge(originals)
        self._maybe("after purge")
        return later

    def _maybe(self, here: str) -> None:
        if here == self.where:
            raise self.error("held" if self.error is StillHeld else here)


@pytest.mark.parametrize("where", ["before shred", "after shred", "before purge", "after purge"])
def test_what_was_broken_off_is_finished_by_repeating(office: Office, where: str) -> None:
    words = office.words("Baz waits", heard_from="Mrs Marlow")
    report = office.assessed(words).id
    case = office.case("Zyxwora Quibblethorne")
    one, _ = erasure.propose(office.desk, office.reader, [words, case], "part-3-s47")
    with pytest.raises(Killed):
        erasure.approve(office.desk, office.somebody(SECOND), one.id, Breaking(office, where))
    office.again()
    assert erasure.unfinished(office.desk) == [one.id]
    assert erasure.progress(office.desk, one.id).certificate is None
    assert unexplained(office) == []
    done = erasure.carry_out(office.desk, office.reader, one.id, office.system)
    assert done.state == "certified"
    again = erasure.carry_out(office.desk, office.reader, one.id, office.system)
    assert again.certificate == done.certificate
    assert erasure.unfinished(office.desk) == []
    told = [f.stream for f in office.facts() if isinstance(f.event, ItemErased)]
    assert len(told) == len(set(told))
    assert {words, report, case} <= set(told)
    assert done.certificate
    assert done.certificate.keys > 0
    assert office.system.views.compare() == []
    assert next(f.erased for f in office.desk.logs["evidence"].history(words))
    assert unexplained(office) == []


@pytest.mark.parametrize("step", ["approve", "restrict", "redact", "items", "keys", "certificate"])
def test_a_log_that_fails_in_the_middle_leaves_nothing_half(
    office: Office, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If an append to the log fails once during any step of an erasure, repeating the erasure
    completes all its steps.
    """
    words, named = office.words("a car"), office.words("Baz and Ginge")
    baz = office.person("Baz")
    written = [Redaction(named, words="somebody and Ginge")]
    one, _ = erasure.propose(office.desk, office.reader, [words, baz], "part-3-s47", written)
    steps = {"approve": 1, "restrict": 1, "redact": 2, "items": 3, "keys": 4, "certificate": 5}
    log, calls = office.system.logs["evidence"], 0
    real = log.append

    def failing(submissions: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == steps[step]:
            raise Killed
        return real(submissions)

    monkeypatch.setattr(log, "append", failing)
    with pytest.raises(Killed):
        erasure.approve(office.desk, office.somebody(SECOND), one.id, office.system)
    monkeypatch.undo()
    office.again()
    if step in ("approve", "restrict"):
        assert erasure.unfinished(office.desk) == []
        erasure.approve(office.desk, office.somebody(SECOND), one.id, office.system)
    else:
        erasure.carry_out(office.desk, office.reader, one.id, office.system)
    done = erasure.progress(office.desk, one.id)
    assert done.state == "certified"
    events = [f.event for f in office.facts()]
    assert sum(isinstance(event, ObservationRedacted) for event in events) == 1
    assert sum(isinstance(event, ErasureCertified) for event in events) == 1
    assert sum(isinstance(event, ItemErased) for event in events) == len(done.items)
    assert office.system.views.compare() == []


def test_while_somebody_reads_no_certificate_is_written(office: Office) -> None:
    words = office.words("a car")
    one, _ = erasure.propose(office.desk, office.reader, [words], "part-3-s47")
    held = Breaking(office, "before shred", StillHeld)
    with pytest.raises(StillHeld):
        erasure.approve(office.desk, office.somebody(SECOND), one.id, held)
    assert erasure.progress(office.desk, one.id).state == "approved"
    assert erasure.carry_out(office.desk, office.reader, one.id, office.system).certificate


def test_a_source_is_erased_and_its_words_stay(office: Office) -> None:
    words = office.words("a man waits", heard_from="Mrs Quibblethorne", source_kind="parent")
    root = office.recorded_root(words)
    assert root
    assert erase(office, root).state == "certified"
    assert office.recorded_root(words) == root
    history = office.desk.logs["sources"].history(root)
    assert isinstance(history[-1].event, SourceErased)
    assert history[0].erased
    with pytest.raises(Refused, match="was erased"):
        source.grade(office.desk, office.reader, str(root), "1", "known to us")


def test_what_is_beside_an_item_that_lost_its_notes_can_go_on(office: Office) -> None:
    """A link whose note was erased can be recorded with a new note, which is encrypted with a new
    key."""
    from commands.justice import evidence
    from domain.justice.evidence import EvidenceGathered

    baz = office.person("Baz")
    words = office.words("he drives")
    tie = links.assert_link(
        office.desk, office.reader, words, str(baz), "vehicle:PK95ABC", "uses", note="told twice"
    ).id
    seized = evidence.gather(office.desk, office.reader, EvidenceGathered("exhibit", "AB1")).id
    links.assert_link(office.desk, office.reader, seized, str(baz), "vehicle:PK95ABC", "uses")
    done = erase(office, words)
    assert {item.fate for item in done.items if item.id == tie} == {"re-graded"}
    (row,) = office.links()
    assert (row.link, row.stage, row.grade, row.observation) == (tie, "evidence", None, None)
    again = evidence.gather(office.desk, office.reader, EvidenceGathered("exhibit", "AB2")).id
    known = links.assert_link(
        office.desk, office.reader, again, str(baz), "vehicle:PK95ABC", "uses", note="seen"
    )
    assert known.id == tie
    last = office.desk.logs["evidence"].history(tie)[-1]
    assert last.event.note == "seen"  # type: ignore[attr-defined]
    assert not last.erased


# --- random stores, and random subjects of an erasure -------------------------------------------

NAMES = ["Zyxwora", "Quibblet", "Fluxmar", "Vorpalw", "Jabberh", "Snarkfi"]


def a_store(office: Office, draw: random.Random) -> dict[str, list[UUID]]:
    """Make a store with people, children with cases, entries that name them, links, reports and
    judgements, all chosen by `draw`; return ids by kind.
    """
    desk, reader = office.desk, office.reader
    found: dict[str, list[UUID]] = {"person": [], "case": [], "words": []}
    for name in NAMES[:4]:
        found["person"].append(office.person(name, under_18=draw.random() < 0.3))
    for name in NAMES[4:]:
        found["case"].append(referral.receive(desk, reader, child=name).id)
    for number in range(7):
        named = draw.sample(range(4), k=draw.randint(0, 3))
        text = f"words {number} " + " ".join(NAMES[one] for one in named)
        words = office.words(text, case=draw.choice([None, "1", "2"]))
        found["words"].append(words)
        for one in named:
            if draw.random() < 0.6:
                who = found["person"][one]
                observation.confirm(desk, reader, words, str(who), NAMES[one])
        basis = words
        if draw.random() < 0.6:
            grade = Grade.parse(draw.choice(["1A", "2A", "2C", "3D"]))
            basis = intelligence_report.assess(desk, reader, words, grade, Handling("P")).id
            intelligence_report.sanitise(desk, reader, words, f"sanitised {number}")
        if len(named) > 1:
            a, b = (str(found["person"][one]) for one in named[:2])
            links.assert_link(desk, reader, basis, a, b, "associate")
    if draw.random() < 0.5:
        a, b = (str(one) for one in found["person"][:2])
        identity.judge(desk, reader, a, b, "same", "her mother says so")
    return found


def rewritten(
    office: Office, found: dict[str, list[UUID]], leaving: set[UUID], one: Needed
) -> Redaction:
    """Return the replacement text for an item that an erasure of the people `leaving` must redact.
    In a log entry, "somebody" replaces the names of these people."""
    if one.kind != "observation":
        return Redaction(one.id, one.item, "redacted")
    text = office.desk.fold(one.id, Observation(), evolve)[0].words
    for who, name in zip(found["person"], NAMES, strict=False):
        if who in leaving:
            text = text.replace(name, "somebody")
    return Redaction(one.id, words=text)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Office]:
    def make() -> Office:
        return opened(tmp_path_factory.mktemp("store"))

    return make


@settings(max_examples=2 * TIMES, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_person_who_is_erased_nothing_dangles_and_the_others_keep_their_facts(
    place: Callable[[], Office], seed: int
) -> None:
    draw, office = random.Random(seed), place()
    try:
        found = a_store(office, draw)
        subject = draw.choice(found[draw.choice(list(found))])
        known = erasure.plan(office.desk, office.reader, [subject])
        leaving = {item.id for item in known.items}
        written = [rewritten(office, found, leaving, one) for one in known.needed]
        made = erasure.plan(office.desk, office.reader, [subject], written)
        if made.refused or made.needed:
            return
        before = {link.link: link for link in office.links()}
        with office.system.reading() as db:
            people_before = people.entities(db, office.reader)
        erase(office, subject, redactions=written)
        gone_ids = {item.id for item in made.items if item.fate in GONE}
        with office.system.reading() as db:
            people_after = people.entities(db, office.reader)
            every = links_view.links(db, office.reader, links_view.LinkFilter(min_rank=None))
            judged = people.judgements(db, office.reader)
        for link in every:  # each link still has both ends
            assert {link.a, link.b} <= people_after.keys()
            assert not gone_ids & {link.link, *link.evidence}
        for row in judged:
            assert not gone_ids & {row.a, row.b}
        for link in before.values():  # links without an erased item are unchanged
            if not gone_ids & {link.link, link.a, link.b, *link.evidence}:
                assert link in every
        for who, entity in people_before.items():
            if who not in gone_ids:
                assert people_after[who] == entity
        lost = {
            name
            for who, entity in people_before.items()
            if who in gone_ids
            for name in entity.names
        }
        kept = {name for entity in people_after.values() for name in entity.names}
        store = b"".join(
            path.read_bytes() for path in office.system.home.rglob("*") if path.is_file()
        )
        for name in lost - kept:
            assert name.encode() not in store
            assert name.lower().encode() not in store
        assert office.system.views.compare() == []
    finally:
        office.system.close()


def test_a_case_that_is_gone_gives_its_number_to_nobody(office: Office) -> None:
    from projections.families import cases

    one, two = office.case("Kayleigh Marlow"), office.case("Zoe Dale")
    erase(office, one)
    with office.system.reading() as db:
        assert [(row.number, row.case) for row in cases.list_cases(db, office.reader)] == [(2, two)]
    assert isinstance(office.desk.logs["evidence"].history(two)[0].stream, UUID)
    assert PersonRecorded.stored.key == "subject"
