"""The form of the provenance log: its fields, and the headings that carers use for them."""

from ingest.files.columns import ColumnMap, FormField, ImportForm
from ingest.files.problems import BadFile
from ingest.files.tables import Sheet

FORM = ImportForm(
    "provenance-log",
    (
        FormField(
            "words",
            (
                "What happened / what was said",
                "What happened",
                "What was said",
                "What did you see or hear",
                "What was seen or heard",
                "Details",
                "Information",
                "Entry",
                "Notes",
                "Description",
                "Event",
                "Incident",
                "Observation",
                "Log entry",
                "Text",
                "Concern",
                "Snippet",
            ),
        ),
        FormField(
            "date",
            (
                "Date",
                "Date of event",
                "Date of incident",
                "When",
                "Day",
                "Happened",
                "When did it happen",
                "Date it happened",
                "Date and time",
            ),
        ),
        FormField("time", ("Time", "Time of event", "Time of incident", "At", "What time", "Hour")),
        FormField(
            "told_by",
            (
                "Who told you / who saw it",
                "Who told you",
                "Who saw it",
                "Who said it",
                "Told by",
                "Source",
                "Where did it come from",
                "Who from",
            ),
        ),
        FormField(
            "how_known",
            (
                "How do you know it is true?",
                "How do you know",
                "How known",
                "How do you know this is true",
                "How do you know it's true",
                "Provenance",
                "How sure are you",
            ),
        ),
        FormField("urgent", ("Urgent?", "Urgent", "Is it urgent", "Urgency", "Priority")),
        FormField(
            "case",
            (
                "Child / case",
                "Case",
                "Child",
                "Case reference",
                "Case ref",
                "Case number",
                "Reference",
                "Child's name",
                "Young person",
                "Family",
                "About",
            ),
        ),
        FormField(
            "heard_from",
            (
                "Your name",
                "Name of carer",
                "Carer",
                "Carer's name",
                "Parent",
                "Parent's name",
                "Written by",
                "Completed by",
                "Logged by",
                "Recorded by",
                "Heard from",
                "From",
                "Name of parent or carer",
                "Reported by",
            ),
        ),
        FormField(
            "relation",
            (
                "Relation",
                "Relation to child",
                "Relationship",
                "Relationship to child",
                "Your relation to the child",
                "Who are you to the child",
                "Your role",
            ),
        ),
        FormField(
            "told",
            (
                "Told",
                "Date told",
                "When told",
                "Told to worker",
                "Date told to worker",
                "Told the worker on",
                "Date received",
                "Received",
                "Date handed in",
                "Passed on",
                "Date passed on",
                "Date reported",
            ),
        ),
        FormField("form", ("Form of words", "Own words", "Verbatim or paraphrase", "Verbatim")),
    ),
    required=(("words",),),
    stores_extras=True,
)

#: General headings of a text column. Tables of every kind have them, so they do not show that a
#: table is a provenance log.
_ANY_TABLES = frozenset({"text", "description", "event", "incident", "information"})
#: The fields that a provenance log shares with many other tables.
_ANY = frozenset({"words", "date", "time"})


def is_doubtful(columns: ColumnMap) -> bool:
    """Return whether it is unclear that a sheet is a provenance log: its only fields are a date, a
    time and a text, and the heading of the text is a general word such as "description"."""
    if columns.form is not FORM or columns.fixed or not columns.fields.keys() <= _ANY:
        return False
    return columns.headings[columns.fields["words"]].strip().casefold() in _ANY_TABLES


def ask(sheet: Sheet, columns: ColumnMap) -> BadFile:
    """Return the error that asks the user whether the sheet is a provenance log."""
    heading = columns.headings[columns.fields["words"]]
    return BadFile(
        sheet.place.at(row=columns.row),
        f"it may be a provenance log, with its words in {heading!r}, or any other table",
        "if it is a log, choose that form (--form provenance-log)",
    )
