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
    "information": "What somebody said or saw, as it was recorded, without a grade.",
    "intelligence": "Information graded by 3x5x2. It may be shared once it is sanitised.",
    "evidence": "An exhibit, a statement or a recorded interview that can be shown to a court.",
}
HANDLING: dict[str, str] = {
    "P": "The intelligence may be shared lawfully with those who have a policing purpose.",
    "C": "The intelligence may be shared only under the conditions shown with it.",
    "A1": (
        "Covert development: the intelligence may be compared with other intelligence. No action "
        "may be taken on it until its originator permits action."
    ),
    "A2": (
        "Covert use: covert action that protects the source is allowed. The intelligence is no "
        "evidence by itself, and may not be used in proceedings or for an arrest."
    ),
    "A3": "Overt use of the intelligence, as its originator states.",
    "S1": "The originator permits others to sanitise the intelligence.",
    "S2": "The originator must consent before others sanitise the intelligence.",
}
WORDS: dict[str, str] = {
    "Observation": (
        "A log entry: what was said or seen, in the words recorded, by whom and when, and "
        "how it is known."
    ),
    "Provenance": "Where information comes from: who told whom, and how they know.",
    "Root": (
        "An independent source: the person who first saw or said something. Two people who "
        "repeat the words of one child count as one source."
    ),
    "Sanitise": "To write a text without any hint at the source or at police tactics.",
    "Nominal": "A person whom intelligence is about.",
    "Link": "A recorded relation between two people or items, with its evidence and grade.",
    "Exhibit": "An object or file that is evidence, with its continuity: everybody who has had it.",
    "Case": "A child, the child's family, and their workers.",
    "Trail": "The steps from an item back to the first log entries, and forward to its results.",
    "Compartment": "Information that only named people may see. Others do not know that it exists.",
    "Restricted": "An item that is not in ordinary use until the restriction is lifted.",
    "Hold": "An order to retain items: no item under the order is destroyed.",
    "Checkpoint": "A signed statement of the log's contents. A changed log contradicts it.",
}
KEYS: dict[str, str] = {
    "/": "to the search box",
    "Ctrl + K": (
        "to any page, person or item by its name; a day shows the state of knowledge on that day"
    ),
    "j, k": "in the inbox and in lists: the next row, the row before",
    "x, Enter": "in lists: choose the row, open the row",
    "t, a": "in the inbox: take the log entry, assess the log entry",
    "s, r, m, n": "in the inbox: safeguard, refer, ask for more information, no further action",
    "1 to 3, A to E": "when assessing: the source, the information",
    "P, C": "when assessing: the conditions of sharing",
    "Ctrl + Enter": "when assessing: grade, and open the next log entry",
}


def lasts(rule: ClockRule) -> str:
    """Return in words the time after which a type of deadline is due."""
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
