"""Training of the matching weights on the store's own records."""

from typing import Unpack

from access.who_may import conditions
from commands.kernel.unit_of_work import Command, Desk, Receipt, act
from domain import matching
from domain.kernel.envelope import Event
from domain.kernel.values import Denied, Reader
from domain.matching import Weights
from projections.intelligence import likely_same_person


def train(desk: Desk, reader: Reader, **command: Unpack[Command]) -> Receipt:
    """Train the weights on the records of all teams. Raises Refused if there are too few or they
    add nothing new, and Denied for a reader who judges identity only for some teams: weights are
    shared by all.
    """

    def learn(before: Weights) -> tuple[Event, ...]:
        if reader.closed and conditions.width(reader, "judge") != "any":
            raise Denied(
                "the weights apply to all teams: only a user who judges for all teams may "
                "train them"
            )
        with desk.deciding() as db:
            records = likely_same_person.records(db, reader)
        learnt = matching.train(records, matching.next_version(before))
        return matching.keep(before, learnt, len(records))

    stream, start = matching.STREAM, matching.DEFAULT
    return act(desk, reader, "weights.train", stream, start, matching.evolve, learn, [], **command)
