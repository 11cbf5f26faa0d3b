"""The actions on a person or thing that its page offers to the reader."""

from commands.kernel import item_references
from questions.intelligence.person import Person, PersonContext
from web.site.navigation import opens
from web.site.object_acts import Acts
from web.site.request_context import Visit

#: The text for an outcome whose cause is unknown; the program assumes no cause.
NO_CAUSE = {item_references.NONE_KNOWN: "No known cause"}
#: The largest number of log entries that are offered as causes of a police action.
CAUSES = 8


def acts(visit: Visit, shown: Person, more: PersonContext) -> Acts:
    """Return the actions that the reader may take on this person or thing, in the order of the
    page's list.
    """
    found_acts = Acts(visit.reader, f"/people/{shown.who}")
    if shown.person.kind == "person":
        _police(visit, found_acts, shown, more)
        if visit.may_ever("name") or visit.may_ever("refer"):
            _describe(found_acts, shown, more)
        if visit.may_ever("see-identifier") and (
            shown.person.is_child or more.case or more.numbers
        ):
            _number(found_acts, shown, bool(more.numbers))
        if opens(visit.reader, "/inbox/duplicates"):
            found_acts.add("judge", a=str(shown.who))
            if shown.same:
                found_acts.add("split", a=str(shown.who))
    if visit.may_ever("erase"):
        found_acts.page_of("Erase, hold or restrict", f"/records/retention/{shown.who}")
    return found_acts


def causes(more: PersonContext) -> dict[str, str]:
    """Return the log entries that may have led to a police action, as choices of a form. The last
    choice is "Nothing that is known"."""
    return {str(row.observation): row.words for row in more.named_in[:CAUSES]} | NO_CAUSE


def _police(visit: Visit, found_acts: Acts, person: Person, more: PersonContext) -> None:
    if not visit.may_ever("outcome"):
        return
    offers = {"because_of": causes(more)}
    found_acts.add("outcome arrest", who=person.who, offers=offers)
    found_acts.add("outcome charge", who=person.who, offers=offers)
    found_acts.own("result", "Record a result, or no further action")
    found_acts.add("outcome notice", who=person.who, offers=offers)
    found_acts.add("person custody", who=person.who)


def _describe(found_acts: Acts, person: Person, more: PersonContext) -> None:
    found_acts.add("person alias", who=person.who)
    if not person.person.identified:
        found_acts.add("person name", who=person.who)
    found_acts.add(
        "person class", who=person.who, category="person-of-interest", told={"end": False}
    )
    if more.categories:
        found_acts.add("person end-class", who=person.who, offers={"category": more.categories})
    for name in ("age", "learning-disability", "ethnicity", "nationality"):
        found_acts.add(f"person {name}", who=person.who)


def _number(found_acts: Acts, person: Person, recorded: bool) -> None:
    if recorded:
        found_acts.add("identifier open", who=person.who, at="number")
    found_acts.add("identifier record", who=person.who, at="number")
    if recorded:
        found_acts.add("identifier withdraw", who=person.who, at="number")
