"""A worker uploads a log that a carer filled in: columns are matched, rows are previewed and
corrected, and a second import changes nothing.

The file is long because it uploads each kind of file once.
"""

import csv
import io
import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from domain.information.observation import IMPORTED_ROW, ObservationRecorded
from domain.intelligence.entity import PersonRecorded
from domain.people_and_teams.store_admin import FileReceived
from ingest.words.how_known import read_how_known
from tests.support.ingest.equal_names import FORMS, PEOPLE
from tests.support.web.upload import GOOD, WORDLESS, log_of
from tests.web.conftest import House, Somebody
from web.site import labels

CALLS = Path(__file__).parents[2] / "data" / "chats" / "calls.xml"


def send(worker: Somebody, content: bytes, name: str = "log.csv", **form: str) -> Any:
    given = {"csrf": worker.csrf} | form
    return worker.client.post("/import", data=given, files={"file": (name, content, "text/csv")})


def recorded(house: House) -> list[Any]:
    return [f.event for f in house.office.facts() if isinstance(f.event, ObservationRecorded)]


def mend(worker: Somebody, page: Any, **cells: str) -> Any:
    """Correct the first rejected row of the uploaded file on this page, as a browser without
    JavaScript sends it. `cells` are the new values by the names of their columns; return the
    answer.
    """
    form = page.text.partition("/mend")[2]
    fields = dict(
        re.findall(r'name="([a-z-]+[0-9]*)" value="([^"]*)"', form.partition("</form>")[0])
    )
    for number in range(1, 20):
        if fields.get(f"heading-{number}") in cells:
            fields[f"cell-{number}"] = cells[fields[f"heading-{number}"]]
    return worker.client.post(f"{page.url.path}/mend", data=fields)


def test_a_log_is_looked_at_before_anything_is_recorded(house: House) -> None:
    case = house.office.case()
    worker = house.somebody()
    page = send(worker, log_of(GOOD), case="1", heard_from="Marion Oakes")
    assert "<strong>1</strong> row to record" in page.text
    assert "He picked her up" in page.text
    assert "the person saw or heard it themselves" in page.text
    assert recorded(house) == []

    done = worker.send(f"{page.url.path}/take")
    assert "1 row recorded" in done.text
    (told,) = recorded(house)
    assert (told.words, told.case, told.how_known) == (GOOD[1], case, "saw-or-heard")
    assert worker.get(page.url.path).status_code == 404
    received = [f.event for f in house.office.facts() if isinstance(f.event, FileReceived)]
    originals = house.office.system.originals
    assert b"".join(originals.read(received[0].kept, received[0].secret)) == log_of(GOOD)


def test_the_same_file_twice_changes_nothing(house: House) -> None:
    worker = house.somebody()
    for expected in (1, 0):
        page = send(worker, log_of(GOOD))
        assert f"<strong>{expected}</strong> row" in page.text
        worker.send(f"{page.url.path}/take")
        assert len(recorded(house)) == 1
    before = house.office.count()
    worker.send(f"{send(worker, log_of(GOOD)).url.path}/take")
    assert house.office.count() == before


def test_a_row_is_mended_in_place_and_recorded_once(house: House) -> None:
    worker = house.somebody()
    page = send(worker, log_of(GOOD, WORDLESS))
    assert "this row has no text" in page.text
    assert "<strong>1</strong> row to correct" in page.text
    again = mend(worker, page, Date="16/02/2011")
    assert "this row has no text" in again.text
    assert 'value="16/02/2011"' in again.text
    mended = mend(worker, again, **{"What was said": "=Jade saw the car again"})
    assert "<strong>0</strong> rows to correct" in mended.text
    assert "<strong>2</strong> rows to record" in mended.text
    worker.send(f"{page.url.path}/take")
    assert [one.words for one in recorded(house)] == ["=Jade saw the car again", GOOD[1]]
    later = send(worker, log_of(GOOD, WORDLESS))
    assert "<strong>2</strong> rows recorded already" in later.text
    assert "<strong>0</strong> rows to correct" in later.text


def test_what_is_left_waits_and_can_be_taken_as_a_file(house: House) -> None:
    worker = house.somebody()
    page = send(worker, log_of(GOOD, WORDLESS))
    done = worker.send(f"{page.url.path}/take")
    assert "1 row left to correct" in done.text
    file = worker.get(f"{page.url.path}/rejects")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["_row"] for row in rows] == ["3"]
    rows[0]["What was said"] = "Mended at home"
    made = io.StringIO()
    out = csv.DictWriter(made, list(rows[0]))
    out.writeheader()
    out.writerows(rows)
    back = send(worker, made.getvalue().encode(), "log-to-correct.csv")
    worker.send(f"{back.url.path}/take")
    assert [one.words for one in recorded(house)] == [GOOD[1], "Mended at home"]
    assert "<strong>0</strong> rows to correct" in worker.get(page.url.path).text


def test_columns_are_chosen_where_the_headings_say_nothing(house: House) -> None:
    worker = house.somebody()
    odd = ("Tag", "Was", "Wer", "Wie", "Eil")
    page = send(worker, log_of(GOOD, headings=odd), form="provenance-log")
    assert "needs a column for" in page.text
    assert 'role="alert"' in page.text
    chosen = {"column-words": "Was", "column-date": "Tag", "form": "provenance-log"}
    page = worker.send(f"{page.url.path}/columns", **chosen, heard_from="Marion Oakes")
    assert "<strong>1</strong> row to record" in page.text
    assert ">14 Feb 2011" in page.text
    assert 'value="Marion Oakes"' in page.text
    page = worker.send(f"{page.url.path}/columns", **chosen | {"column-date": ""})
    assert "no date" in page.text


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(200), b"<html></html>"])
def test_what_is_no_table_is_refused_in_words(house: House, content: bytes) -> None:
    worker = house.somebody()
    page = send(worker, content)
    assert 'role="alert"' in page.text
    assert "Traceback" not in page.text
    assert "would be recorded" not in page.text
    assert recorded(house) == []


def test_a_file_that_waits_is_its_senders_alone_and_sealed(house: House) -> None:
    worker, other = house.somebody(), house.somebody("psw.other")
    page = send(worker, log_of(GOOD), "../../etc/passwd.csv")
    assert "passwd.csv" in page.text
    path = page.url.path
    assert "passwd.csv" in worker.get("/import").text
    assert "passwd.csv" not in other.get("/import").text
    missing = other.get("/import/" + "0" * 32)
    for verb in (other.get(path), other.get(f"{path}/rejects"), other.send(f"{path}/take")):
        assert verb.status_code == 404
    strip = re.compile(r'nonce="[^"]*"|value="[^"]*"')
    assert strip.sub("", other.get(path).text) == strip.sub("", missing.text)
    kept = [*(house.office.system.home / "arriving").iterdir()]
    assert len(kept) == 2
    for one in kept:
        assert b"chip shop" not in one.read_bytes()
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    worker.send(f"{path}/drop")
    assert worker.get(path).status_code == 404
    assert not [*(house.office.system.home / "arriving").iterdir()]
    assert recorded(house) == []


def test_urgent_rows_say_that_nobody_has_read_them(house: House) -> None:
    worker = house.somebody()
    page = send(worker, log_of((*GOOD[:4], "yes"), GOOD))
    assert "<strong>1</strong> row marked urgent" in page.text
    assert "ring 999" in worker.send(f"{page.url.path}/take").text


def test_the_blank_log_maps_by_itself(house: House, tmp_path: Path) -> None:
    worker = house.somebody()
    page = worker.get("/log").text
    for asked in ("What happened / what was said", "How do you know it is true?", "Your name"):
        assert asked in page
    sheet = worker.get("/log.xlsx").content
    path = tmp_path / "log.xlsx"
    path.write_bytes(sheet)
    (head,) = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[:1]
    filled = dict.fromkeys(map(str, head), "") | {"What happened / what was said": "A grey van"}
    made = log_of(tuple(filled.values()), headings=tuple(map(str, filled)))
    checked = send(worker, made)
    assert "<strong>1</strong> row to record" in checked.text
    assert "needs a column" not in checked.text


def test_every_bad_row_can_be_mended_here_page_by_page(house: House) -> None:
    worker = house.somebody()
    rows = [(f"{day % 27 + 1}/02/2011", "", f"Jade {day}", "", "") for day in range(130)]
    page = send(worker, log_of(GOOD, *rows))
    assert "<strong>130</strong> rows to correct" in page.text
    last = worker.get(f"{page.url.path}?page=7")
    assert "Page 7 of 7" in last.text
    assert last.text.count("/mend") == 10
    after = mend(worker, last, **{"What was said": "She was crying when she came in"})
    assert "Page 7 of 7" in after.text
    assert "<strong>129</strong> rows to correct" in after.text
    done = worker.send(f"{page.url.path}/take")
    assert "2 rows recorded" in done.text


# --- uploaded messages ---------------------------------------------------------------------------

BACKUP = b"""<?xml version='1.0'?><smses count="3">
<sms address="07700 900777" date="1295262000000" type="1" body="Your tooth" contact_name="Dentist"/>
<sms address="07700 900202" date="1295381529000" type="1" body="He writes to her every night"
 contact_name="Mrs Nettle"/>
<sms address="07700 900202" date="1295381740000" type="2" body="Thank you, keep it on"/>
</smses>"""


def test_of_a_phone_only_what_is_picked_is_read_and_kept(house: House) -> None:
    case = house.office.case()
    worker = house.somebody()
    page = send(worker, BACKUP, "texts.xml")
    assert "0 of 2 conversations" in page.text
    assert "--conversation" not in page.text
    assert not {text for text in ("Your tooth", "every night") if text in page.text}
    assert worker.send(f"{page.url.path}/conversations").status_code == 422
    (pick,) = re.findall(r'(pick-\d+)" value="\+447700900202"', page.text)
    read = worker.send(f"{page.url.path}/conversations", **{pick: "+447700900202"})
    assert "He writes to her every night" in read.text
    assert "Your tooth" not in read.text
    assert "<strong>1</strong> row to record" in read.text
    assert "no family named" in read.text
    assert (
        "case <bdi>1</bdi>"
        in worker.send(f"{page.url.path}/columns", form="messages", case="1").text
    )
    worker.send(f"{page.url.path}/take")
    (told,) = recorded(house)
    assert (told.words, told.case) == ("He writes to her every night", case)
    received = [f.event for f in house.office.facts() if isinstance(f.event, FileReceived)]
    originals = house.office.system.originals
    kept = b"".join(originals.read(received[0].kept, received[0].secret))
    assert b"Your tooth" not in kept


def test_a_chat_says_what_it_is_and_asks_what_it_leaves_open(house: House) -> None:
    """If an uploaded file is a chat, its page asks whose messages these are, and whether the day or
    the month comes first in its dates."""
    worker = house.somebody()
    chat = b"""05/04/2010, 21:04 - Marion Oakes: Where are you
05/04/2010, 21:05 - Baz: u coming out, Corsa is outside
"""
    page = send(worker, chat, "WhatsApp Chat with Baz.txt", heard_from="Marion Oakes")
    assert "Does the day or the month come first in the dates?" in page.text
    assert "05" not in "".join(re.findall(r"<strong>\d+</strong> would be", page.text))
    assert worker.send(f"{page.url.path}/columns", dates="year").status_code == 422
    asked = worker.send(f"{page.url.path}/columns", dates="day-first")
    assert "0 of 2 conversations" in asked.text
    read = worker.send(f"{page.url.path}/conversations", **{"pick-1": "baz"})
    assert "u coming out" in read.text
    assert "Where are you" not in read.text
    assert "recognised as a WhatsApp chat, dates day first, 24-hour clock" in read.text
    assert "handed in by" in read.text
    worker.send(f"{page.url.path}/take")
    (told,) = recorded(house)
    assert told.words == "u coming out, Corsa is outside\nSent to: Marion Oakes"
    assert told.told is None
    assert told.chain


def test_calls_need_the_number_of_their_phone(house: House) -> None:
    worker = house.somebody("ds.hart")
    page = send(worker, CALLS.read_bytes(), "calls.xml")
    assert "0 of 3 conversations" in page.text
    asked = worker.send(f"{page.url.path}/conversations", **{"pick-1": "+447700900221"})
    assert "Which phone are the calls from?" in asked.text
    wrong = worker.send(f"{page.url.path}/columns", phone="mine")
    assert "is not a phone number" in wrong.text
    read = worker.send(f"{page.url.path}/columns", phone="07700 900111")
    assert "<strong>3</strong> rows to record" in read.text
    assert "3 rows recorded" in worker.send(f"{page.url.path}/take").text


def test_a_table_of_messages_is_picked_from_too(house: House) -> None:
    worker = house.somebody()
    table = b"""date,from,to,name,text
2011-02-03 22:31,07700 900512,07700 900600,Ms Haxby,He gives them all lifts
2011-02-03 22:40,07700 900513,07700 900600,Gran,Are you coming on Sunday
"""
    page = send(worker, table, "messages.csv")
    assert "0 of 2 conversations" in page.text
    read = worker.send(f"{page.url.path}/conversations", **{"pick-1": "+447700900512"})
    assert "He gives them all lifts" in read.text
    assert "Sunday" not in read.text


def test_one_email_needs_no_picking(house: House) -> None:
    worker = house.somebody()
    mail = b"From: m.nettle@example.org\nTo: us@example.org\nDate: Mon, 7 Mar 2011 21:04:00 +0000\n"
    page = send(worker, mail + b"Subject: him\n\nHe was at the gate again.\n", "him.eml")
    assert "He was at the gate again" in page.text
    assert "conversations" not in page.text


def test_a_network_is_brought_in_and_its_bad_line_mended(house: House) -> None:
    """A user can upload a network and correct its bad row. In the test, one of two links lacks an
    end."""
    people = [{"id": one, "schema": "Person", "properties": {"name": [one]}} for one in ("A", "B")]
    ties = [
        {"id": f"t-{end}", "schema": "Associate", "properties": {"person": "A", "associate": end}}
        for end in ("B", "C")
    ]
    content = "\n".join(map(json.dumps, (*people, *ties))).encode()
    worker = house.somebody()
    page = send(worker, content, "network.json")
    assert "<strong>1</strong> row to record" in page.text
    assert "<strong>1</strong> row to correct" in page.text
    assert "Row 4: <bdi>its end &#39;C&#39; is not a person or thing of this file" in page.text
    assert 'name="column-source_kind"' in page.text
    assert "source_aliases" not in page.text, "what no column says is no choice"
    page = mend(worker, page, target="B")
    assert "<strong>2</strong> rows to record" in page.text
    worker.send(f"{page.url.path}/take")
    rows = [one.words for one in recorded(house) if one.channel == IMPORTED_ROW]
    assert rows == ["A - associate - B", "A - associate - B"]


def test_two_people_of_one_name_stay_two_in_uploaded_tables(house: House) -> None:
    """Two people with the same name remain two people after uploads of tables and of a network,
    because these identify people by ids."""
    worker = house.somebody()
    for name in ("people.csv", "links.csv", "network.graphml", "pole.zip"):
        page = send(worker, FORMS[name], name)
        assert "<strong>0</strong> rows to correct" in page.text
        worker.send(f"{page.url.path}/take")
    people = [f.event for f in house.office.facts() if isinstance(f.event, PersonRecorded)]
    assert sorted(person.name or "" for person in people) == sorted(PEOPLE.values())


def test_the_answers_of_the_blank_log_are_read_as_their_codes() -> None:
    """A filled-in blank log can be imported, because its answers are read as the codes that the
    screens use."""
    read = {code: read_how_known(answer) for code, answer in labels.HOW_KNOWN.items()}
    assert read == {code: code for code in labels.HOW_KNOWN}
