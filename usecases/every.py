"""Every declared use case, by its name at the command line."""

from types import ModuleType

from usecases import (
    accounts,
    cases,
    compartments,
    disclosing,
    evidence,
    grants,
    identity,
    justice,
    links,
    lists,
    material,
    people,
    retaining,
    rota,
    sources,
    support,
    teams,
    words,
)
from usecases.fields import Told, names_of
from usecases.question import Question
from usecases.usecase import UseCase

MODULES: tuple[ModuleType, ...] = (
    accounts,
    cases,
    compartments,
    disclosing,
    evidence,
    grants,
    identity,
    justice,
    links,
    material,
    people,
    retaining,
    rota,
    sources,
    support,
    teams,
    words,
)


def _of(module: ModuleType) -> list[Told]:
    return [
        told
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, UseCase) and one.__module__ == module.__name__
        for told in names_of(one)
    ]


#: Every declared question, by its command.
QUESTIONS: dict[str, type[Question]] = {
    one.asked_as.command: one
    for one in vars(lists).values()
    if isinstance(one, type) and issubclass(one, Question) and one is not Question
}
USE_CASES: dict[str, Told] = {
    told.named.command: told for module in MODULES for told in _of(module)
}
