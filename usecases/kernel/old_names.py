"""Names and forms of before that go on being understood. These tables only shrink."""

#: Options, by the command and its field.
OPTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("outcome notice", "recipient_under_18"): (" /--recipient-adult",),
}
#: What programs call a field of a question, by its command and the field.
PARAMETERS: dict[tuple[str, str], str] = {("cases", "every"): "closed"}
#: What programs read in a row of a question, by its command: each key with the row's own name.
KEYS: dict[str, dict[str, str]] = {
    "cases": {
        "id": "case",
        "number": "number",
        "reference": "reference",
        "team": "team",
        "child": "child_seen",
        "threshold": "threshold",
        "worker_child": "worker_child",
        "worker_parents": "worker_parents",
        "engagement_child": "engagement_child",
        "engagement_parents": "engagement_parents",
        "missing_since": "missing_since",
        "opened": "opened",
        "closed": "closed",
    },
}
#: Questions whose rows programs read as one list, not in pages.
WHOLE = frozenset({"due", "flags", "hold list", "proposals", "releases"})
#: The one field that programs read of a row, by the command and the table.
PLAIN: dict[tuple[str, str], str] = {("compartment show", "holders"): "worker"}
#: The fields of a row that programs read as a name and its value, by the command and the table.
PAIRS: dict[tuple[str, str], tuple[str, str]] = {("stages", "counts"): ("what", "many")}
