"""An erasure that stops after its items were removed from the views, before a key is destroyed."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from uuid import UUID

import pytest

from commands.erasure import erasure
from tests.commands.office import Office


class Broken(Exception):
    pass


def _nothing(items: object) -> AbstractContextManager[object]:
    return nullcontext()


class Stopped:
    """A stand-in for the part of the system that erases. It removes the items from the views and
    then stops, before a key is destroyed."""

    def __init__(
        self, taking_out: Callable[..., AbstractContextManager[object]] = _nothing
    ) -> None:
        self.taking_out = taking_out

    def shred(self, *given: object) -> None:
        raise Broken

    purge = shred


def broken_off(office: Office, proposal: UUID, eraser: Stopped) -> None:
    """Let a second person approve the erasure `proposal`, which `eraser` interrupts before a key is
    destroyed.
    """
    with pytest.raises(Broken):
        erasure.approve(office.desk, office.somebody("di.okoro"), proposal, eraser)  # type: ignore[arg-type]


def approved(office: Office, item: UUID) -> None:
    """Propose the erasure of this item, let a second person approve it, and interrupt the erasure
    before a key is destroyed.
    """
    made, _ = erasure.propose(office.desk, office.reader, [item], "part-3-s47")
    broken_off(office, made.id, Stopped())
