"""Starts the commands, after a check that all imported modules belong to this program.

The packages of this program have common names such as `domain`, so Python could import another file
on its path, or a file of another program installed in the same environment. This module has an
unusual name, so that the check itself is surely imported.

A command runs only the modules that it uses. After `from package import module`, the code of the
module runs when a name in it is first used; after `from package.module import name` it runs at
once. No two modules of this program import each other (tests/house/test_contracts.py), so the order
makes no difference.
"""

import gc
import hashlib
import os
import sys
from base64 import urlsafe_b64encode
from collections.abc import Collection, Sequence
from contextlib import suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
#: The names of the packages and modules that belong to this program.
NAMES = (
    "access",
    "analytics",
    "cli",
    "commands",
    "console",
    "demo",
    "domain",
    "exchange",
    "ingest",
    "installation",
    "ledger",
    "network",
    "notifying",
    "projections",
    "questions",
    "usecases",
    "web",
)
#: Commands that serve many requests. They load all modules before the first request, except the
#: modules of other commands.
SERVING = frozenset({"serve", "watch"})
#: The first version of Python in which two threads may use the same lazy module at the same time.
SAFE = (3, 12, 3)
#: The number of objects after which Python's garbage collection runs. A short command loads fewer
#: objects and needs most of them until its end, so collection would only cost time.
LOADED = 200_000
#: Arguments that print the list of all commands. No command is loaded for this.
HELP = (["-h"], ["--help"], ["help"])


def strays() -> list[Path]:
    """Return the files of other programs that Python would import in place of modules of this
    program."""
    paths = []
    for name in NAMES:
        spec = PathFinder.find_spec(name)
        if spec and spec.origin:
            place = Path(spec.origin).resolve()
            if place not in _places(name):
                paths.append(place)
    return paths


def missing() -> list[str]:
    """Return the names of this program's packages and modules that are missing from its
    installation."""
    return [name for name in NAMES if not any(place.is_file() for place in _places(name))]


def overwritten() -> list[Path]:
    """Return the files of this program's packages and modules that another program has overwritten
    after the installation.

    Only the file that Python imports first is checked for each package or module. In a clone of the
    repository no file is checked, because there are no hashes of files, which an installation
    records.
    """
    firsts = [place for name in NAMES for place in _places(name) if place.is_file()]
    paths = []
    for record in HERE.glob("continuum_safeguarding-*.dist-info/RECORD"):
        lines = (line.partition(",") for line in record.read_text("utf-8").splitlines())
        digests = {name: rest.partition(",")[0] for name, _, rest in lines}
        for place in firsts:
            digest = digests.get(place.relative_to(HERE).as_posix())
            if digest and digest != _digest(place):
                paths.append(place)
    return paths


def _places(name: str) -> tuple[Path, Path]:
    return HERE / f"{name}.py", HERE / name / "__init__.py"


def _digest(place: Path) -> str:
    """Return the SHA-256 of a file in the form in which an installer writes it."""
    digest = urlsafe_b64encode(hashlib.sha256(place.read_bytes()).digest())
    return f"sha256={digest.decode().rstrip('=')}"


def _check() -> None:
    """End the program with a message if Python would import modules of another program."""
    if paths := strays():
        problem = (
            f"another program's {_listed(paths)} is found before a part of this one: take its "
            "directory out of PYTHONPATH, or move it away"
        )
    elif paths := overwritten():
        problem = (
            f"another program that is installed beside this one has written over {_listed(paths)}: "
            "install Continuum again, in an environment of its own (docs/deploying.md)"
        )
    elif lost := missing():
        problem = f"{', '.join(lost)} is missing from {HERE}: install Continuum again"
    else:
        return
    sys.stderr.write(f"{Path(sys.argv[0]).name}: {problem}\n")
    sys.exit(1)


def _listed(places: list[Path]) -> str:
    return ", ".join(map(str, places))


class LazyModules(MetaPathFinder):
    """Finds modules of this program's packages for Python's import, and delays the code of each
    module until a name in it is first used."""

    def __init__(self, packages: Collection[str] = NAMES) -> None:
        self._packages = packages

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self._packages:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        # the code of a package itself is not delayed, because Python needs it to find the package's
        # modules
        if spec and spec.loader and spec.submodule_search_locations is None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def main() -> None:
    """Run the program `continuum`."""
    _check()
    if sys.argv[1:] in HELP:
        _print_overview()
        return
    gc.set_threshold(LOADED)
    # With several threads, computations on the small matrices of a network take twice the processor
    # time, because the threads wait for each other in busy loops.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # noqa: TID251 (the setting belongs to a library)
    # keep Pydantic from searching all installed packages for plugins, which it would run
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # noqa: TID251 (the setting belongs to a library)
    if sys.version_info >= SAFE:
        packages = NAMES if SERVING.isdisjoint(sys.argv) else ("console",)
        sys.meta_path.insert(0, LazyModules(packages))
    import cli  # imported here, after the check, and after modules are made lazy

    cli.main()


def _print_overview() -> None:
    """Print the list of all commands from the file `console.help.helping.OVERVIEW`."""
    text = (HERE / "console/help/overview.txt").read_text("utf-8")
    with suppress(BrokenPipeError):  # the program that reads the output may have ended
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def keyservice() -> None:
    """Run the program `continuum-keyservice`."""
    _check()
    # imported here, after the check
    from console.engine.streams import forgive_closed_pipes
    from exchange.start import keyservice as program

    forgive_closed_pipes()
    program()


def hub() -> None:
    """Run the program `continuum-hub`."""
    _check()
    # imported here, after the check
    from console.engine.streams import forgive_closed_pipes
    from exchange.start import hub as program

    forgive_closed_pipes()
    program()
