"""Hostile text in any field harms no screen that shows it, on a small phone."""

from datetime import date
from typing import Any
from uuid import UUID

from playwright.sync_api import expect

from commands.data_protection import subject_request
from commands.erasure import erasure, legal_hold
from commands.families import casework, charity_support
from commands.information import covert_source_review
from commands.intelligence import meeting
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import confidential_report
from domain.families.charity_support import ContactMade, NoteWritten
from domain.intelligence.meeting import Decided, MeetingCalled
from projections.families import cases
from projections.information.covert_source_review import reviews
from tests.rotation import todays
from tests.support.web.guard import HOSTILE
from tests.support.web.map import world
from tests.web.chromium import NARROW, seat
from tests.web.conftest import House, Served
from tests.web.screens import EVERY
from tests.web.screenshots import settled
from web.worker.uploads import UploadDetails, UploadStore, new_name, plain_name

#: A text with all kinds of hostile content: scripts, markup, templates, characters that reverse
#: text, a word of ten thousand letters, NUL and other control characters.
ALL = " ".join(HOSTILE)
SHORT = ALL.replace("x" * 10_000, "x" * 200)
NAME = "<script>alert(1)</script> " + "y" * 60
#: Characters that reverse the text of a page, and characters that no page may contain.
TURNING = "\u202e\u2066\u200f\0\x07\x1b"


def written_everywhere(house: House) -> dict[str, Any]:
    """Fill a store with hostile text in every field. Return the ids of the items whose screens show
    it, by name."""
    office, ids = house.office, world(house)
    desk, reader = office.desk, office.somebody(NAME)
    worker = house.somebody(NAME)
    told = worker.send(
        "/record", words=ALL, when=SHORT, case=SHORT, urgent="true", urgent_reason=SHORT,
        heard_from=SHORT,
    )  # fmt: skip
    sent = UUID(told.url.path.rpartition("/")[2])
    case = office.case(SHORT.replace("\0", ""))
    casework.allocate(desk, reader, "1", NAME, "parents")
    entity.add_alias(desk, reader, str(ids["baz"]), "nickname", SHORT.replace("\0", ""))
    charity_support.make_contact(
        desk, reader, ContactMade(case, "advocacy", "visit", "parents", words=ALL)
    )
    charity_support.write_note(desk, reader, NoteWritten(case, "family", "note", "fact", ALL))
    confidential_report.escalate(desk, reader, ALL, "conflict-of-interest")
    with office.system.reading() as db:
        row = cases.get(db, reader, case)
    assert row
    asked = subject_request.receive(desk, reader, row.child, SHORT, office.later(0.1)).id
    covert_source_review.review_due(desk, reader, str(sent), str(ids["baz"]), "direction", SHORT)
    with office.system.reading() as db:
        review = reviews(db, reader, office.later(0.1))[0].id
    proposed, _ = erasure.propose(desk, reader, [office.words(ALL)], "uk-gdpr-art17")
    held = legal_hold.items_under_hold(desk, ids["baz"])
    placed = legal_hold.place(desk, reader, held, "cpia", ALL, reference=SHORT).id
    called = MeetingCalled("weekly-brief", office.later(0.1), reader.team, NAME, SHORT)
    met = meeting.call(desk, reader, called).id
    told_of = Decided(UNNAMED, ALL, "contact-family", NAME, date(2011, 4, 1))
    meeting.take(desk, reader, str(met), told_of, because_of=("none-known",))
    log = UploadDetails(new_name(), NAME, plain_name(f"{SHORT}.csv"), office.later(0.1))
    heading = SHORT.replace('"', "'")
    UploadStore(office.system.home / "arriving", office.system.keys, office.system.passing).put(
        log, f'Date,What was said,"{heading}"\n14/02/2011,"{heading}",x\n,,y\n'.encode()
    )
    return {
        "sent": sent, "waiting": sent, "graded": sent, "suspect": ids["baz"], "tie": ids["tie"],
        "case": case, "asked": asked, "log": log.id, "review": review, "erasure": proposed.id,
        "leaving": row.child, "hold": placed, "meeting": met,
    }  # fmt: skip


def test_hostile_words_harm_no_screen(served: Served, chromium: Any) -> None:
    """Hostile text harms no screen, whether it is in the screen's HTML or is loaded by a script.
    Each run opens a third of the screens."""
    ids = written_everywhere(served.house)
    plain = served.house.somebody(NAME)
    with seat(chromium, served.url, NARROW) as somebody:
        somebody.sign_in(NAME)
        somebody.page.on("dialog", lambda dialog: somebody.complaints.append(dialog.message))
        met, todays_screens = 0, todays(EVERY)
        for screen in todays_screens:
            address = screen.at.format(**ids)
            _, _, main = plain.get(address).text.partition("<main")
            if "alert(1)" not in main and 'id="map"' not in main:
                assert not set(TURNING) & set(main), address
                continue
            page = somebody.go(address)
            settled(page)
            expect(page.locator("h1")).to_be_visible()
            shown = page.locator("main").inner_text()
            assert not set(TURNING) & set(shown), page.url
            met += "alert(1)" in shown
            somebody.harmless()
        assert met > len(todays_screens) / 3, "it was hardly shown anywhere"
