"""People define their ethnicity themselves, and users do not guess it. The model by which a child
is exploited is recorded as an opinion."""

from datetime import date

import pytest

from domain.families import ethnicity, exploitation
from domain.families.ethnicity import EthnicityTold
from domain.families.exploitation import ModelAssessed
from domain.kernel.values import Refused
from tests.domain.given import uid

WHO, TODAY, LATER = uid(1), date(2011, 3, 18), date(2011, 6, 18)


def test_to_decline_and_not_to_be_asked_are_two_things_and_neither_has_a_group() -> None:
    for answer in ("declined", "not-asked"):
        told = EthnicityTold(WHO, answer)
        assert ethnicity.tell(told, child=True, suspect=False) == (told,)
        guessed = EthnicityTold(WHO, answer, "white-irish")
        with pytest.raises(Refused, match="never guessed"):
            ethnicity.tell(guessed, child=True, suspect=False)
    with pytest.raises(Refused, match="say how the person defines their ethnicity"):
        ethnicity.tell(EthnicityTold(WHO, "told"), child=True, suspect=False)


def test_an_officers_view_is_beside_it_of_suspects_alone() -> None:
    """An officer's view of ethnicity is recorded only for suspects, separately from the suspect's
    own definition (national audit, June 2025).
    """
    seen = EthnicityTold(WHO, "not-asked", None, "asian")
    assert ethnicity.tell(seen, child=False, suspect=True) == (seen,)
    both = EthnicityTold(WHO, "told", "mixed-other", "asian")
    assert ethnicity.tell(both, child=True, suspect=True) == (both,)
    with pytest.raises(Refused, match="suspects only"):
        ethnicity.tell(seen, child=True, suspect=False)


def test_of_others_it_is_voluntary_and_the_charitys() -> None:
    with pytest.raises(Refused, match="family ethnicity"):
        ethnicity.tell(EthnicityTold(WHO, "declined"), child=False, suspect=False)


def test_a_model_is_an_opinion_with_its_basis_and_its_review() -> None:
    told = ModelAssessed(WHO, ("parties", "online"), "she was driven to three", LATER)
    assert exploitation.assess(told, TODAY) == (told,)
    abused = ModelAssessed(WHO, (), "she said it", LATER, (), ("controlling-or-coercive",))
    assert exploitation.assess(abused, TODAY) == (abused,)
    before = ModelAssessed(WHO, (), "her nan told it", LATER, ("bereavement",))
    assert exploitation.assess(before, TODAY) == (before,)
    for wrong, why in (
        (ModelAssessed(WHO, (), "seen", LATER), "how a partner abuses them"),
        (ModelAssessed(WHO, ("gang",), " ", LATER), "DPA 2018 s.38"),
        (
            ModelAssessed(WHO, ("gang",), "seen", TODAY),
            "give a day in the future on which this assessment is reviewed",
        ),
    ):
        with pytest.raises(Refused, match=why):
            exploitation.assess(wrong, TODAY)
