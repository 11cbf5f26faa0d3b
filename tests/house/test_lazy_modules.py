"""A command loads only the modules that it uses."""

import sys
from importlib.util import LazyLoader

import pytest

import continuum_start as start
from tests.house import loaded
from tests.house.tree import ROOT

later = pytest.mark.skipif(sys.version_info < start.SAFE, reason="modules are loaded at once")


@later
def test_a_command_loads_what_it_asks_and_nothing_else() -> None:
    """A command loads exactly the modules that loaded.json lists. If this test fails, let the code
    import the module (`from package import module`) instead of a name in it, or run
    `python -m tests.house.loaded` if the command needs the module.
    """
    now, known = loaded.loaded(), loaded.known()
    more = {name: _beyond(now[name], known[name]) for name in known}
    assert more == {name: set() for name in known}
    less = {name: (known[name].rooms - now[name].rooms) for name in known}
    assert not any(less.values()), "it is not loaded any more: python -m tests.house.loaded"
    assert not now["--help"].rooms | now["--help"].libraries
    assert not now["record --help"].views


def _beyond(now: loaded.Loaded, known: loaded.Loaded) -> set[str]:
    new = (now.libraries - known.libraries, now.rooms - known.rooms, now.views - known.views)
    return {f"{one} is new" for some in new for one in some}


def test_modules_of_ours_are_run_when_something_of_them_is_queried() -> None:
    """A lazy module of the product runs its code when one of its names is first used. Packages and
    modules of other programs are not lazy."""
    spec = start.LazyModules.find_spec("domain.rules", [str(ROOT / "domain")])
    assert spec
    assert isinstance(spec.loader, LazyLoader)
    package = start.LazyModules.find_spec("domain", [str(ROOT)])
    assert package
    assert not isinstance(package.loader, LazyLoader)
    assert start.LazyModules.find_spec("json") is None
