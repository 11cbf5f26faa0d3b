"""The verifier in the browser gives the same verdict and message for every published test vector as
the verifier in Python. It also works by clicks, without a server or a network.
"""

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger import verify
from tests.conftest import Store
from tests.ledger import malformed
from tests.ledger.packing import packer, zipped
from tests.ledger.vectors import VECTORS
from tests.web.chromium import PHONE

PAGE = Path(verify.__file__).with_name("verify.html")
INDEX: list[dict[str, Any]] = json.loads((VECTORS / "index.json").read_text("utf-8"))
#: The number of randomly changed files that both verifiers check.
CHANGED = 300
#: A script that gets test vectors as base64 and returns the verdicts and the printed lines.
CHECK = """async (vectors) => {
  const bytes = (told) => told && Uint8Array.from(atob(told), (one) => one.charCodeAt(0));
  const found = [];
  for (const { file, policy, receipt, copy } of vectors) {
    const files = new Map([["file", bytes(file)]]);
    const given = { policy: bytes(policy), receipt: bytes(receipt), copy: bytes(copy) };
    found.push(await checkFiles({ files, ...given }));
  }
  return found;
}"""


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport=PHONE, offline=True)
    one = context.new_page()
    one.goto(PAGE.as_uri())
    yield one
    context.close()


def vector_file(vector: dict[str, Any], name: str) -> str | None:
    return b64encode((VECTORS / vector[name]).read_bytes()).decode() if name in vector else None


def test_both_verifiers_say_the_same_of_every_vector(
    page: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [
        {name: vector_file(one, name) for name in ("file", "policy", "receipt", "copy")}
        for one in INDEX
    ]
    found = page.evaluate(CHECK, told)
    assert [(one["file"], said["exit"]) for one, said in zip(INDEX, found, strict=True)] == [
        (one["file"], one["exit"]) for one in INDEX
    ], found
    for one, said in zip(INDEX, found, strict=True):
        line = [str(VECTORS / one["file"]), "--policy", str(VECTORS / one["policy"])]
        for name in one.keys() & {"receipt", "copy"}:
            line += [f"--{name}", str(VECTORS / one[name])]
        verify.main(line)
        out = capsys.readouterr()
        if one["exit"] == 0:
            assert said["lines"] == out.out.splitlines()[:-1], one["file"]
        elif one["exit"] in (4, 6):
            assert said["lines"] == out.err.splitlines(), one["file"]


def test_it_is_one_file_that_fetches_nothing(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    source = PAGE.read_text("utf-8")
    assert "default-src 'none'" in source
    assert not [
        word for word in ("fetch(", "XMLHttp", "import(", "http://", "https://") if word in source
    ]
    page.locator("#file").set_input_files(VECTORS / "files" / "pack.zip")
    page.locator("#policy").set_input_files(VECTORS / "policy.json")
    page.locator("#copy").set_input_files(VECTORS / "newest.checkpoint")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("heading", name="It holds.").wait_for()
    assert "Your checkpoint of 12 records is the same." in page.locator("#lines").inner_text()
    page.locator("#file").set_input_files(VECTORS / "files" / "bad-pack-cut.zip")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("heading", name="It does not hold.").wait_for()
    assert not asked


def test_a_pack_that_is_unpacked_is_checked_by_its_files(page: Any, tmp_path: Path) -> None:
    files = verify.unpack((VECTORS / "files" / "pack.zip").read_bytes())
    for name, content in files.items():
        (tmp_path / Path(name).name).write_bytes(content)
    page.locator("#file").set_input_files(sorted(tmp_path.iterdir()))
    page.locator("#policy").set_input_files(VECTORS / "policy.json")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("heading", name="It holds.").wait_for()


def _randomly_changed(content: bytes, r: random.Random) -> bytes:
    spoilt = bytearray(content)
    at = r.randrange(len(spoilt))
    match r.randrange(3):
        case 0:
            spoilt[at] ^= 1 << r.randrange(8)
        case 1:
            del spoilt[at : at + r.randint(1, 9)]
        case _:
            spoilt[at:at] = r.choice([b"0", b'"', b"}", b",", b" ", b"\n", b"-1", b".0", b"A"])
    return bytes(spoilt)


def test_both_agree_about_files_that_were_changed_at_random(page: Any) -> None:
    """The two verifiers agree whether a randomly changed file is valid. If both refuse a file,
    their reasons may differ."""
    r = random.Random(20111126)
    policy = (VECTORS / "policy.json").read_bytes()
    names = ("item-words.json", "consistency.json", "event.tlog-proof")
    files = verify.unpack((VECTORS / "files" / "pack-words.zip").read_bytes())
    changed = []
    for _ in range(CHANGED):
        if r.random() < 0.5:
            changed.append(_randomly_changed((VECTORS / "files" / r.choice(names)).read_bytes(), r))
        else:
            name = r.choice(sorted(files))
            changed.append(zipped(files | {name: _randomly_changed(files[name], r)}))
    asked = [
        {"file": b64encode(one).decode(), "policy": b64encode(policy).decode()} for one in changed
    ]
    found = page.evaluate(CHECK, asked)
    for content, said in zip(changed, found, strict=True):
        try:
            lines = verify.check_file(content, json.loads(policy))
        except (verify.DoesNotHold, verify.BadInput, verify.Unproven, ValueError):
            lines = None
        assert (said["exit"] == 0) is (lines is not None), (said, content[:4000])
        assert lines is None or said["lines"] == lines


def test_it_refuses_every_damaged_field_as_the_one_in_python_does(
    page: Any, tmp_path: Path
) -> None:
    one = packer(Store(tmp_path, None))
    rows = [*malformed.rows(), *malformed.packs(one)]
    one.close()
    one.access.close()
    one.sealed.log.close()
    asked = [
        {
            "file": b64encode(row.content).decode(),
            "policy": b64encode(row.policy).decode(),
            "receipt": b64encode(row.receipt).decode() if row.receipt else None,
        }
        for row in rows
    ]
    found = [said["exit"] for said in page.evaluate(CHECK, asked)]
    told = [(str(row), malformed.verdict(row)) for row in rows]
    assert [(str(row), code) for row, code in zip(rows, found, strict=True)] == told
