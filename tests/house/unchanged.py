"""List the names on which stored records, users and other programs depend, with a short hash for
each name: `python -m tests.house.unchanged` writes the list to unchanged.json.

Moving or renaming code does not change that file. After a wanted change (a new event, another
option), its diff shows whether anything else changed.
"""

import ast
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

from fastapi.routing import APIRoute

import cli
from domain.catalogue import events
from projections.all_views import VIEWS
from projections.generations import definition
from tests.commands_page import commands
from tests.house.tree import ROOT, packages, pyproject
from web.api.app import document
from web.app import routes

FILE = Path(__file__).with_name("unchanged.json")
#: The methods whose first argument is the name of a log line or a metric.
LEVELS = {"debug", "info", "warning", "error", "exception"}
METRICS = {"Gauge", "CounterMetricFamily", "HistogramMetricFamily"}

#: Data files that are generated from the program, and so are left out.
MADE = {"definitions.json", "handled.json", "overview.txt", "places.txt"}
#: A short hash for each name, grouped by the kind of names (events, settings, options …).
Fixed = dict[str, dict[str, str]]


def fixed() -> Fixed:
    """Return the current hashes of all groups of names. The group of retries is left out, because
    its hashes are computed while commands run."""
    described: Any = document()
    project = pyproject()["project"]
    return {
        "events": {event.stored.topic: short(_event(event)) for event in events()},
        "views": {view.name: definition.of(view)[:12] for view in VIEWS},
        "commands": {name: short(_options(one)) for name, one in commands(cli.command())},
        "operations": {
            f"{method.upper()} {path}": short(operation)
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
        },
        "shapes": {
            f"{kind} {name}": short(shape)
            for kind, shapes in described["components"].items()
            for name, shape in shapes.items()
        },
        "screens": {
            f"{' '.join(sorted(route.methods or ()))} {route.path}": short(
                sorted(field.alias for field in _fields(route))
            )
            for route in routes()
            if isinstance(route, APIRoute)
        },
        "called": dict.fromkeys(sorted(set(_log_names())), ""),
        "entry points": {name: short(at) for name, at in project["scripts"].items()},
        "documents": {
            file.relative_to(ROOT).as_posix(): "" for file in sorted((ROOT / "docs").glob("*.md"))
        },
        "files beside the code": {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:12]
            for package in sorted(packages() - {"web"})
            for file in sorted((ROOT / package).rglob("*"))
            if file.is_file() and file.name not in MADE and file.suffix not in {".py", ".pyc"}
        },
    }


def short(value: object) -> str:
    """Return a short hash of a JSON value; equal values have equal hashes."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def known() -> Fixed:
    """Return the hashes that are stored in unchanged.json."""
    found: Fixed = json.loads(FILE.read_text("utf-8"))
    return found


def write(part: Fixed) -> None:
    """Replace the groups of hashes in `part` in unchanged.json. The file's other groups stay as
    they are."""
    whole = (known() if FILE.exists() else {}) | part
    FILE.write_text(json.dumps(whole, indent=0, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


def _event(event: Any) -> object:
    """Return the form in which an event is stored, with its fields and the class names of their
    types."""
    hints = get_type_hints(event)
    fields = {name: _name(hints[name]) for name in event.__struct_fields__}
    return [vars_of(event.stored), fields]


def vars_of(stored: Any) -> dict[str, object]:
    """Return the values of a struct's fields by the names of the fields."""
    return {name: getattr(stored, name) for name in stored.__struct_fields__}


def _name(kind: Any) -> str:
    """Return a type's name without the modules of the types in it."""
    if isinstance(kind, type) and not getattr(kind, "__args__", None):
        return kind.__name__
    parts = getattr(kind, "__args__", ())
    origin = getattr(kind, "__name__", None) or type(kind).__name__
    return f"{origin}[{', '.join(map(_name, parts))}]" if parts else repr(kind)


def _options(command: Any) -> list[list[Any]]:
    return sorted(
        [
            parameter.name,
            sorted((*parameter.opts, *parameter.secondary_opts)),
            parameter.required,
            parameter.multiple,
        ]
        for parameter in command.params
        if parameter.name is not None and hasattr(parameter, "opts")
    )


def _fields(route: APIRoute) -> list[Any]:
    given = route.dependant
    return [*given.path_params, *given.query_params, *given.body_params]


def _log_names() -> Iterator[str]:
    """Yield the names of the program's log lines and metrics."""
    for package in packages():
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                match node:
                    case ast.Call(
                        func=ast.Attribute(value=ast.Name(id="log"), attr=kind),
                        args=[ast.Constant(value=str(text)), *_],
                    ) if kind in LEVELS:
                        yield f"log: {text}"
                    case ast.Call(
                        func=ast.Name(id=kind), args=[ast.Constant(value=str(text)), *_]
                    ) if kind in METRICS:
                        yield f"metric: {text}"
                    case _:
                        pass


if __name__ == "__main__":
    write(fixed())
