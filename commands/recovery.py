"""What befell the record: a person declares a loss, whoever sees it a step of the clock."""

from uuid import uuid5

from commands.desk import Keys, Log, facts
from domain.envelope import Submission
from domain.governance import STORE
from domain.recovery import LossDeclared
from domain.values import Reader


def declare_loss(log: Log, keys: Keys, reader: Reader, loss: LossDeclared, origin: str) -> None:
    """The first fact of the evidence log under its new `origin`. Declared again, nothing changes.

    It needs no desk: a store that is being restored has no views yet.
    """
    stream = uuid5(STORE, origin)
    digest = keys.digest(origin.encode())
    log.append([Submission(stream, digest, facts(reader, stream, 0, (loss,)))])
