"""Hash the rows that each view (a table computed from events) makes from stored histories: `python
-m tests.kept.folds`.

If a view's rows changed while its definition stayed the same, every store would still use its old
rows. Therefore folds.json has the hash of each view's rows and of its definition, and a new hash of
the rows is written only if the definition changed: a column, an index, or its `version`.
"""

import hashlib
import importlib
import pkgutil
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

import projections
from installation.opening import open_system, read_erased
from installation.settings import Settings
from projections.all_views import DEFINITIONS, VIEWS
from projections.generations import definition
from projections.kernel import runner
from projections.kernel.database import Db
from projections.kernel.handled import HANDLED
from projections.kernel.schema import View, in_key_order
from tests.kept import handled
from tests.kept.make import HERE
from tests.kept.stores import RELEASES, unpack

FOLDS = HERE / "folds.json"


class Fold(msgspec.Struct, frozen=True):
    """Two SHA-256 hashes: of a view's definition, and of the rows that the view makes from a stored
    history.
    """

    definition: str
    rows: str


Folds = dict[str, dict[str, Fold]]


def known() -> Folds:
    """Return the hashes in folds.json by release and by name of the view."""
    return msgspec.json.decode(FOLDS.read_bytes(), type=Folds) if FOLDS.exists() else {}


@cache
def places() -> dict[str, tuple[str, View]]:
    """Return the views in `projections/` by name, each with the name of the module that declares
    it."""
    found: dict[str, tuple[str, View]] = {}
    for package in pkgutil.walk_packages(projections.__path__, "projections."):
        view = vars(importlib.import_module(package.name)).get("VIEW")
        if isinstance(view, View):
            found[view.name] = package.name.removeprefix("projections."), view
    return dict(sorted(found.items()))


def declared() -> list[View]:
    """Return all views as their modules declare them. Unlike the views in definitions.json, they
    get all facts, and not only the facts that they use."""
    return [view for _, view in places().values()]


def listed() -> str:
    """Return the content of projections/definitions.json, which has one line for each view."""
    lines = (
        f"  {_json(name)}: {_json((module, definition.of(view), view.logs, view.when_queried))}"
        for name, (module, view) in places().items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(one: object) -> str:
    return msgspec.json.encode(one).decode()


def fold(release: str, views: Sequence[View] = VIEWS) -> dict[str, Fold]:
    """Return the hashes of the rows that today's views make from a release's stored history."""
    now = {view.name: definition.of(view) for view in declared()}
    with tempfile.TemporaryDirectory() as scratch:
        store = unpack(release, "sqlite", Path(scratch)) / "store"
        system = open_system(Settings(store=str(store)))
        engine = runner.open_views(Path(scratch) / "folded.db")
        try:
            runner.create(engine, views)
            erased = read_erased(system.logs["evidence"])
            runner.catch_up(engine, views, system.logs, gone=erased)
            with engine.connect() as db:
                assert runner.set_aside(db) == []
                return {view.name: Fold(now[view.name], _rows(db, view)) for view in views}
        finally:
            engine.dispose()
            system.close()


def _rows(db: Db, view: View) -> str:
    total = hashlib.sha256()
    for row in view.rows:
        table = row.table  # type: ignore[attr-defined]
        for one in in_key_order(db, table):
            total.update(f"{table.name} {one!r}\n".encode())
    return total.hexdigest()


def unraised(before: dict[str, Fold], now: dict[str, Fold]) -> list[str]:
    """Return the names of the views whose rows differ between `before` and `now` although the
    view's definition is the same."""
    return [
        name
        for name, one in now.items()
        if name in before and before[name].definition == one.definition and before[name] != one
    ]


def main() -> None:
    """Write today's hashes to folds.json. Raises SystemExit if a view's rows changed and its
    version did not.
    """
    DEFINITIONS.write_text(listed(), "utf-8")
    HANDLED.write_text(handled.listed(declared()), "utf-8")
    before, now = known(), {release: fold(release, declared()) for release in RELEASES}
    for release in RELEASES:
        if names := unraised(before.get(release, {}), now[release]):
            sys.exit(f"raise the version of: {', '.join(names)} (View(..., version=…))")
    FOLDS.write_bytes(msgspec.json.format(msgspec.json.encode(now, order="sorted")) + b"\n")


if __name__ == "__main__":
    main()
