"""The use cases and questions that one file declares."""

from types import ModuleType
from typing import TypeVar

from usecases.kernel.fields import Declaration, names_of
from usecases.kernel.question import Question
from usecases.kernel.usecase import UseCase

T = TypeVar("T")


def use_cases_in(module: ModuleType) -> dict[str, Declaration]:
    """The use cases of a file, by their names at the command line."""
    return {
        told.named.command: told for use in _declared(module, UseCase) for told in names_of(use)
    }


def questions_in(module: ModuleType) -> dict[str, type[Question]]:
    """The questions of a file, by their names at the command line."""
    return {
        one.named.command: one
        for one in _declared(module, Question)
        if "named" in vars(one)  # fields that several ask are declared once, above them
    }


def _declared(module: ModuleType, kind: type[T]) -> list[type[T]]:
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type)
        and issubclass(one, kind)
        and one is not kind
        and one.__module__ == module.__name__
    ]
