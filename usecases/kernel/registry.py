"""Every declared use case and question, by its name at the command line. A file in a room of this
folder is found by itself."""

from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import TypeVar

import usecases
from usecases.kernel.fields import Declaration, names_of
from usecases.kernel.question import Question
from usecases.kernel.usecase import UseCase

T = TypeVar("T")


def _declared(module: ModuleType, kind: type[T]) -> list[type[T]]:
    """What this file declares."""
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type)
        and issubclass(one, kind)
        and one is not kind
        and one.__module__ == module.__name__
    ]


#: The files of all rooms, in the order of their own names.
_MODULES: tuple[ModuleType, ...] = tuple(
    import_module(name)
    for name in sorted(
        (found.name for found in walk_packages(usecases.__path__, "usecases.")),
        key=lambda name: name.rpartition(".")[2],
    )
    if name != __name__
)
USE_CASES: dict[str, Declaration] = {
    told.named.command: told
    for module in _MODULES
    for use in _declared(module, UseCase)
    for told in names_of(use)
}
QUESTIONS: dict[str, type[Question]] = {
    one.asked_as.command: one
    for module in _MODULES
    for one in _declared(module, Question)
    if "asked_as" in vars(one)  # fields that several ask are declared once, above them
}
