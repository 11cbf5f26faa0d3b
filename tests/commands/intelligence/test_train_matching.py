"""Users who judge for all teams train the weights for comparing people, and each training has a
version of its own.
"""

from typing import Any

import pytest

from commands.intelligence import train_matching
from domain import matching
from domain.kernel.values import Denied, Refused, Role
from domain.matching import Weights, WeightsTrained
from projections.intelligence import likely_same_person
from tests.access.rights import Rights
from tests.commands.office import Office
from tests.support.commands.judged import judge_pairs
from usecases.intelligence.network import ListSuggestions


def meet(office: Office, people: int) -> None:
    for number in range(people):
        office.person(f"Shaznay {chr(97 + number // 2) * 4}")


def versions(office: Office) -> list[str]:
    return [event.weights.version for event in office.events(WeightsTrained)]


def test_weights_are_learnt_one_set_after_another(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If another training ends while a training runs, the running training is refused, so that each
    set of weights has its own version.
    """
    with pytest.raises(
        Refused,
        match=r"0 judged pairs of people are too few.* 10 more pairs as the same and 10 more",
    ):
        train_matching.train(office.desk, office.reader)
    judge_pairs(office, "different")
    with pytest.raises(
        Refused, match=r"10 judged pairs of people are too few to train and to test new"
    ):
        train_matching.train(office.desk, office.reader)
    judge_pairs(office, "same")
    superior = Rights(("dci",), (office.reader.team,)).of(office.somebody("di.moss"))
    train, second = matching.train_tested, [superior]

    def meanwhile(*given: Any) -> Weights:
        if second:
            train_matching.train(office.desk, second.pop())
        return train(*given)

    monkeypatch.setattr(matching, "train_tested", meanwhile)
    with pytest.raises(Refused, match="another person changed"):
        train_matching.train(office.desk, office.reader)
    assert versions(office) == ["trained-1"]

    def untested(records: Any, judged: object, before: object, version: str) -> Weights:
        return matching.train(records, version)

    monkeypatch.setattr(matching, "train_tested", untested)
    judge_pairs(office, "different", "e")
    train_matching.train(office.desk, superior)
    assert versions(office) == ["trained-1", "trained-2"]
    with office.system.reading() as db:
        assert likely_same_person.weights(db).version == "trained-2"


def test_weights_that_are_not_better_on_pairs_held_back_are_not_kept(office: Office) -> None:
    """If newly trained weights for comparing people are no better than the old ones, they are
    refused. The refusal shows how well the old and the new weights judge pairs of records that were
    not used for training.
    """
    judge_pairs(office, "different")
    judge_pairs(office, "same")
    train_matching.train(office.desk, office.reader)
    with pytest.raises(Refused) as refused:
        train_matching.train(office.desk, office.reader)
    assert "because the new weights are not better. On 10 judged pairs that were held back" in str(
        refused.value
    )
    assert str(refused.value).count("precision 1.000, recall 1.000") == 2
    assert versions(office) == ["trained-1"]


def test_who_judges_for_some_teams_alone_trains_nothing(office: Office) -> None:
    """A user who may judge identities only for some teams cannot train the matching weights, and
    does not learn how many people there are in the store."""
    roles: tuple[Role, ...] = ("detective", "psw", "auditor")
    for role in roles:
        reader = Rights((role,), (office.reader.team,)).of(office.somebody("some.one"))
        with pytest.raises(Denied) as denied:
            train_matching.train(office.desk, reader)
        assert not any(figure in str(denied.value) for figure in "0123456789"), role


def test_who_is_not_compared_by_everything_is_said_with_the_pairs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, reader = office.desk, office.reader
    monkeypatch.setattr(likely_same_person, "CROWD", 1)
    asked, said = ListSuggestions(), "not compared by a name or thing that too many people share"
    assert asked.told(desk, reader, desk.clock()).notes == ()
    meet(office, 2)
    assert said in asked.told(desk, reader, desk.clock()).notes[0]
