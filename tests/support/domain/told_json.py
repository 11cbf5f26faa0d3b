"""JSON texts that no command accepts, by what is wrong with each."""

BAD = {
    "twice": b'{"a": {"words": "one", "words": "two"}}',
    "no UTF-8": b'{"words": "\xff\xfe"}',
    "half a character": b'{"words": "\\ud800"}',
    "a key of half a character": b'{"\\ud800": 1}',
    "NUL": b'{"words": "a\\u0000b"}',
    "a NUL behind a backslash": b'{"words": "a\\\\\\u0000b"}',
    "many digits": b'{"n": ' + b"9" * 100_000 + b"}",
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"a":' * 200_000,
    "not a number": b'{"n": NaN}',
    "endless": b'{"n": -Infinity}',
    "cut off": b'{"words": "one',
    "nothing": b"",
}
