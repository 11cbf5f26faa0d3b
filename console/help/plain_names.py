"""Plain names for commands whose stored name would have to be explained.

Help, docs/commands/ and completion show the plain name. The stored name still works, and stays in
the access log, in the API and in `places.txt`, so nothing recorded changes.
"""

from collections.abc import Iterable, Sequence

#: The plain last word of each command or group of commands, by its stored name.
PLAIN = {
    "charging decided": "decide",
    "complaint acknowledged": "acknowledge",
    "complaint received": "record",
    "court held": "hearing-outcome",
    "court moved": "hearing-date",
    "disclosure told": "recall-notified",
    "entry": "source-access",
    "entry alone": "emergency",
    "entry ask": "request",
    "entry join": "approve",
    "evidence stands": "supporting",
    "family asked": "feedback",
    "family cares": "carer",
    "family decided": "at-risk-decision",
    "family engaged": "engagement",
    "family invited": "invitation",
    "family kept": "promise-outcome",
    "family moved": "move",
    "family told": "inform",
    "glass": "emergency-access",
    "glass break": "open",
    "hits": "search-alerts",
    "identifier known": "check",
    "join": "same-subject",
    "lanes": "trail-by-stage",
    "marac heard": "outcome",
    "media answered": "response",
    "media noted": "add",
    "meeting held": "attendance",
    "meeting off": "cancel",
    "mine": "sent",
    "missing judged": "pattern",
    "missing told": "child-account",
    "missing weighed": "confidence",
    "network apart": "off-board",
    "network computed": "analyses",
    "network joins": "connectors",
    "notice followed": "response",
    "placement ended": "end",
    "placement made": "add",
    "reporting arises": "duty",
    "reporting later": "postpone",
    "reporting reported": "report",
    "request heard": "reply",
    "roots": "independent-sources",
    "roots part": "separate",
    "said-before": "corroboration",
    "site heed": "watch",
    "supervision told": "record",
    "user reach": "reminder-address",
    "user unreach": "stop-reminders",
    "voices": "family-feedback",
    "waiting added": "add",
    "waiting asked": "check-in",
    "waiting ended": "end",
}
#: The stored last word of a command, by the stored words above it and the plain last word.
_STORED = {(tuple(name.split()[:-1]), plain): name.split()[-1] for name, plain in PLAIN.items()}


def plain_word(above: Iterable[str], word: str) -> str:
    """Return the plain name of the last word of a command, whose stored names above are given."""
    return PLAIN.get(" ".join((*above, word)), word)


def stored_word(above: Iterable[str], word: str) -> str:
    """Return the stored name of the last word of a command, plain or stored."""
    return _STORED.get((tuple(above), word), word)


def plain_name(command: str) -> str:
    """Return the plain name of a command, as help shows it: "entry join" is "source-access
    approve".
    """
    words = command.split()
    return " ".join(plain_word(words[:place], word) for place, word in enumerate(words))


def stored_words(arguments: Sequence[str]) -> list[str]:
    """Return the arguments of a command line with the stored name of the command that they begin
    with.

    Later arguments are not changed, because a plain name is replaced only after the words of its
    group.
    """
    words: list[str] = []
    for word in arguments:
        words.append(stored_word(words, word))
    return words
