"""Read lists of missing children from the police and from councils: a row for each episode, with
its end."""

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
    stores_extras=True,
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
    """Return a row as the draft of a missing episode.

    Raises BadRow if the row names neither a child nor a case, if it has no start, or if its times
    are impossible.
    """
    child, reference = row.text("child") or None, row.text("reference") or None
    if not child and not reference:
        raise BadRow(
            "the row has neither a child nor a reference: fill in one of them", row.heading("child")
        )
    since = _time(row, "since", now)
    if since is None:
        raise BadRow(
            "the time at which the child went missing is empty: fill it in", row.heading("since")
        )
    seen = _time(row, "seen", now)
    if seen and seen > since:
        raise BadRow(
            "the child was seen after going missing: correct one of the times", row.heading("seen")
        )
    until = _time(row, "found", now)
    if until and until < since:
        raise BadRow(
            "the child was found before going missing: correct one of the times",
            row.heading("found"),
        )
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
    event = None
    if until or any(row.text(name) for name in ("where", "company", "finder")):
        event = MissingFound(
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
        found=event,
        interview=_interview(row, now),
        flags=tuple(row.flags),
    )


def _time(row: FileRow, name: Literal["since", "seen", "found"], now: datetime) -> datetime | None:
    """Return the moment that the cell of the field `name` gives; the hour may be in a separate
    cell. Return None if the time is unknown. Raises BadRow if the text of the cell is not a time,
    and if the time is in the future."""
    hour = row.cell(f"{name}_time") if name != "seen" else None
    if hour in (None, ""):
        at, odd = times.instant(row.cell(name), row.heading(name), now)
    else:
        when, odd = times.happened(row.cell(name), hour, row.heading(name), now)
        at = when.start if when else None
    words = row.text(name)
    if at is None and odd:
        raise BadRow(
            f"{words!r} is not a date with a time: write it like 2011-02-14 23:40",
            row.heading(name),
        )
    if at and at > now:
        raise BadRow(f"the time {words!r} is in the future: correct it", row.heading(name))
    row.flags += odd
    return at


def _risk(row: FileRow) -> MissingRisk | None:
    risk_text = row.text("risk").casefold().strip()
    plain = risk_text.removesuffix(" risk")
    matching_risk = next(
        (argument for argument in get_args(MissingRisk) if argument == plain), None
    )
    risk = _RISKS.get(risk_text) or _RISKS.get(plain) or matching_risk
    if risk is None and risk_text not in _NOT_SAID:
        row.flags.append(("other", row.heading("risk"), row.text("risk")))
    return risk


def _reported(row: FileRow) -> bool | None:
    answer = row.text("carer_reported").casefold().strip()
    if answer not in _YES | _NO | _NOT_SAID:
        row.flags.append(("other", row.heading("carer_reported"), row.text("carer_reported")))
    return True if answer in _YES else False if answer in _NO else None


def _unreported(row: FileRow) -> tuple[Unreported | None, str | None]:
    """Return the reason why a carer did not report the child missing: a code and None if the cell
    has one of the codes; otherwise "other" and the carer's words. Return (None, None) if the cell
    is empty.
    """
    answer = row.text("unreported").strip()
    code = answer.casefold().replace(" ", "-")
    matching_reason = next(
        (argument for argument in get_args(Unreported) if argument == code), None
    )
    return (matching_reason, None) if matching_reason or not answer else ("other", answer)


def _interview(row: FileRow, now: datetime) -> ReturnInterviewRecorded | None:
    answer = row.text("interview").casefold().strip()
    state = _INTERVIEWS.get(answer) or next(
        (argument for argument in get_args(Interview) if argument == answer), None
    )
    if state is None:
        if answer not in _NOT_SAID:
            row.flags.append(("other", row.heading("interview"), row.text("interview")))
        # a name or day may belong to an interview that was only offered, so both are only flagged
        for name in filter(row.text, ("interviewed", "interviewer")):
            row.flags.append(("other", row.heading(name), row.text(name)))
        return None
    happened, odd = times.instant(row.cell("interviewed"), row.heading("interviewed"), now)
    row.flags += odd
    return ReturnInterviewRecorded(state, row.text("interviewer") or "not known", happened)
