"""A pack of proofs contains only what its reader may see. It always says that steps may be hidden;
only the auditor's pack names the hidden steps, each with the reason."""

# ruff: noqa: F401 (pytest finds a fixture by its name)

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import msgspec
import pytest

from commands.data_protection import proof_pack
from commands.data_protection.proof_pack import NOTICE, SignerPatience
from commands.justice import arrest_to_result
from domain import catalogue
from domain.data_protection.copies import CopyFingerprinted
from domain.justice.arrest_to_result import ArrestMade
from domain.kernel.envelope import Event, LogName, Recorded, Unprovable
from domain.kernel.values import Denied, Hidden
from domain.people_and_teams.store_admin import ExportMade, PackMade
from ledger import verify
from projections.kernel import trail
from tests.support.access.closed_steps import Arrest

SAMPLES = Path(__file__).parents[2] / "data" / "events"
EVENTS = [event for event in catalogue.events() if event.stored.log == "evidence"]


@dataclass
class Signed:
    """A stand-in for a store with a signer. The first 999 records of each log count as signed;
    `given` has what the last pack of proofs was made from."""

    signed: dict[LogName, int] = field(default_factory=lambda: {"evidence": 999, "access": 999})
    given: dict[str, Any] = field(default_factory=dict)

    def signs(self, log: LogName) -> int:
        return self.signed[log]

    def draft_pack(
        self, item: UUID, facts: Any, pages: Any, said: Any, opens: Any, made: Any, fact: UUID
    ) -> tuple[bytes, str]:
        self.given = {"facts": facts, "pages": pages, "said": said, "opens": opens, "fact": fact}
        return b"draft", "ab" * 32

    def finish_pack(self, content: bytes) -> bytes:
        return content + b" finished"


def waited(seconds: float) -> None:
    raise AssertionError("nothing is to wait for")


def packed(made: Arrest, name: str, item: UUID, **more: Any) -> tuple[proof_pack.ProofPack, Signed]:
    office = Signed()
    reader, desk = made.staff.now(name), made.office.desk
    return proof_pack.make(desk, reader, office, item, SignerPatience(0, waited), **more), office


@pytest.mark.usually_on("sqlite")
def test_each_facts_causes_are_in_it(made: Arrest) -> None:
    whole, office = packed(made, "a.intelligence-officer", made.arrest)
    causes = office.given["facts"]
    assert set(causes[f"{made.arrest}:1"]) == {made.report, made.words}
    assert causes[f"{made.report}:2"] == [made.words]
    named = {cause for told in causes.values() for cause in told}
    assert named <= {UUID(ref.partition(":")[0]) for ref in causes} == set(whole.items)
    assert f"because of {made.words}" in office.given["pages"]["trail.txt"]


@pytest.mark.usually_on("sqlite")
def test_two_packs_that_differ_in_a_closed_step_are_the_same(made: Arrest) -> None:
    """A pack of proofs about an arrest does not reveal that the arrest is based on a hidden entry.
    It is the same as in a store where the arrest is based on no entry."""
    skez = made.office.desk.logs["evidence"].history(made.arrest)[0].event.person  # type: ignore[attr-defined]
    told = []
    for causes in (("none-known",), (str(made.words),)):
        reader = made.staff.now("a.intelligence-officer")
        arrest = ArrestMade(skez, made.case)
        item = arrest_to_result.record(made.office.desk, reader, arrest, because_of=causes).id
        whole, office = packed(made, "a.detective", item)
        given = {name: office.given[name] for name in ("facts", "pages", "said")}
        seen = re.sub(r"[0-9-]{10}T[0-9:.+]+", "TIME", repr(given).replace(str(item), "ITEM"))
        told.append((seen.replace(repr(item), "ITEM"), len(whole.items)))
    assert told[0] == told[1]
    assert NOTICE in told[0][0]
    assert "left_out" not in told[0][0]


def test_later_facts_that_rest_on_it_are_listed_as_far_as_their_reader_sees_them(
    made: Arrest,
) -> None:
    """A pack of proofs about an entry lists the report and the arrest that are based on this entry,
    if the reader may see them. It does not list an item whose proof the pack already contains.
    """
    _, office = packed(made, "a.intelligence-officer", made.words)
    listed = office.given["said"]["elsewhere"]
    facts = [*history(made, made.report), *history(made, made.arrest)]
    assert {one["fact"] for one in listed} <= {fact.ref for fact in facts}
    assert {"fact": f"{made.arrest}:1", "event": "justice.arrest_made"} in listed
    assert f"{made.report}:2" in {one["fact"] for one in listed}
    proven = {UUID(ref.partition(":")[0]) for ref in office.given["facts"]}
    assert not proven & {UUID(one["fact"].partition(":")[0]) for one in listed}
    _, office = packed(made, "a.detective", made.report)
    listed = office.given["said"]["elsewhere"]
    assert str(made.words) not in repr(listed), "what is closed to them is not listed"


def history(made: Arrest, item: UUID) -> Any:
    return made.office.desk.logs["evidence"].history(item)


@pytest.mark.usually_on("sqlite")
def test_an_auditors_pack_names_what_is_left_out_and_why(made: Arrest) -> None:
    _, office = packed(made, "a.auditor", made.arrest)
    left_out = office.given["said"]["left_out"]
    assert [(one["step"], one["event"], one["reason"]) for one in left_out] == [
        (1, "observation.recorded", proof_pack.CLOSED),
        (4, "observation.assessed", proof_pack.CLOSED),
    ]
    assert "notice" not in office.given["said"]
    assert NOTICE not in office.given["pages"]["trail.txt"]
    assert str(made.words) not in repr(office.given)


@pytest.mark.usually_on("sqlite")
def test_its_list_is_recorded_before_it_is_handed_over(made: Arrest) -> None:
    whole, office = packed(made, "a.detective", made.arrest, recipient="the court")
    export, pack = made.office.events(ExportMade, "access")[-1], made.office.facts("access")[-1]
    assert (pack.event, pack.stream) == (PackMade("ab" * 32), office.given["fact"])
    (beside,) = made.office.events(CopyFingerprinted, "access")
    assert (export.recipient, beside.sha256) == ("the court", ("ab" * 32,))
    assert (whole.content, whole.finished) == (b"draft finished", True)


@pytest.mark.usually_on("sqlite")
def test_without_a_signer_nothing_is_recorded(made: Arrest) -> None:
    office, before = Signed({"evidence": 1, "access": 1}), made.office.count()
    slept: list[float] = []
    with pytest.raises(Unprovable, match="wait for the next"):
        proof_pack.make(
            made.office.desk, made.staff.now("a.detective"), office, made.arrest,
            SignerPatience(1, slept.append),
        )  # fmt: skip
    assert sum(slept) == 1
    assert made.office.count() == before


@pytest.mark.usually_on("sqlite")
def test_whose_it_is_not_packs_nothing(made: Arrest) -> None:
    with pytest.raises(Denied):
        packed(made, "a.psw", made.arrest)
    with pytest.raises(Hidden):
        packed(made, "a.detective", made.words)


def test_each_verifier_looks_for_what_an_event_rests_on() -> None:
    """The verifier in Python and the verifier in the browser know all fields with which an event
    names its causes. Otherwise they would refuse a true pack of proofs, or accept a pack that lacks
    a cause.
    """
    page = Path(verify.__file__).with_name("verify.html").read_text("utf-8")
    rows = [
        (kind.stored.name, re.search(rf'^  "{kind.stored.name}": (\[".*\]),$', page, re.MULTILINE))
        for kind in EVENTS
    ]
    verifiers: dict[str, Mapping[str, Sequence[str]]] = {
        "verify.py": verify.RESTS_ON,
        "verify.html": {name: json.loads(row[1]) for name, row in rows if row},
    }
    faults = []
    for kind in EVENTS:
        told = msgspec.json.decode((SAMPLES / f"{kind.stored.topic}.json").read_bytes())["event"]
        event = msgspec.convert(told, kind)
        fact = cast(Recorded, SimpleNamespace(event=event, because_of=()))
        rests_on = {str(one) for one in trail.led_by(fact, None)}
        for verifier, known in verifiers.items():
            fields = known.get(kind.stored.name, ())
            values = [told[name] for name in fields if told.get(name)]
            looks_for = {
                each for value in values for each in (value if isinstance(value, list) else [value])
            }
            if looks_for != rests_on:
                faults.append(f"{kind.stored.topic}: {verifier} looks for {fields}")
            if sealed := set(fields) & set(kind.stored.sealed):
                faults.append(f"{kind.stored.topic}: {verifier} reads {sealed}, which are sealed")
    assert not faults, "\n".join(faults)
