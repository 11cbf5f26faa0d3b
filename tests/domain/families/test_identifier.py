"""The form of a child's identifying number is checked, and a wrong number is corrected by a new
record. A user opens the number for a stated duty, and only users with such a duty see it."""

from datetime import date

import pytest

from domain.families import identifier
from domain.families.identifier import (
    Identifier,
    IdentifierOpened,
    IdentifierTold,
    IdentifierWithdrawn,
)
from domain.kernel.values import Refused
from tests.domain.given import Given, uid

CHILD, TODAY = uid(1), date(2011, 3, 18)
NUMBER, OTHER = "9990001138", "9990001146"
TOLD = IdentifierTold(CHILD, "nhs-number", NUMBER, b"one", "the school nurse", TODAY)
MENDED = IdentifierTold(CHILD, "nhs-number", OTHER, b"two", "her doctor", TODAY, "a figure was off")

nothing = Given(Identifier(), identifier.evolve)
told = nothing.after(TOLD)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("999 000 1138", "9990001138"),
        ("999-000-1138", "9990001138"),
        ("9434765919", "9434765919"),
        ("9990001139", None),
        ("999000113", None),
        ("99900011380", None),
        ("999 000 113O", None),
        ("0000000000", None),
        ("111 111 1111", None),
        ("٩٩٩٠٠٠١١٣٨", None),
        ("", None),
    ],
)
def test_a_number_is_ten_figures_of_which_the_last_checks_the_others(
    typed: str, kept: str | None
) -> None:
    if kept:
        assert identifier.normal_number("nhs-number", typed) == kept
        return
    with pytest.raises(
        Refused, match="ten figures, of which the last checks the others"
    ) as refused:
        identifier.normal_number("nhs-number", typed)
    assert not typed.strip() or typed not in str(refused.value), "it repeats what was typed"


def test_it_is_a_childs_with_its_source_and_when() -> None:
    nothing.when(identifier.tell, TOLD, TODAY, child=True).then(TOLD)
    nothing.when(identifier.tell, TOLD, TODAY, child=False).refused("only a child's number")
    bare = IdentifierTold(CHILD, "nhs-number", NUMBER, b"one", " ", TODAY)
    nothing.when(identifier.tell, bare, TODAY, child=True).refused("give the source")
    later = IdentifierTold(CHILD, "nhs-number", NUMBER, b"one", "nurse", date(2011, 3, 19))
    nothing.when(identifier.tell, later, TODAY, child=True).refused(
        "the day of the source is in the future"
    )


def test_it_is_corrected_by_a_new_fact_that_says_what_was_wrong() -> None:
    told.when(identifier.tell, MENDED, TODAY, child=True).then(MENDED)
    told.when(identifier.tell, TOLD, TODAY, child=True).then()
    bare = IdentifierTold(CHILD, "nhs-number", OTHER, b"two", "her doctor", TODAY)
    told.when(identifier.tell, bare, TODAY, child=True).refused("what was wrong with it")
    gone = IdentifierWithdrawn(CHILD, "it is her sister's")
    told.when(identifier.withdraw, gone).then(gone)
    told.when(identifier.withdraw, IdentifierWithdrawn(CHILD, " ")).refused(
        "say why the number does not belong to this child"
    )
    told.after(gone).when(identifier.withdraw, gone).refused(
        "no number of this kind is recorded for this child"
    )
    told.after(gone).when(identifier.tell, bare, TODAY, child=True).then(bare)


def test_it_is_opened_for_a_duty_and_shown_to_who_has_that_duty() -> None:
    read = IdentifierOpened(CHILD, "enquiry")
    told.when(identifier.unseal, read).then(read)
    nothing.when(identifier.unseal, read).refused(
        "no number of this kind is recorded for this child"
    )
    referred = IdentifierOpened(CHILD, "referral", "health", "the duty nurse")
    told.when(identifier.unseal, referred).then(referred)
    unnamed = IdentifierOpened(CHILD, "referral", "health", " ")
    told.when(identifier.unseal, unnamed).refused(
        "name both the agency and the person who receives the number"
    )
    nowhere = IdentifierOpened(CHILD, "referral", None, "the duty nurse")
    told.when(identifier.unseal, nowhere).refused(
        "name both the agency and the person who receives the number"
    )
    school = IdentifierOpened(CHILD, "enquiry", "education", "the head")
    told.when(identifier.unseal, school).refused(
        "that agency may receive the child's number only for these duties"
    )
