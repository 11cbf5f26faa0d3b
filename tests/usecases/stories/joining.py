"""Test inputs for commands about possible corroboration, which is confirmed, or dismissed with a
reason."""

from commands.information import observation
from domain.information import shared_mentions
from domain.kernel.values import Mention
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _joined(office: Office) -> dict[str, str]:
    """Record the same number plate in the entries of two families; return ids by name."""
    read = (Mention(0, 7, "vrm", "PK95ABC", 0.9),)
    one, other = (
        observation.record(
            office.desk, office.reader, words="PK95ABC at the gate", mentions=read
        ).id
        for _ in "ab"
    )
    return {"join": str(shared_mentions.pair_id(one, other))}


JOINING = Subject(
    _joined,
    {
        "join confirm": Story({"join": "{join}", "reason": "the same dent"}, ()),
        "join dismiss": Story({"join": "{join}", "reason": "a taxi"}, ({"reason": " "},)),
    },
)
