"""Functions that find out whether a test asserts anything."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
#: Functions that fail on an unexpected result, from pytest, tests/domain/given.py, Playwright and
#: Schemathesis.
EXPECTS = {"raises", "then", "refused", "expect", "call_and_validate"}


#: A pattern that matches a page's reference to a test; `*` means every test of the file.
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\*|\w+)`")


def unproven(page: str) -> list[str]:
    """Return the tests that a page names but that do not exist or assert nothing."""
    wrong = []
    for path, name in sorted(set(TEST.findall(page))):
        file = ROOT / path
        tree = ast.parse(file.read_text("utf-8")) if file.is_file() else ast.Module([], [])
        functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
        named = [
            function
            for function in functions
            if function.startswith("test_") and name in ("*", function)
        ]
        if not named or not all(asserts(functions[one], functions) for one in named):
            wrong.append(f"{path}::{name}")
    return wrong


def asserts(function: ast.FunctionDef, others: dict[str, ast.FunctionDef]) -> bool:
    """Return whether a test asserts something: with an assertion, with an expected refusal, or
    through a helper of its file."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if called in EXPECTS or (called or "").startswith("assert_"):
                return True
            helper = others.get(called or "")
            if helper and helper is not function and asserts(helper, {}):
                return True
    return False
