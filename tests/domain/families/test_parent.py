"""A danger to a parent is recorded as an opinion with a basis and a review date; an immediate
danger is reported with the help that is needed.
"""

from datetime import date

from domain.families import parent, protection
from domain.families.parent import ParentRiskEnded, ParentRiskNoted, Risk
from domain.families.protection import DangerFlagged
from tests.domain.given import Given, begin, uid

TODAY, LATER = date(2011, 3, 18), date(2011, 4, 18)
nothing = Given(Risk(), parent.evolve)
NOTED = ParentRiskNoted(uid(1), uid(2), "self-harm", "she told me that she cannot go on", LATER)


def test_a_risk_is_noted_with_what_was_seen_and_looked_at_again() -> None:
    nothing.when(begin(parent.note), NOTED, TODAY).then(NOTED)
    for wrong, why in (
        (ParentRiskNoted(uid(1), uid(2), "drink", " ", LATER), "what you saw"),
        (
            ParentRiskNoted(uid(1), uid(2), "drink", "seen", TODAY),
            "give a day in the future on which this risk is reviewed",
        ),
    ):
        nothing.when(begin(parent.note), wrong, TODAY).refused(why)


def test_it_ends_once_and_with_a_reason() -> None:
    over = ParentRiskEnded("she sees her doctor")
    noted = nothing.after(NOTED)
    noted.when(parent.end, over).then(over)
    noted.after(over).when(parent.end, ParentRiskEnded("again")).then()
    noted.when(parent.end, ParentRiskEnded("")).refused("say why the risk is over")
    nothing.when(parent.end, over).refused("there is no risk to a parent with this id")


def test_danger_says_what_is_needed() -> None:
    flagged = DangerFlagged(uid(1), ("ambulance", "their-worker"))
    nothing.when(begin(protection.flag_danger), flagged).then(flagged)
    nothing.when(begin(protection.flag_danger), DangerFlagged(uid(1), ())).refused(
        "say what help the person in danger needs"
    )
    assert not {"person", "words", "reason"} & set(DangerFlagged.__struct_fields__)
