"""The user chooses conversations to import; nothing of the other conversations, and no picture, is
stored.
"""

import base64
import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.files.mapping import Mapping
from ingest.files.media import WARNING
from ingest.files.problems import BadFile
from ingest.importing.plan import conversations
from ingest.words.context import Context
from tests.ingest.conftest import NOW, FakeIntake, Importing, as_csv, lines

MUM, OTHER = "07700 900111", "07700 900222"
PICTURE = b"\xff\xd8\xff\xe0 a picture nobody may see " * 50
DIGEST = hashlib.sha256(PICTURE).hexdigest()
AT = 1_297_721_700_000  # 22:15 UTC on 14 February 2011, in milliseconds


def sms(body: str, address: str = MUM, kind: int = 1, at: int = AT, name: str = "Mum O") -> str:
    return (
        f'<sms protocol="0" address="{address}" date="{at}" type="{kind}" body="{body}" '
        f'contact_name="{name}" readable_date="14 Feb 2011 22:15:00" />'
    )


def mms(*parts: str, address: str = MUM) -> str:
    return (
        f'<mms address="{address}" date="{AT}" msg_box="1" contact_name="Mum O">'
        f"<parts>{''.join(parts)}</parts>"
        f'<addrs><addr address="{address}" type="137"/></addrs></mms>'
    )


def part(kind: str, content: bytes = b"", text: str = "null") -> str:
    data = f'data="{base64.b64encode(content).decode()}"' if content else ""
    return f'<part seq="0" ct="{kind}" text="{text}" {data}/>'


def backup(path: Path, *messages: str) -> Path:
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>'
        f'<smses count="{len(messages)}">{"".join(messages)}</smses>',
        "utf-8",
    )
    return path


def everything_on_disk(directory: Path, *originals: Path) -> bytes:
    files = [each for each in directory.rglob("*") if each.is_file() and each not in originals]
    return b"".join(file.read_bytes() for file in files)


def test_a_message_that_came_in_is_the_parents_own_words(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    imports(backup(tmp_path / "sms.xml", sms("she is out again"), sms("thank you", kind=2)))
    (told,) = intake.observations
    assert (told.words, told.channel, told.form) == ("she is out again", "sms", "verbatim")
    assert told.heard_from == "Mum O"
    assert told.told == datetime(2011, 2, 14, 22, 15, tzinfo=UTC)


def test_conversations_are_listed_to_pick_from(tmp_path: Path) -> None:
    path = backup(
        tmp_path / "sms.xml",
        sms("one"),
        sms("two", kind=2, address="+447700900111", at=AT + 60_000),
        sms("private", address=OTHER, name="(Unknown)"),
    )
    first, second = conversations(path, Context(NOW))
    assert (first.key, first.name, first.count) == ("+447700900111", "Mum O", 2)
    assert first.last == datetime(2011, 2, 14, 22, 16, tzinfo=UTC)
    assert (second.key, second.name, second.count) == ("+447700900222", None, 1)


def test_nothing_is_read_before_the_user_picks(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = backup(tmp_path / "sms.xml", sms("hers"), sms("private", address=OTHER))
    with pytest.raises(
        BadFile, match="Choose the conversations to import with --conversation"
    ) as refusal:
        imports(path)
    assert "+447700900222" in str(refusal.value)
    with pytest.raises(BadFile, match="none of the picked"):
        imports(path, conversations=["07700 900999"])
    assert not intake.recorded


def test_only_what_was_picked_is_stored(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = backup(
        tmp_path / "sms.xml", sms("hers"), sms("reply", kind=2), sms("private", address=OTHER)
    )
    report = imports(path, conversations=[MUM])
    assert [observation.words for observation in intake.observations] == ["hers"]
    (received,) = intake.files.values()
    assert received.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    kept = imports.original()
    assert b"hers" in kept
    assert b"reply" in kept
    stored = everything_on_disk(tmp_path, path) + imports.original()
    assert b"private" not in stored
    assert b"900222" not in stored
    assert any("1 other" in note for note in report.files[0].notes)


def test_a_mapping_gives_senders_their_case(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = backup(tmp_path / "sms.xml", sms("hers"), sms("his", address=OTHER, name="Dad V"))
    imports(path, mapping=Mapping(cases={MUM: "C-1", OTHER: "C-2"}), case="C-9")
    assert [(observation.heard_from, observation.case) for observation in intake.observations] == [
        ("Mum O", "C-1"),
        ("Dad V", "C-2"),
    ]


@pytest.mark.parametrize("kind", ["image/jpeg", "video/mp4", "audio/amr", "text/plain"])
def test_a_picture_never_reaches_disk_and_a_line_replaces_it(
    imports: Importing, intake: FakeIntake, tmp_path: Path, kind: str
) -> None:
    path = backup(
        tmp_path / "sms.xml",
        mms(
            part("application/smil", text="&lt;smil/&gt;"),
            part("text/plain", text="look what he sent her"),
            part(kind, PICTURE),
        ),
    )
    imports(path, rejects=tmp_path / "rejects.csv")
    (told,) = intake.observations
    line = f"[{kind}, {len(PICTURE):,} bytes, SHA-256 {DIGEST}] {WARNING}"
    assert told.words == f"look what he sent her\n{line}"
    stored = everything_on_disk(tmp_path, path) + imports.original()
    assert PICTURE[:24] not in stored
    assert base64.b64encode(PICTURE)[:40] not in stored
    assert DIGEST.encode() in stored


def test_a_picture_written_into_the_text_is_withheld(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    url = f"data:image/jpeg;base64,{base64.b64encode(PICTURE).decode()}"
    path = as_csv(tmp_path / "m.csv", ("date", "from", "text"), ("1/2/2011", MUM, f"see {url}"))
    imports(path)
    (told,) = intake.observations
    assert told.words.startswith(f"see [image/jpeg, {len(PICTURE):,} bytes, SHA-256 {DIGEST}]")
    assert (
        base64.b64encode(PICTURE)[:40]
        not in everything_on_disk(tmp_path, path) + imports.original()
    )


def test_an_overlapping_backup_repeats_nothing(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    first = [sms("ok"), sms("ok"), sms("she is back", at=AT + 1000)]
    imports(backup(tmp_path / "monday.xml", *first))
    report = imports(backup(tmp_path / "tuesday.xml", *first, sms("out again", at=AT + 2000)))
    assert (report.already_recorded, report.recorded) == (3, 1)
    assert len(intake.recorded) == 4


def test_emoji_and_control_characters_as_phones_write_them(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    pad = "x" * 65_500  # this filler puts the two halves of an emoji into two blocks of the file
    path = backup(
        tmp_path / "sms.xml",
        *[sms(f"{pad[:n]}&#55357;&#56832; hi&#7;", at=AT + n) for n in range(0, 65_500, 13_001)],
        sms("lone &#55357; half", at=AT - 1),
        sms("n&#0;ul", at=AT - 2),
    )
    report = imports(path)
    told = intake.observations
    assert all(each.words.endswith("😀 hi") for each in told[:-1])
    assert report.flags["control-characters"] == len(told) - 1
    assert told[-1].words == "lone \ufffd half"
    assert "NUL" in report.rejected[0].reason


def test_a_truncated_backup_stores_nothing(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = backup(tmp_path / "sms.xml", *[sms(f"message {n}", at=AT + n) for n in range(2000)])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BadFile, match=r"sms\.xml, row 2000: the backup is cut short"):
        imports(path)
    assert not intake.recorded


def test_a_backup_that_defines_entities_is_refused(imports: Importing, tmp_path: Path) -> None:
    path = tmp_path / "sms.xml"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE smses [<!ENTITY a "aaaa">]><smses>{sms("&a;")}</smses>'
    )
    with pytest.raises(
        BadFile, match="the backup defines XML entities, which no backup of messages does"
    ):
        imports(path)


def test_a_table_of_messages(imports: Importing, intake: FakeIntake, tmp_path: Path) -> None:
    path = as_csv(
        tmp_path / "messages.csv",
        ("Date", "From", "To", "Text"),
        ("14/02/2011 22:15", MUM, "07700 900500", "she is out again"),
        ("14/02/2011 22:20", "me", MUM, "on my way"),
        ("14/02/2011 22:25", OTHER, "07700 900500", "private"),
        ("14/02/2011 22:30", MUM, "07700 900500", "ba\0ck"),
        ("14/02/2011 22:35", OTHER, "07700 900500", "pri\0vate"),
    )
    report = imports(path, conversations=[MUM], rejects=tmp_path / "rejects.csv")
    (told,) = intake.observations
    assert told.words == "she is out again"
    assert told.heard_from == "+447700900111"
    (kept := tmp_path / "kept.csv").write_bytes(imports.original())
    assert [row["Text"] for row in lines(kept)] == ["she is out again", "on my way", "ba\0ck"]
    assert report.rejections == 1
    assert b"vate" not in everything_on_disk(tmp_path, path) + imports.original()
    (line,) = lines(tmp_path / "rejects.csv")
    line["Text"] = "back"
    imports(as_csv(tmp_path / "mended.csv", [*line], [*line.values()]))
    assert [observation.words for observation in intake.observations] == [
        "she is out again",
        "back",
    ]


def mail(*, html: bool = False) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Marion Oakes <Marion@Example.org>"
    message["To"] = "psw@example.org"
    message["Date"] = "Mon, 14 Feb 2011 22:15:00 +0000"
    message["Subject"] = "She is out again"
    if html:
        message.set_content(
            "<p>He has a <b>silver</b> Corsa</p><style>p {}</style>"
            f'<img src="data:image/jpeg;base64,{base64.b64encode(PICTURE).decode()}">',
            subtype="html",
        )
    else:
        message.set_content("He has a silver Corsa")
    message.add_attachment(PICTURE, maintype="image", subtype="jpeg", filename="her.jpg")
    message.add_attachment(PICTURE, maintype="text", subtype="plain", filename="her.txt")
    return message


@pytest.mark.parametrize("html", [False, True])
def test_an_email(imports: Importing, intake: FakeIntake, tmp_path: Path, html: bool) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(mail(html=html).as_bytes())
    imports(path)
    (told,) = intake.observations
    assert told.words.startswith(
        "Subject: She is out again\n\nHe has a silver Corsa\n[image/jpeg, "
    )
    assert told.words.count(WARNING) == 2
    assert (told.channel, told.heard_from) == ("email", "Marion Oakes")
    assert told.told == datetime(2011, 2, 14, 22, 15, tzinfo=UTC)
    stored = everything_on_disk(tmp_path, path) + imports.original()
    assert PICTURE[:24] not in stored
    assert base64.b64encode(PICTURE)[:40] not in stored
    assert DIGEST.encode() in stored


def test_a_malformed_email_still_gives_its_words(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(
        b"From: marion@example.org\nDate: yesterday-ish\n"
        b"Content-Type: text/plain; charset=unheard-of\n\nhe is outside\xff\n"
    )
    imports(path)
    (told,) = intake.observations
    assert told.words == "he is outside\ufffd"
    assert told.told is None


def test_a_picked_conversation_that_is_not_there_is_reported(
    imports: Importing, tmp_path: Path
) -> None:
    path = backup(tmp_path / "sms.xml", sms("hers"))
    report = imports(path, conversations=["mum o", "07700 900999"])
    assert report.recorded == 1
    assert "it contains no conversation with '07700 900999'" in report.files[0].notes


def test_a_sender_may_be_named_in_the_mapping(imports: Importing, tmp_path: Path) -> None:
    path = backup(tmp_path / "sms.xml", sms("hers"))
    imports(path, mapping=Mapping(cases={"Mum O": "C-1"}))
    assert imports.intake.observations[0].case == "C-1"


def test_what_a_sender_is_to_the_child_comes_from_a_column_or_holds_for_all(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    head = ("date", "from", "text", "Relation to child")
    path = as_csv(
        tmp_path / "m.csv",
        head,
        ("2011-02-14 22:15", "07700 900111", "he is back", "nan"),
        ("2011-02-14 22:16", "07700 900111", "he is gone", ""),
    )
    imports(path, mapping=Mapping(fixed={"relation": "parent"}))
    assert [observation.relation for observation in intake.observations] == ["nan", "parent"]
