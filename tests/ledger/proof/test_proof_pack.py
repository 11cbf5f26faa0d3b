"""Both verifiers accept an unchanged pack of proofs, and refuse any changed pack."""

import json
import random
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from commands.data_protection.proof_pack import NOTICE
from domain.kernel.envelope import Unprovable
from ledger import verify
from tests.conftest import Store
from tests.ledger.events import Counted, submission
from tests.ledger.packing import FACTS, Files, Packer, packer, relisted, zipped
from tests.ledger.sealing import STREAMS, another_home

MUTATIONS = 2_000
WORDS = f"proofs/{STREAMS[0]}.json"


@pytest.fixture
def packed(store: Store) -> Iterator[Packer]:
    one = packer(store)
    yield one
    one.close()


@pytest.fixture
def own_packer(tmp_path: Any) -> Iterator[Packer]:
    one = packer(Store(tmp_path, None))
    yield one
    one.close()
    one.access.close()
    one.sealed.log.close()


@pytest.mark.parametrize("words", [None, "what they say\n"])
def test_a_pack_holds_and_the_verifier_prints_its_records(
    packed: Packer, words: str | None
) -> None:
    said = {"words": words, "opens": opened_bodies(packed, {1, 2})} if words else {}
    facts = dict.fromkeys(FACTS, ()) if words else FACTS
    files = verify.unpack(packed.pack(facts=facts, **said))
    assert ("words.txt" in files) is (words is not None)
    receipt = packed.sealed.log.receipt(7, 7).as_json()
    lines = packed.check(files, receipt, packed.sealed.newest)
    shown = [line for line in lines if line.startswith("record ")]
    assert [line.split(",")[0] for line in shown] == [f"record {seq}" for seq in range(1, 9)]
    assert any('"words":"words 1"' in line for line in lines) is (words is not None)
    assert ("  because of " + str(STREAMS[0]) in lines) is (words is None)
    assert "These are all events of 3 items among the 12 records that were signed." in lines
    assert any("was recorded: record 1 of the access log, by psw-1 (team-a" in x for x in lines)
    assert (
        "trail.txt is the page that was recorded. What it says beyond the records: not proven."
        in lines
    )
    assert "The receipt's record 7 is among them." in lines
    assert "Your checkpoint of 12 records is the same." in lines
    assert NOTICE in lines
    assert lines[-1] == "Anything else that is said of this pack: not proven."
    access = packed.signer.round()
    assert "Your checkpoint of 1 records is the same." in packed.check(files, None, access)


def opened_bodies(packed: Packer, seqs: set[int]) -> Any:
    def opens(stream: Any) -> dict[int, str | None]:
        told = packed.sealed.log.event_secrets(stream)
        return {seq: one for seq, one in told.items() if seq in seqs}

    return opens


def without(files: Files) -> Files:
    """Return a pack of proofs without its first entry. The pack's other documents are changed to
    fit, as an attacker would change them to hide the entry."""
    told = json.loads(files["pack.json"])
    facts: dict[str, list[str]] = {ref: [] for ref in told["facts"] if str(STREAMS[0]) not in ref}
    fewer = {name: one for name, one in files.items() if name != WORDS}
    return relisted(fewer | {"trail.txt": b"another chain\n"}, facts=facts)


def test_what_was_cut_away_is_missed_by_somebody_who_has_no_receipt(packed: Packer) -> None:
    """A reader notices that an entry and its retraction were cut from a pack, even without a
    receipt for the entry and if the rest of the pack was changed to fit."""
    content = packed.pack(words="what they say\n", opens=opened_bodies(packed, set()))
    files = verify.unpack(content)
    assert packed.check(files)
    forged = without(files) | {"words.txt": b"other words\n"}
    for copy in (None, packed.sealed.newest):
        with pytest.raises(verify.DoesNotHold, match="not the one that was recorded"):
            packed.check(relisted(forged), None, copy)
    with pytest.raises(verify.DoesNotHold, match="nothing shows that the list"):
        packed.check({name: one for name, one in forged.items() if name != "made.json"})
    other = verify.unpack(packed.pack())
    with pytest.raises(verify.DoesNotHold, match="not the proof of this pack's list"):
        packed.check(forged | {"made.json": other["made.json"]})
    told = json.loads(other["pack.json"])
    with pytest.raises(verify.DoesNotHold, match="not the one that was recorded"):
        packed.check(relisted(forged, fact=told["fact"]) | {"made.json": other["made.json"]})


def test_a_record_of_another_kind_is_no_proof_of_the_list(packed: Packer) -> None:
    files = verify.unpack(packed.pack())
    own = json.loads(files[WORDS])
    told = relisted(files, fact=own["stream"])
    with pytest.raises(verify.DoesNotHold, match="does not prove the list of a pack"):
        packed.check(told | {"made.json": files[WORDS]})


def test_a_cause_that_is_not_in_the_pack_is_missed(packed: Packer) -> None:
    """A pack of proofs is refused if it lacks a cause of one of its facts, even if the recorded
    list of the pack does not name this cause."""
    kept = {ref: causes for ref, causes in FACTS.items() if not ref.startswith(str(STREAMS[0]))}
    with pytest.raises(verify.DoesNotHold, match=f"is based on {STREAMS[0]}, which is not in"):
        packed.check(packed.pack(facts=kept))
    lying = {ref: (STREAMS[1],) if causes else () for ref, causes in FACTS.items()}
    with pytest.raises(verify.DoesNotHold, match="has other causes in its proof than in the list"):
        packed.check(packed.pack(facts=lying, opens=packed.sealed.log.event_secrets))
    fewer = dict(list(FACTS.items())[1:])
    with pytest.raises(Unprovable, match="a record was added while the proof pack was made"):
        packed.pack(facts=fewer)


def test_what_is_left_out_is_named_or_may_be_closed(packed: Packer) -> None:
    gap = {"step": 2, "event": "note.noted", "stage": None, "reason": "closed to its reader"}
    lines = packed.check(packed.pack(said={"left_out": [gap]}))
    assert "Left out: step 2, event note.noted, reason closed to its reader" in lines
    assert NOTICE not in lines
    for said in ({}, {"notice": "all is here"}, {"notice": NOTICE, "left_out": []}):
        with pytest.raises(
            verify.DoesNotHold,
            match="the pack does not say that some steps may be hidden from its reader",
        ):
            packed.check(packed.pack(said=said))
    assert NOTICE == verify.NOTICE


def test_nothing_is_packed_that_is_not_signed(packed: Packer) -> None:
    later = {f"{STREAMS[3]}:1": ()}
    with pytest.raises(Unprovable, match="wait for the next"):
        packed.draft({**FACTS, **later}, packed.sealed.older)
    packed.sealed.log.append([submission(Counted(9), stream=STREAMS[2], version=4)])
    with pytest.raises(Unprovable, match="not signed yet"):
        packed.draft()


def test_a_pack_is_finished_once_its_list_is_recorded_and_signed(packed: Packer) -> None:
    fact = uuid4()
    content, _ = packed.draft(fact=fact)
    with pytest.raises(Unprovable):
        packed.finish(content)
    packed.record("00" * 32)
    with pytest.raises(Unprovable):
        packed.finish(content)
    for odd in (b"", b"PK", zipped({"pack.json": b"[]"}), zipped({"README.txt": b""})):
        with pytest.raises(
            Unprovable, match="the file is not a proof pack that continuum pack made"
        ):
            packed.finish(odd)


def test_another_list_of_a_recorded_pack_is_not_finished(packed: Packer) -> None:
    files = verify.unpack(packed.pack())
    with pytest.raises(
        Unprovable, match="the list in this proof pack was not recorded in this store"
    ):
        packed.finish(zipped(without(files)))


def test_another_signers_pack_does_not_hold(packed: Packer, tmp_path: Any) -> None:
    forged = another_home(packed.sealed, tmp_path / "impostor").round()
    with pytest.raises(verify.DoesNotHold, match="wrong key"):
        packed.check(packed.pack(note=forged))


def test_a_member_less_more_or_other_is_reported(packed: Packer) -> None:
    files = verify.unpack(packed.pack())
    for name in files:
        fewer = {one: content for one, content in files.items() if one != name}
        with pytest.raises((verify.DoesNotHold, verify.BadInput)):
            packed.check(fewer)
        if name != "made.json":
            with pytest.raises((verify.DoesNotHold, verify.BadInput)):
                packed.check(files | {name: files[name] + b" "})
    with pytest.raises(verify.DoesNotHold):
        packed.check(files | {"words.txt": b"more"})


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "proofs/../pack.json", "proofs\\x.json", "verify.py", "proofs/", ""],
)
def test_a_path_that_belongs_to_no_pack_is_refused(name: str) -> None:
    with pytest.raises(verify.BadInput):
        verify.unpack(zipped([("pack.json", b"{}"), (name, b"x")]))


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped([("pack.json", b"{}"), ("pack.json", b"{}")])
    with pytest.raises(verify.BadInput, match="one name"):
        verify.unpack(twice)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({"trail.txt": bytes(verify.MOST_BYTES + 1)}, compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    with pytest.raises(
        verify.BadInput, match="the archive contains more files than a pack may have"
    ):
        verify.unpack(bomb)
    size = (verify.MOST_BYTES + 1).to_bytes(4, "little")
    lying = bomb.replace(size, (10).to_bytes(4, "little"))
    with pytest.raises(verify.BadInput):
        verify.unpack(lying)
    many = zipped([(f"proofs/{n:036x}.json", b"") for n in range(verify.MOST_FILES + 1)])
    with pytest.raises(
        verify.BadInput, match="the archive contains more files than a pack may have"
    ):
        verify.unpack(many)


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x05\x06" + bytes(18), zipped({"pack.json": b"["}), b"PK" * 100]
)
def test_what_is_no_pack_is_bad_input(content: bytes) -> None:
    with pytest.raises(verify.BadInput):
        verify.check_pack(verify.unpack(content), {})


def test_deep_nesting_is_bad_input(packed: Packer) -> None:
    files = verify.unpack(packed.pack())
    for name in ("pack.json", "made.json"):
        with pytest.raises(verify.BadInput):
            packed.check(files | {name: b"[" * 200_000})


def _mutated(content: bytes, r: random.Random) -> bytes:
    """Return an archive with random changes, either in its bytes or in one of its files. The
    archive's list is sometimes changed to fit."""
    changed = bytearray(content)
    if r.random() < 0.4:
        for _ in range(r.randint(1, 3)):
            changed[r.randrange(len(changed))] ^= 1 << r.randrange(8)
        return bytes(changed[: r.randrange(len(changed))] if r.random() < 0.2 else changed)
    files = verify.unpack(content)
    name = r.choice(sorted(files))
    spoilt = bytearray(files[name])
    at = r.randrange(len(spoilt))
    match r.randrange(4):
        case 0:
            spoilt[at] ^= 1 << r.randrange(8)
        case 1:
            del spoilt[at : at + r.randint(1, 40)]
        case 2:
            spoilt[at:at] = r.choice([b"0", b'"', b"}", b",", b"\0", b"-1"])
        case _:
            spoilt[:] = files[r.choice(sorted(files))]
    files[name] = bytes(spoilt)
    if r.random() < 0.7 and name != "pack.json":
        files = relisted(files)
    return zipped(files)


# zipfile warns of a mutated archive whose entries overlap; the pack is checked all the same
@pytest.mark.filterwarnings("ignore:Overlapped entries:UserWarning")
def test_two_thousand_mutations_are_refused_or_harmless(own_packer: Packer) -> None:
    content, r = own_packer.pack(), random.Random(20110507)
    before, told, harmless = own_packer.check(content), own_packer.pins, 0
    for _ in range(MUTATIONS):
        mutated = _mutated(content, r)
        try:
            lines = verify.check_pack(verify.unpack(mutated), told)
        except (verify.BadInput, verify.DoesNotHold):
            continue
        harmless += 1
        assert lines == before
    assert 0 < harmless < MUTATIONS / 2


def test_a_pack_made_after_more_was_signed_is_another(packed: Packer) -> None:
    packed.sealed.log.append([submission(Counted(9), stream=STREAMS[2], version=4)])
    more = FACTS | {f"{STREAMS[2]}:4": ()}
    first = packed.pack(facts=more, note=packed.sealed.signer.round())
    assert len(json.loads(verify.unpack(first)["pack.json"])["facts"]) == len(FACTS) + 1
