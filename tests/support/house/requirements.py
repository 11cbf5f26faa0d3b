"""Whether a test asserts anything."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
#: What expects something of what it is given: pytest's, the tables' of tests/domain/given.py, a
#: page's of playwright, an answer's of schemathesis.
EXPECTS = {"raises", "then", "refused", "expect", "call_and_validate"}


def asserts(function: ast.FunctionDef, others: dict[str, ast.FunctionDef]) -> bool:
    """Whether it asserts, expects a refusal, or calls a helper of its file that does."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if called in EXPECTS:
                return True
            helper = others.get(called or "")
            if helper and helper is not function and asserts(helper, {}):
                return True
    return False
