"""Two people can copy a store of an older release into a new origin. The copy is complete, but has
no unencrypted hashes, from which content could be guessed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import structs

from domain.data_protection.disclosure import DisclosureMade1
from domain.families.referral import ThresholdAssessed1
from domain.people_and_teams.store_admin import ExportMade1, FileReceived1
from tests.console.conftest import Line
from tests.kept.stores import AFTERWARDS, RELEASES
from tests.support.kept.copied import facts, logs, stored
from tests.support.kept.kept import Kept, holds

LATER = ("--clock", AFTERWARDS)
#: The hash in the samples of events; nothing in the store has this hash.
SAMPLE = "ab" * 32
FIRST, SECOND = ("--user", "administrator"), ("--user", "mgr.quill")


def bare(line: Line) -> set[str]:
    """Return the unencrypted hashes in the store's logs, as hexadecimal text."""
    found: set[str] = set()
    for name in ("evidence", "access"):
        for fact in facts(line, LATER)[name]:
            match fact.event:
                case FileReceived1(sha256=one, kept=name_kept):
                    found |= {one, name_kept}
                case ExportMade1(sha256=one):
                    found.add(one)
                case DisclosureMade1(hashes=several) if not fact.erased:
                    found.update(several)
    return found - {"", SAMPLE}


@pytest.fixture
def copy(
    kept: Kept, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Line]]:
    """Yield a function that copies the store into an empty place on the same database."""
    opened: list[Line] = []

    def made(who: tuple[str, ...] = SECOND) -> Line:
        home = tmp_path / "copy"
        store = str(home)
        if "://" in kept.line.store:
            store = request.getfixturevalue("fresh_database")()
        into = ("--into", store, "--into-home", str(home))
        said = kept.line(*LATER, *who, "new-origin", "confirm", *into)
        assert said.code == 0, said
        opened.append(Line(store, home))
        return opened[-1]

    yield made
    for line in opened:
        line.close()


def propose(kept: Kept) -> None:
    sealed = kept.line(*LATER, *FIRST, "original", "--seal")
    assert sealed.code == 0, sealed
    reason = ("--reason", "files can be guessed back")
    said = kept.line(*LATER, *FIRST, "new-origin", "propose", *reason)
    assert said.code == 0, said


@pytest.mark.in_turn("copied")
@pytest.mark.parametrize("release", RELEASES[:1])  # later releases recorded no unencrypted hashes
def test_it_goes_on_in_the_copy_and_nothing_can_be_guessed_back(
    kept: Kept, copy: Callable[..., Line]
) -> None:
    guessed = bare(kept.line)
    assert guessed
    before = stored(kept.line)
    assert any(one.encode() in before for one in guessed)
    propose(kept)
    was, sizes = facts(kept.line, LATER), kept.sizes
    again = copy()

    # no hash in the copy lets a reader guess erased content
    after = stored(again)
    for one in guessed:
        assert one.encode() not in after
        assert bytes.fromhex(one) not in after
    found = again(*LATER, "--json", *FIRST, "doctor").json["findings"]
    assert "guessable" not in {one["what"] for one in found}

    # every record is in the copy and reads as before, and erased items are still erased
    now = facts(again, LATER)
    for name, facts_before in was.items():
        for fact, one in zip(facts_before, now[name], strict=False):
            assert (fact.ref, fact.seq, fact.recorded, fact.command_id, fact.erased) == (
                one.ref, one.seq, one.recorded, one.command_id, one.erased,
            )  # fmt: skip
            if isinstance(fact.event, ThresholdAssessed1):
                assert structs.asdict(fact.event) == structs.asdict(one.event)
            elif not isinstance(fact.event, FileReceived1 | ExportMade1 | DisclosureMade1):
                assert fact == one
    for name, log in logs(kept.line, LATER).items():
        gone = sorted(log.key_table.destroyed())
        assert gone == sorted(logs(again, LATER)[name].key_table.destroyed())
    for question in kept.told.questions:
        assert holds(again(*LATER, "--json", *question.words).json, question.answer), question.words
    assert again(*LATER, *FIRST, "--json", "views", "compare").json["equal"]

    # the old store can still be read, but accepts no more facts
    assert kept.sizes["evidence"] == sizes["evidence"] + 1
    refused = kept.line(*LATER, *FIRST, "record", text="One more.")
    assert refused.code == 2
    assert "has taken over under another origin" in refused.err
    for question in kept.told.questions:
        assert holds(kept.ask(*question.words), question.answer), question.words


@pytest.mark.usually_on("sqlite")
def test_commands_and_files_are_known_in_the_copy(kept: Kept, copy: Callable[..., Line]) -> None:
    propose(kept)
    again = copy()
    one = Kept(again, kept.place, kept.told)
    before = logs(again, LATER)["evidence"].last()
    for command in kept.told.commands:
        answer = one.ask(*command.words, text=command.text)
        then = command.answer
        if isinstance(then, dict):  # a receipt contains the origin of the log, which changed
            then = {name: told for name, told in then.items() if name != "receipt"}
        assert holds(answer, then), command.words
    for given in kept.told.imports:
        words = [word.replace("{FILES}", str(kept.place / "files")) for word in given.words]
        one.ask(*words, text=given.text)
    assert logs(again, LATER)["evidence"].last() == before
    assert logs(again, LATER)["sources"].last() == one.sizes["sources"]


@pytest.mark.usually_on("sqlite")
def test_verify_says_of_both_what_they_are(
    kept: Kept, copy: Callable[..., Line], tmp_path: Path
) -> None:
    state = str(tmp_path / "signer")
    assert kept.line(*LATER, "signer", "init", "--state", state).code == 0
    propose(kept)
    assert kept.line(*LATER, *FIRST, "anchor").code == 0
    assert kept.line(*LATER, "signer", "run", "--state", state).code == 0
    signed = (kept.line.home / "checkpoints" / "evidence.checkpoint").read_text("utf-8")
    again = copy()
    old = kept.ask("verify", "--allow-unproven")
    new = again(*LATER, "--json", "verify", "--allow-unproven", "--open").json
    assert old["ok"]
    assert new["ok"]
    assert new["findings"] == []
    by_log = {one["log"]: one for one in old["logs"]}
    for one in new["logs"]:
        was = by_log[one["log"]]
        assert one["former"]["origin"] == was["origin"]
        assert was["succeeded"] == one["origin"] != was["origin"]
        assert one["former"]["rewritten"] or one["log"] in ("sources", "product")
    evidence = new["logs"][0]["former"]
    assert evidence["checkpoint"] == signed
    assert (evidence["root"], evidence["size"]) == (old["logs"][0]["root"], old["logs"][0]["size"])
    (first,) = logs(again, LATER)["evidence"].read(evidence["size"], 1)
    assert first.event.stored.name == "succession.copied"
    said = again(*LATER, "verify", "--allow-unproven").out
    assert f"were copied from {evidence['origin']}" in said
    assert "it continues as" in kept.line(*LATER, "verify", "--allow-unproven").out
    # the copy is anchored and signed by a signer of its own
    assert again(*LATER, *FIRST, "anchor").code == 0
    fresh = str(tmp_path / "signer-2")
    assert again(*LATER, "signer", "init", "--state", fresh).code == 0
    assert again(*LATER, "signer", "run", "--state", fresh).code == 0
    proven = again(*LATER, "--json", "verify").json
    assert proven["verdict"] == "proven"


@pytest.mark.usually_on("sqlite")
def test_two_people_decide_it_and_either_may_give_it_up(
    kept: Kept, copy: Callable[..., Line], tmp_path: Path
) -> None:
    into = (
        "new-origin",
        "confirm",
        "--into",
        str(tmp_path / "x"),
        "--into-home",
        str(tmp_path / "x"),
    )
    ask = kept.line
    assert "no copy of this store into a new origin is proposed" in ask(*LATER, *SECOND, *into).err
    assert ask(*LATER, "--user", "dc.prior", *into).code == 3
    propose(kept)
    assert "copying the record takes two people" in ask(*LATER, *FIRST, *into).err
    copy()
    assert ask(*LATER, *FIRST, "record", text="One more.").code == 2
    given_up = ("new-origin", "refuse", "--reason", "the copy was lost")
    assert ask(*LATER, *SECOND, *given_up).code == 0
    assert ask(*LATER, *FIRST, "record", text="One more.").code == 0
