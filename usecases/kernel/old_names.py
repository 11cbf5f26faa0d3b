"""Former names and forms that are still accepted. Entries may be removed from these tables, but
none are added."""

#: Former names of options that are still accepted, by command and field.
OPTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("outcome notice", "recipient_under_18"): (" /--recipient-adult",),
}
#: The name under which programs give a question's field, by command and the field's own name.
PARAMETERS: dict[tuple[str, str], str] = {("cases", "every"): "closed"}
#: By command: the keys that programs still get in the rows of an answer, each with the present name
#: of the row's field.
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
#: Questions whose rows programs get as one list, not in pages.
WHOLE = frozenset({"due", "flags", "hold list", "proposals", "releases"})
#: The only field of each row that programs get, by command and table.
PLAIN: dict[tuple[str, str], str] = {("compartment show", "holders"): "worker"}
#: The two fields of each row that programs get as a pair of name and value, by command and table.
PAIRS: dict[tuple[str, str], tuple[str, str]] = {("stages", "counts"): ("what", "many")}
