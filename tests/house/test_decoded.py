"""If several threads decode a type of Struct for the first time at the same moment, each reads it
correctly. (With msgspec alone, the process could crash.)"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.processes import LIMIT

ROOT = Path(__file__).parents[2]
PACKAGES = (
    *("access", "analytics", "commands", "console", "demo", "domain", "exchange", "ingest"),
    *(
        "installation",
        "ledger",
        "network",
        "notifying",
        "projections",
        "questions",
        "usecases",
        "web",
    ),
)
#: A pattern of the modules that this test reads, which are those that import msgspec or decode
#: data.
ASKS = re.compile("msgspec|decode")
#: A program that makes deeply nested Structs, which several threads then read for the first time at
#: the same moment.
_MET_AT_ONCE = """
import sys, types
from threading import Barrier, Thread
from domain.kernel.decoding import convert, decoder
sys.setswitchinterval(1e-6)
many = range(30)
written = "from __future__ import annotations\\nimport msgspec\\n"
for i in many:
    written += f"class Part{i}(msgspec.Struct):\\n    a: int = 0\\n    b: str = ''\\n"
written += "class Whole(msgspec.Struct):\\n"
written += "".join(f"    f{i}: Part{i} | None = None\\n" for i in many)
for number in range(20):
    module = types.ModuleType(f"met{number}")
    sys.modules[module.__name__] = module
    exec(written, module.__dict__)
    together = Barrier(6)
    def read(kind=module.Whole, together=together):
        together.wait()
        if number % 2:
            convert({"f29": {"a": 1}, "f0": {"a": 2}}, kind)
        else:
            decoder(kind)(b'{"f29": {"a": 1}, "f0": {"a": 2}}')
    threads = [Thread(target=read) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
print("read")
"""


def test_threads_that_meet_a_struct_at_once_read_it() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _MET_AT_ONCE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "read\n"), ended.stderr


def test_nothing_else_asks_msgspec_to_read_a_kind() -> None:
    asking = (
        "from msgspec.json import decode\ndecode(read(one), type=One)\nmsgspec.convert(two, Two)"
    )
    assert len(list(_reads(asking))) == 3
    found = [
        f"{path.relative_to(ROOT)}: {call}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if path != ROOT / "domain/kernel/decoding.py"
        if ASKS.search(text := path.read_text("utf-8"))
        for call in _reads(text)
    ]
    assert not found


def _reads(source: str) -> Iterator[str]:
    """Yield the calls in which msgspec reads data as a given type; a call that only parses JSON
    names no type and is left out.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module="msgspec" | "msgspec.json", names=names):
                if {name.name for name in names} & {"convert", "decode", "Decoder", "json"}:
                    yield ast.unparse(node)
            case ast.Call(func=ast.Attribute(value, attr="convert" | "Decoder")):
                if ast.unparse(value).startswith("msgspec"):
                    yield ast.unparse(node)
            case ast.Call(func=ast.Attribute(attr="decode") | ast.Name("decode"), keywords=named):
                if "type" in {one.arg for one in named}:
                    yield ast.unparse(node)
