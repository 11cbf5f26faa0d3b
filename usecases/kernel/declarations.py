"""Find the use cases and questions that a file declares."""

from types import ModuleType
from typing import TypeVar

from usecases.kernel.fields import Declaration, names_of
from usecases.kernel.question import Question
from usecases.kernel.usecase import UseCase

T = TypeVar("T")


def use_cases_in(module: ModuleType) -> dict[str, Declaration]:
    """Return the use cases of a file, by their command names."""
    return {
        declaration.named.command: declaration
        for use in _declared(module, UseCase)
        for declaration in names_of(use)
    }


def questions_in(module: ModuleType) -> dict[str, type[Question]]:
    """Return the questions of a file, by their command names."""
    return {
        question.named.command: question
        for question in _declared(module, Question)
        # a base class, which only has fields for several questions, has no `named`
        if "named" in vars(question)
    }


def _declared(module: ModuleType, kind: type[T]) -> list[type[T]]:
    return [
        member
        for member in vars(module).values()
        if isinstance(member, type)
        and issubclass(member, kind)
        and member is not kind
        and member.__module__ == module.__name__
    ]
