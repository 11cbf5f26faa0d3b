"""A case is rated by a version of the threshold definitions whose text is stored, and by no other
version.
"""

import pytest
from msgspec.structs import replace

from commands.families import casework, referral
from domain.families.referral import CaseFlagged, ThresholdAssessed
from domain.families.threshold import DEFINITIONS, IN_FORCE
from domain.kernel.values import Refused
from tests.commands.office import Office


def test_a_version_that_nobody_holds_is_refused_and_one_with_a_text_is_taken(
    office: Office,
) -> None:
    case = str(office.case())
    with pytest.raises(Refused, match=r"no definition 'made-up-v9'.*lmh-2013/1") as refused:
        casework.assess_threshold(office.desk, office.reader, case, "high", definition="made-up-v9")
    assert refused.value.field == "definition"
    assert office.events(ThresholdAssessed) == []
    texts = {**DEFINITIONS, "force-2031/1": "High: …"}
    office.desk.policy = replace(office.desk.policy, threshold_definitions=texts)
    for one in ("force-2031/1", IN_FORCE, None):
        casework.assess_threshold(office.desk, office.reader, case, "high", definition=one)
    rated = [event.definition for event in office.events(ThresholdAssessed)]
    assert rated == ["force-2031/1", IN_FORCE, IN_FORCE]


def test_a_referral_keeps_its_rating_and_says_by_what_it_was_told(office: Office) -> None:
    """A referral that another agency rated by an unknown version of the definitions keeps its
    rating, with a flag that names the version.
    """
    office.desk.save(
        [
            referral.prepare(
                office.desk,
                office.reader,
                child="Kayleigh Marlow",
                threshold="high",
                definition="made-up-v9",
            )
        ]
    )
    (rated,) = office.events(ThresholdAssessed)
    assert (rated.level, rated.definition) == ("high", IN_FORCE)
    (flag,) = office.events(CaseFlagged)
    assert (flag.field, flag.raw) == ("definition of the threshold", "made-up-v9")


def test_every_definition_has_its_text(office: Office) -> None:
    assert all(text.strip() for text in office.desk.policy.threshold_definitions.values())
    assert office.desk.policy.threshold_definition in office.desk.policy.threshold_definitions
