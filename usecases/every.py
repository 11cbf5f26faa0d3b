"""Every declared use case, by its name at the command line."""

from types import ModuleType

from usecases import cases, identity, links, people, words
from usecases.fields import Told, names_of
from usecases.usecase import UseCase

MODULES: tuple[ModuleType, ...] = (cases, people, identity, words, links)


def _of(module: ModuleType) -> list[Told]:
    return [
        told
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, UseCase) and one.__module__ == module.__name__
        for told in names_of(one)
    ]


USE_CASES: dict[str, Told] = {
    told.named.command: told for module in MODULES for told in _of(module)
}
