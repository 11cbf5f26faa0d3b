"""The glossary: terms, codes, keys and deadlines, each in a sentence, for newcomers."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import Response

from domain.clocks import CLOCKS, ClockRule
from domain.kernel.values import INFORMATION_GRADES, SOURCE_GRADES
from web.site import labels
from web.site.request_context import Looking

router = APIRouter()
STAGES: dict[str, str] = {
    "information": "What somebody told or saw, as it was told. Nobody has graded it.",
    "intelligence": "What an assessor has graded by 3x5x2; sanitised, it may be shared.",
    "evidence": "An exhibit, a statement or a recorded interview that a court may be shown.",
}
HANDLING: dict[str, str] = {
    "P": "May be shared lawfully with those who have a policing purpose.",
    "C": "May be shared under the conditions that stand beside it, and no further.",
    "A1": "Covert development: it may be put beside other intelligence; no action is taken on it "
    "before its originator permits that.",
    "A2": "Covert use: covert action is allowed that protects the source; not alone as evidence, "
    "in proceedings or for an arrest.",
    "A3": "Overt use, as its owner specifies beside it.",
    "S1": "Its originator permits that others sanitise it.",
    "S2": "Its originator is asked first.",
}
WORDS: dict[str, str] = {
    "Observation": "One entry of what was said or seen: the words as they were told, who recorded "
    "them and when, and how it is known.",
    "Provenance": "Where something comes from: who told whom, and how they know.",
    "Root": "Who first saw or said it. Two people who repeat one child are one root.",
    "Sanitise": "To write it so that nothing hints at who told us, or at tactics.",
    "Nominal": "A person whom intelligence is about.",
    "Link": "Two that are said to be tied, by which words or report, and how sure that is.",
    "Exhibit": "A thing or file that is evidence, with everybody who has held it (its continuity).",
    "Case": "A child, the family around her or him, and who works with whom.",
    "Trail": "From anything back to the first words, and on to what became of it.",
    "Compartment": "What only named people may see, and others do not know of.",
    "Restricted": "Kept, and in no use until somebody decides about it.",
    "Hold": "An order that something is kept: nothing under it is destroyed.",
    "Checkpoint": "A signed statement of what the log holds, which a changed log contradicts.",
}
KEYS: dict[str, str] = {
    "/": "to the search box",
    "Ctrl + K": "to any page, person or item by its name; a day shows what was known then",
    "j, k": "in the queue and in lists: the next, the one before",
    "x, Enter": "in lists: choose the row, open it",
    "t, a": "in the queue: take it, assess it",
    "s, r, m, n": "in the queue: safeguard, refer, ask for more, no further action",
    "1 to 3, A to E": "when assessing: the source, the information",
    "P, C": "when assessing: how it may be shared",
    "Ctrl + Enter": "when assessing: grade it, and the next that waits",
}


def lasts(rule: ClockRule) -> str:
    """Return the length of a deadline in words."""
    if rule.working_days is not None:
        return f"{rule.working_days} working days"
    if rule.after is None:
        return "the day that was set"
    if rule.after % timedelta(days=1) == timedelta():
        return f"{rule.after.days} {'day' if rule.after.days == 1 else 'days'}"
    return f"{rule.after / timedelta(hours=1):g} hours"


@router.get("/help")
def shown(visit: Looking) -> Response:
    """Show the whole glossary on one page."""
    return visit.page(
        "records/glossary.html",
        stages=STAGES,
        source_grades=SOURCE_GRADES,
        information_grades=INFORMATION_GRADES,
        handling=HANDLING,
        words_used=WORDS,
        keys=KEYS,
        categories=labels.CATEGORIES,
        clocks=[(rule, lasts(rule)) for rule in CLOCKS.values()],
    )
