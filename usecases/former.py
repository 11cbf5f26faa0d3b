"""Names of before that go on being understood. This list only shrinks."""

#: Options of before, by the command and its field.
OPTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("outcome notice", "recipient_under_18"): (" /--recipient-adult",),
}
#: Fields of before in a program's call, by the command.
FIELDS: dict[str, dict[str, str]] = {}
