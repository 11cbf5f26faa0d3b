"""Lists of missing children as the police and councils keep them: a row each time, with what became
of it."""

from datetime import datetime
from typing import Literal, get_args

from domain.families.referral import MissingFound, MissingReported, ReturnInterviewRecorded
from domain.kernel.codes import Interview, MissingRisk, Unreported
from ingest.files import times
from ingest.files.columns import FormField, ImportForm
from ingest.files.problems import BadRow
from ingest.files.rows import FileRow
from ingest.words.drafts import MissingDraft, own_words

FORM = ImportForm(
    "missing",
    (
        FormField("reference", ("Reference", "Ref", "Case reference", "Case ref", "Our reference")),
        FormField(
            "child",
            ("Child's name", "Child", "Young person", "Name of child", "Missing person", "Name"),
        ),
        FormField(
            "since",
            (
                "Missing since",
                "Date missing",
                "Date and time missing",
                "Date went missing",
                "Went missing",
            ),
        ),
        FormField("since_time", ("Time missing", "Time went missing")),
        FormField("risk", ("Risk grade", "Risk", "Risk level", "Missing risk", "Grade")),
        FormField("seen", ("Last seen", "Last seen when", "Date last seen")),
        FormField("seen_where", ("Last seen where", "Last seen at", "Place last seen")),
        FormField("seen_with", ("Last seen with",)),
        FormField(
            "carer_reported", ("Reported by carer", "Carer reported", "Reported by the carer")
        ),
        FormField("unreported", ("Why not reported", "Reason not reported")),
        FormField("found", ("Found", "Date found", "Returned", "Date returned", "Found when")),
        FormField("found_time", ("Time found", "Time returned")),
        FormField("where", ("Found where", "Where found", "Found at", "Place found")),
        FormField("company", ("Found with", "With whom found")),
        FormField("finder", ("Found by", "Who found them")),
        FormField("interview", ("Return interview", "RHI", "Return home interview", "Interview")),
        FormField("interviewed", ("Interview date", "Date of interview", "RHI date")),
        FormField("interviewer", ("Interviewed by", "Interviewer", "RHI by")),
        FormField("note", ("Note", "Notes", "Comments", "Circumstances")),
    ),
    required=(("child", "reference"), ("since",)),
)
_RISKS: dict[str, MissingRisk] = {
    "no apparent risk": "absent",
    "no apparent": "absent",
    "no apparent risk (absent)": "absent",
    "none": "absent",
    "standard": "low",
    "med": "medium",
}
_INTERVIEWS: dict[str, Interview] = {
    "yes": "held",
    "y": "held",
    "completed": "held",
    "done": "held",
    "refused": "declined",
}
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
_NOT_SAID = frozenset({"", "-", "n/a", "not known", "unknown", "nk", "not graded", "no", "none"})


def draft(row: FileRow, now: datetime) -> MissingDraft:
    """The row as one time that a child was missing. Raises BadRow where it names neither a child
    nor a case, no time since when, or times that cannot be."""
    child, reference = row.text("child") or None, row.text("reference") or None
    if not child and not reference:
        raise BadRow("neither a child nor a reference is named", row.heading("child"))
    since = _time(row, "since", now)
    if since is None:
        raise BadRow("it says no time since when the child was missing", row.heading("since"))
    seen = _time(row, "seen", now)
    if seen and seen > since:
        raise BadRow("the child was seen after going missing", row.heading("seen"))
    until = _time(row, "found", now)
    if until and until < since:
        raise BadRow("the child was found before going missing", row.heading("found"))
    reported = _reported(row)
    why, why_words = (None, None) if reported else _unreported(row)
    report = MissingReported(
        since,
        reported,
        own_words(row.text("note"), row.extras()) or None,
        _risk(row),
        why,
        why_words,
        seen,
        row.text("seen_where") or None,
        row.text("seen_with") or None,
    )
    found = None
    if until or row.text("where"):
        found = MissingFound(
            until or since,
            row.text("where") or None,
            None,
            row.text("company") or None,
            row.text("finder") or None,
        )
        if until is None:
            row.flags.append(("date-unresolved", row.heading("found"), row.text("found")))
    return MissingDraft(
        since=since,
        report=report,
        reference=reference,
        child=child,
        found=found,
        interview=_interview(row, now),
        flags=tuple(row.flags),
    )


def _time(row: FileRow, name: Literal["since", "seen", "found"], now: datetime) -> datetime | None:
    """The moment in a cell, or in two of which one holds the hour; None where there is none."""
    hour = row.cell(f"{name}_time") if name != "seen" else None
    if hour in (None, ""):
        at, odd = times.instant(row.cell(name), row.heading(name), now)
    else:
        when, odd = times.happened(row.cell(name), hour, row.heading(name), now)
        at = when.start if when else None
    words = row.text(name)
    if at is None and odd:
        raise BadRow(f"{words!r} is no date and time that can be told", row.heading(name))
    if at and at > now:
        raise BadRow(f"{words!r} is still to come", row.heading(name))
    row.flags += odd
    return at


def _risk(row: FileRow) -> MissingRisk | None:
    told = row.text("risk").casefold().strip()
    plain = told.removesuffix(" risk")
    known = next((one for one in get_args(MissingRisk) if one == plain), None)
    risk = _RISKS.get(told) or _RISKS.get(plain) or known
    if risk is None and told not in _NOT_SAID:
        row.flags.append(("other", row.heading("risk"), row.text("risk")))
    return risk


def _reported(row: FileRow) -> bool | None:
    told = row.text("carer_reported").casefold().strip()
    if told not in _YES | _NO | _NOT_SAID:
        row.flags.append(("other", row.heading("carer_reported"), row.text("carer_reported")))
    return True if told in _YES else False if told in _NO else None


def _unreported(row: FileRow) -> tuple[Unreported | None, str | None]:
    """Why the carer did not report it: a code, where the cell holds one, or their words."""
    told = row.text("unreported").strip()
    code = told.casefold().replace(" ", "-")
    known = next((one for one in get_args(Unreported) if one == code), None)
    return (known, None) if known or not told else ("other", told)


def _interview(row: FileRow, now: datetime) -> ReturnInterviewRecorded | None:
    told = row.text("interview").casefold().strip()
    state = _INTERVIEWS.get(told) or next((one for one in get_args(Interview) if one == told), None)
    if state is None:
        if told not in _NOT_SAID:
            row.flags.append(("other", row.heading("interview"), row.text("interview")))
        return None
    happened, odd = times.instant(row.cell("interviewed"), row.heading("interviewed"), now)
    row.flags += odd
    return ReturnInterviewRecorded(state, row.text("interviewer") or "not known", happened)
