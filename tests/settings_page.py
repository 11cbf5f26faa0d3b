"""Write docs/settings.md from the declared settings: `python -m tests.settings_page`."""

import json
import types
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
from pydantic.fields import FieldInfo

from installation.settings import CONFIG, PREFIX, Settings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
HEAD = f"""# Every setting

This page lists every setting. The program makes it (`python -m tests.settings_page`), and a test
compares it with the declared settings.

Put a setting into `{CONFIG}` in the current directory, or into the environment under `{PREFIX}` and
its name in capitals. A value in the environment takes precedence over the file, and an option of
the command line over both. In the environment a table or a list is written as JSON. Unknown names
of settings and invalid values are refused. *[verify]* marks values that a police force has to
check.

| setting | what it is | type | default |
|---|---|---|---|
"""
_PLAIN = {
    "str": "text",
    "Path": "a path",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "time": "a time of day",
}


def page() -> str:
    """Return the content of docs/settings.md."""
    return HEAD + "".join(
        f"| `{name}` | {_cell(one.description or '')} | {_cell(_kind(one.annotation))} "
        f"| {_cell(_default(one))} |\n"
        for name, one in sorted(Settings.model_fields.items())
    )


def _kind(kind: Any) -> str:
    origin, inside = (
        get_origin(kind),
        [argument for argument in get_args(kind) if argument is not type(None)],
    )
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in inside)
    if origin is dict:
        return "a table"
    if origin is tuple:
        return "a list"
    if origin is types.UnionType or origin is not None:
        return _kind(inside[0])
    return _PLAIN.get(getattr(kind, "__name__", ""), "text")


def _default(one: FieldInfo) -> str:
    default = msgspec.to_builtins(one.default)
    return "" if default is None else f"`{json.dumps(default, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "/")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
