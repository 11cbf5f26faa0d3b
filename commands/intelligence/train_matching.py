"""Learning from the store's own records how much each agreement of two of them says."""

from typing import Unpack

from access.who_may import conditions
from commands.kernel.unit_of_work import Command, Desk, Receipt, act
from domain import matching
from domain.kernel.envelope import Event
from domain.kernel.values import Denied, Reader
from domain.matching import Weights
from projections.intelligence import likely_same_person


def train(desk: Desk, reader: Reader, **command: Unpack[Command]) -> Receipt:
    """Learn the weights from everybody's records. Raises Refused where these are too few or say
    nothing new, and Denied for somebody who judges who is who for some teams alone: weights are
    everybody's."""

    def learn(before: Weights) -> tuple[Event, ...]:
        if reader.closed and conditions.width(reader, "judge") != "any":
            raise Denied("the weights are everybody's: who judges for all teams trains them")
        with desk.deciding() as db:
            records = likely_same_person.records(db, reader)
        learnt = matching.train(records, matching.next_version(before))
        return matching.keep(before, learnt, len(records))

    stream, start = matching.STREAM, matching.DEFAULT
    return act(desk, reader, "weights.train", stream, start, matching.evolve, learn, [], **command)
