"""Chats are imported in the form in which families export them. Each message gets its sender, its
receiver and the person who handed the chat in; pictures are not imported."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.files.mapping import Mapping
from ingest.files.media import WARNING
from ingest.files.problems import BadFile, Unanswered
from ingest.importing.plan import conversations
from ingest.words.context import Context
from ingest.words.drafts import CallDraft, ObservationDraft
from tests.ingest.conftest import NOW, FakeIntake, Importing

CHATS = Path(__file__).parents[2] / "data" / "chats"
ANDROID, IPHONE = CHATS / "whatsapp-android.txt", CHATS / "whatsapp-iphone.txt"
INSTAGRAM, SNAPCHAT = CHATS / "instagram-message_1.json", CHATS / "snapchat-chat_history.json"
IMESSAGE, CALLS = CHATS / "imessage.csv", CHATS / "calls.xml"
PICTURE = b"\xff\xd8\xff\xe0 a picture nobody may see " * 50
EDITED = "[The sender edited this message.]"
DELETED = "[This message was deleted.]"


def at(hour: int, minute: int, second: int = 0, day: int = 12, month: int = 3) -> datetime:
    return datetime(2011, month, day, hour, minute, second, tzinfo=UTC)


def tellers_and_words(intake: FakeIntake) -> list[tuple[str | None, str]]:
    return [(observation.heard_from, observation.words) for observation in intake.observations]


def missing_media(kind: str) -> str:
    return f"[{kind}, not in this export] {WARNING}"


def test_a_group_of_an_android_phone(imports: Importing, intake: FakeIntake) -> None:
    """A group chat from an Android phone is read, with media, edits, deletions and pasted lines; a
    number above 12 shows the order of day and month.
    """
    report = imports(ANDROID, conversations=["all"])
    assert tellers_and_words(intake) == [
        (
            "Marion Oakes",
            "She is out again, lads call him Baz\nhe drives a silver Corsa PK95 ABC",
        ),
        ("+44 7700 900113", "ok"),
        ("+44 7700 900113", "ok"),
        ("Marion Oakes", missing_media("file")),
        ("Marion Oakes", f"look at his car\n{missing_media('file IMG-20110312-WA0001.jpg')}"),
        ("Marion Oakes", f"Back at 12: wont say where\n{EDITED}"),
        ("+44 7700 900113", DELETED),
        ("+44 7700 900113", "pasted from her phone:\n31/12/2010 - Baz: hi"),
    ]
    assert [observation.told for observation in intake.observations][-1] == at(0, 17, day=13)
    assert {observation.channel for observation in intake.observations} == {"whatsapp"}
    notes = report.files[0].notes
    assert "recognised as a WhatsApp chat, dates day first, 24-hour clock" in notes
    assert "not read: 4 lines by WhatsApp itself" in notes
    assert report.rejections == 0


def test_a_chat_of_an_iphone_with_american_dates(imports: Importing, intake: FakeIntake) -> None:
    """A chat from an iPhone is read, with narrow spaces, direction marks, a 12-hour clock and the
    month before the day.
    """
    report = imports(IPHONE, conversations=["Mum O"])
    assert tellers_and_words(intake) == [
        ("Mum O", "She is out again"),
        ("Mum O", missing_media("image")),
        ("Mum O", f"his car\n{missing_media('file 00000004-PHOTO-2011-03-12-21-05-12.jpg')}"),
        ("Mum O", DELETED),
        ("Mum O", f"back now\n{EDITED}"),
    ]
    assert intake.observations[0].told == at(21, 4, 7, day=3, month=12)
    assert intake.observations[-1].told == at(0, 16, 2, day=13, month=12)
    assert not any(
        observation.flags
        for observation in intake.observations
        if observation.told and observation.told < NOW
    )
    assert (
        "recognised as a WhatsApp chat, dates month first, 12-hour clock" in report.files[0].notes
    )


def test_a_missed_call_of_an_iphone_says_who_rang(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    chat = tmp_path / "_chat.txt"
    chat.write_text(
        "[13/03/2011, 23:40:02] Baz: \u200eMissed voice call, Tap to call back\n"
        "[13/03/2011, 23:44:10] Baz: \u200eVoice call, No answer\n"
        "[13/03/2011, 23:50:00] Baz: \u200eVoice call, 12 min\n"
        "[13/03/2011, 23:51:00] Baz: where r u\n",
        "utf-8",
    )
    imports(chat, conversations=["all"])
    assert [words for _, words in tellers_and_words(intake)] == [
        "[Missed voice call]",
        "[Voice call, No answer]",
        "where r u",
    ]


def test_the_user_picks_whose_messages_come_in(imports: Importing, intake: FakeIntake) -> None:
    with pytest.raises(
        BadFile, match=r"several people's messages: .*marion oakes \(Marion Oakes, 4"
    ):
        imports(ANDROID)
    imports(ANDROID, conversations=["07700 900113"])
    assert {observation.heard_from for observation in intake.observations} == {"+44 7700 900113"}
    assert b"Corsa" not in imports.original()
    assert b"pasted from her phone" in imports.original()


def test_a_chat_that_somebody_else_hands_in_is_what_they_heard(
    imports: Importing, intake: FakeIntake
) -> None:
    """If the child's mother hands in a chat between the child and a friend, each message is
    recorded as heard from the mother, and the writer of the message as the mother's source."""
    mapping = Mapping(fixed={"heard_from": "Marion Oakes", "relation": "parent"})
    imports(INSTAGRAM, mapping=mapping, conversations=["all"])
    first, *_, last = intake.observations
    assert first.words == "cum out babe, Baz has got voddy 🍾\nSent to: kayleigh.m"
    assert (first.heard_from, first.told_by, first.relation) == (
        "Marion Oakes",
        ("Zoë 💔",),
        "parent",
    )
    assert first.told is None, "when she told the worker is not in the chat"
    assert first.happened is not None
    assert first.happened.start == at(21, 4)
    assert last.told_by == ("kayleigh.m",)
    imports(ANDROID, mapping=mapping, conversations=["Marion Oakes"])
    own = intake.observations[-1]
    assert (own.heard_from, own.told_by) == ("Marion Oakes", ())
    assert own.words.endswith("Sent to: Family of K")


def test_instagrams_texts_are_read_as_they_were_meant(
    imports: Importing, intake: FakeIntake
) -> None:
    report = imports(INSTAGRAM, conversations=["Zoë 💔"])
    uri = "your_instagram_activity/messages/inbox/zoe_1/photos/1.jpg"
    assert tellers_and_words(intake) == [
        ("Zoë 💔", "cum out babe, Baz has got voddy 🍾"),
        ("Zoë 💔", missing_media(f"photo {uri}")),
        ("Zoë 💔", "café https://www.example.org/reel/1"),
    ]
    assert "not read: 1 deleted message and such without words" in report.files[0].notes


def test_snapchats_download_of_both_shapes(imports: Importing, intake: FakeIntake) -> None:
    imports(SNAPCHAT, conversations=["baz_99", "jade.t"])
    expected = [
        ("baz_99", "u coming out"),
        ("baz_99", missing_media("media")),
        ("jade.t", "party at Baz's"),
    ]
    assert tellers_and_words(intake) == expected
    assert intake.observations[0].told == at(21, 4)
    report = imports(CHATS / "snapchat-older.json", conversations=["baz_99"])
    assert (report.already_recorded, report.recorded) == (1, 0), (
        "the same message, in an older download"
    )


def test_an_imessage_table(imports: Importing, intake: FakeIntake) -> None:
    report = imports(IMESSAGE, conversations=["Mum O"])
    assert tellers_and_words(intake) == [
        ("Mum O", "She is out again"),
        ("Mum O", missing_media("file IMG_0001.HEIC")),
        ("Mum O", f"Silver Corsa PK95 ABC\n{EDITED}"),
    ]
    assert report.rejections == 0
    assert b"On my way" in imports.original()


@pytest.mark.parametrize(
    ("path", "who"),
    [(ANDROID, "all"), (IPHONE, "all"), (INSTAGRAM, "all"), (SNAPCHAT, "all"), (IMESSAGE, "all")],
    ids=lambda told: getattr(told, "stem", told),
)
def test_twice_repeats_nothing(
    imports: Importing, intake: FakeIntake, tmp_path: Path, path: Path, who: str
) -> None:
    first = imports(path, conversations=[who])
    (again := tmp_path / f"renamed{path.suffix}").write_bytes(path.read_bytes() + b"\n")
    assert (report := imports(again, conversations=[who])).recorded == 0
    assert report.already_recorded == first.recorded == len(intake.recorded)


def test_a_grown_export_brings_only_what_is_new(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    text = ANDROID.read_text(encoding="utf-8")
    (half := tmp_path / "half.txt").write_text(text[: text.index("13/03/2011")], encoding="utf-8")
    # in these five messages, the day and the month cannot be distinguished
    first = imports(half, conversations=["all"], dates="day-first")
    report = imports(ANDROID, conversations=["all"])
    assert (first.recorded, report.already_recorded, report.recorded) == (5, 5, 3)
    assert len(intake.recorded) == 8


@pytest.mark.parametrize(("dates", "day"), [("day-first", (3, 4)), ("month-first", (4, 3))])
def test_the_order_of_the_date_is_queried_where_the_file_leaves_it_open(
    imports: Importing, intake: FakeIntake, tmp_path: Path, dates: str, day: tuple[int, int]
) -> None:
    path = tmp_path / "chat.txt"
    path.write_text("05/04/2011, 21:04 - Mum O: she is out\n05/04/2011, 21:05 - Mum O: back\n")
    with pytest.raises(Unanswered, match="--dates day-first or --dates month-first") as asked:
        imports(path)
    assert asked.value.question == "dates"
    path.write_text("03/04/2011, 21:04 - Mum O: she is out\n03/04/2011, 21:05 - Mum O: back\n")
    imports(path, dates=dates)
    told = intake.observations[0].told
    assert told is not None
    assert (told.day, told.month) == day


@pytest.mark.parametrize(
    ("lines", "order"),
    [
        ("13/04/2011, 21:04 - Mum O: a\n", "day first"),
        ("04/13/2011, 21:04 - Mum O: a\n", "month first"),
        ("2011-04-05, 21:04 - Mum O: a\n", "year first"),
        ("05.04.11, 21:04 - Mum O: a\n06.03.11, 21:05 - Mum O: b\n", "month first"),
        ("06/05/2011, 21:04 - Mum O: a\n05/06/2011, 21:05 - Mum O: b\n", "day first"),
        ("07/05/2011, 21:04 - Mum O: a\n", "day first"),
        ("05/05/2011, 9.04 a.m. - Mum O: a\n", "day first"),
    ],
)
def test_the_file_decides_the_order_of_the_date(
    imports: Importing, tmp_path: Path, lines: str, order: str
) -> None:
    """The order of day and month in a chat's dates is recognised from a number above 12, the year,
    the order of the messages, or a day in the future."""
    (path := tmp_path / "chat.txt").write_text(lines)
    (note,) = (one for one in imports(path).files[0].notes if "recognised" in one)
    assert f"dates {order}" in note


def test_an_order_that_no_date_allows_is_refused(imports: Importing, tmp_path: Path) -> None:
    (path := tmp_path / "chat.txt").write_text("13/04/2011, 21:04 - Mum O: a\n")
    with pytest.raises(BadFile, match="not written month-first"):
        imports(path, dates="month-first")


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("chat", "name", "picture", "who"),
    [
        (IPHONE, "_chat.txt", "00000004-PHOTO-2011-03-12-21-05-12.jpg", "Mum O"),
        (
            INSTAGRAM,
            "your_instagram_activity/messages/inbox/zoe_1/message_1.json",
            "your_instagram_activity/messages/inbox/zoe_1/photos/1.jpg",
            "Zoë 💔",
        ),
    ],
    ids=["iphone", "instagram"],
)
def test_an_archive_with_pictures(
    imports: Importing,
    intake: FakeIntake,
    tmp_path: Path,
    chat: Path,
    name: str,
    picture: str,
    who: str,
) -> None:
    """Pictures in an archive are only hashed; the messages are the same as from a chat without
    pictures.
    """
    path = zipped(tmp_path / "chat.zip", **{picture: PICTURE, name: chat.read_bytes()})
    imports(path, conversations=[who])
    (line,) = (
        observation.words for observation in intake.observations if "SHA-256" in observation.words
    )
    assert f"[jpg, {len(PICTURE):,} bytes, SHA-256 " in line
    assert PICTURE[:24] not in imports.original()
    assert imports(chat, conversations=[who]).recorded == 0


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.json", b'{"participants": [{"name": "A"}], "messages": [{"sender_n', "cut short"),
        ("b.json", b'{"participants": [], "messages": []}', "contains no messages"),
        ("c.json", b'{"participants": [3], "messages": {"sender_name": 1}}', "no messages"),
        ("d.json", b'{"x": [{"Media Type": "TEXT", "From": 7, "Created": 9}, 4]}', "no messages"),
        ("e.txt", b"12/03/2011, 21:02 - Messages are encrypted.\n", "contains no messages"),
        ("f.txt", b"13/03/2011, 21:02 - Mum O: caf\xe9\n", r"f.txt, row 1: the bytes there"),
        ("g.txt", b"99/99/2011, 21:02 - Mum O: a\n", "contains no messages"),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_a_broken_chat_is_refused_in_words(
    imports: Importing, tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    (path := tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=why):
        imports(path)
    assert not imports.intake.files


@pytest.mark.parametrize("form", ["links", "provenance-log"])
def test_a_chat_is_nothing_else(imports: Importing, form: str) -> None:
    with pytest.raises(BadFile, match="contains messages, not"):
        imports(ANDROID, form=form)


def test_odd_entries_of_a_download_stop_nothing(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    entries = [
        {"From": "baz_99", "Media Type": "TEXT", "Created": "soon", "Content": "u up"},
        {"From": "baz_99", "Media Type": "TEXT", "Created": "2011-03-12 21:05:00 UTC"},
        {"Media Type": 5},
    ]
    (path := tmp_path / "chat.json").write_text(json.dumps({"baz_99": entries}))
    imports(path, conversations=["baz_99"])
    (told,) = intake.observations
    assert (told.words, told.told) == ("u up", None)


def test_the_calls_of_a_phone(imports: Importing, intake: FakeIntake) -> None:
    listed = [
        (conversation.key, conversation.name, conversation.count)
        for conversation in conversations(CALLS, Context(NOW))
    ]
    assert listed[0] == ("+447700900221", "Baz", 3)
    with pytest.raises(BadFile, match="several people's calls"):
        imports(CALLS)
    with pytest.raises(Unanswered, match="Give its number with --phone"):
        imports(CALLS, conversations=["Baz"])
    with pytest.raises(Unanswered, match="'mine' is not a phone number"):
        imports(CALLS, conversations=["Baz"], phone="mine")
    report = imports(CALLS, conversations=["Baz"], phone="07700 900111")
    made = [draft for draft in intake.drafts if isinstance(draft, CallDraft)]
    ends = [(one.caller, one.called, (one.end - one.start).total_seconds()) for one in made]
    assert ends == [
        ("+447700900221", "07700 900111", 65),
        ("07700 900221", "07700 900111", 0),
        ("07700 900111", "07700 900221", 12),
    ]
    assert made[0].start == at(21, 4)
    assert "recognised as the calls of a phone (SMS Backup & Restore)" in report.files[0].notes
    assert b"surgery" not in imports.original()


def test_a_grown_file_of_calls_repeats_nothing(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    first = imports(CALLS, conversations=["all"], phone="07700 900111")
    assert (first.recorded, first.rejections) == (4, 1), "a withheld number is no phone"
    new = CALLS.read_text().replace(
        "</calls>",
        '<call number="07700 900221" duration="5" date="1299990000000" type="1"/></calls>',
    )
    (path := tmp_path / "grown.xml").write_text(new)
    report = imports(path, conversations=["all"], phone="07700 900111")
    assert (report.already_recorded, report.recorded, report.rejections) == (4, 1, 1)
    assert all(not isinstance(draft, ObservationDraft) for draft in intake.drafts)


WRONG: list[tuple[str, Callable[[str], str], str]] = [
    ("duration", lambda text: text.replace('duration="65"', 'duration="1e9"'), "not a duration"),
    ("date", lambda text: text.replace("1299963840000", "then"), "is not a time"),
    (
        "type",
        lambda text: text.replace(
            '"65" date="1299963840000" type="1"', '"65" date="1299963840000" type="x"'
        ),
        "not a type",
    ),
]


@pytest.mark.parametrize(("column", "change", "why"), WRONG, ids=[one[0] for one in WRONG])
def test_a_wrong_call_is_rejected_alone(
    imports: Importing, tmp_path: Path, column: str, change: Callable[[str], str], why: str
) -> None:
    (path := tmp_path / "calls.xml").write_text(change(CALLS.read_text()))
    report = imports(path, conversations=["Baz"], phone="07700 900111")
    assert report.recorded == 2
    (bad,) = report.rejected
    assert why in bad.reason
