"""Options of before that go on being understood. This list only shrinks."""

#: By the command and its field.
OPTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("outcome notice", "recipient_under_18"): (" /--recipient-adult",),
}
