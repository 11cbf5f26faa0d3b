"""The first page shows the entry form to users who need it. It also shows what changed since the
reader's last visit."""

import re
from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from access.database import reading
from commands.erasure import retention
from commands.information import observation
from commands.intelligence import links
from commands.kernel import entity
from commands.people_and_teams import rota
from domain.information.observation import ObservationRecorded
from domain.kernel.codes import Clock
from domain.kernel.values import Role
from domain.people_and_teams.rota import DutyGiven
from projections.data_protection import access_log
from projections.due import DueItem
from projections.kernel import runner
from tests.support.web.rooms import reader
from tests.web.conftest import House, Somebody
from tests.web.live import Live, live
from web.site import row_density
from web.worker.today import VERBS, by_family, by_verb, next_night

__all__ = ["live"]
NEW = '<span class="c-mark">new</span></p>'


def test_what_came_while_somebody_was_away_is_marked(house: House) -> None:
    sergeant = house.somebody("ds.hale")
    old = house.office.words("A grey van")
    house.office.later(0.2)
    assert "New since your visit" not in sergeant.get("/").text
    sergeant.get(f"/items/{old}")
    house.office.later(9)
    house.office.words("A silver Corsa")
    page = sergeant.sign_in().get("/").text
    assert "New since your visit" in page
    rows = {part.partition("</li>")[0] for part in page.split('<li class="c-row')}
    assert any("A silver Corsa" in row and NEW in row for row in rows)
    assert not any("A grey van" in row and NEW in row for row in rows)
    assert NEW in sergeant.get("/").text, "one stay, whatever is looked at meanwhile"


def test_the_time_of_an_unchanged_entry_is_shown_once(house: House) -> None:
    worker = house.somebody()
    worker.send("/record", words="A grey van")
    assert "since" not in worker.get("/mine").text.partition("A grey van")[2].partition("</li>")[0]
    (item,) = [f.stream for f in house.office.facts() if isinstance(f.event, ObservationRecorded)]
    house.office.later(1)
    house.office.assessed(item)
    assert " · since " in worker.sign_in().get("/mine").text


def test_where_all_is_new_no_row_is_marked(house: House) -> None:
    sergeant = house.somebody("ds.hale")
    sergeant.get("/")
    house.office.later(9)
    for words in ("A grey van", "A silver Corsa"):
        house.office.words(words)
    page = sergeant.sign_in().get("/").text
    assert "A silver Corsa" in page
    assert NEW not in page


def test_a_restricted_entry_is_marked_because_the_inbox_leaves_it_out(house: House) -> None:
    office, sergeant = house.office, house.somebody("ds.hale")
    item = office.words("A grey van")
    assert "restricted" not in sergeant.get("/").text
    retention.restrict(office.desk, office.reader, [item], "disputed", ground="part-3-s47-2")
    row = sergeant.get("/").text.partition("A grey van")[2].partition("</li>")[0]
    assert "restricted: not in the inbox" in row
    assert "A grey van" not in sergeant.get("/queue").text


@pytest.mark.parametrize(
    ("roles", "first"), [(["psw"], True), (["psw", "manager"], False), (["detective"], False)]
)
def test_a_worker_at_a_door_has_the_box_for_words_on_the_first_page(
    roles: list[Role], first: bool
) -> None:
    assert row_density.on_their_feet(reader(*roles)) is first


def test_what_is_written_on_the_first_page_is_sent_from_there(house: House) -> None:
    page = house.somebody().get("/").text
    assert page.count('id="words"') == page.count('action="/record"') == 1
    assert page.index('id="words"') < page.index("Your tasks")


def test_what_was_read_in_the_newest_words_is_confirmed_there(house: House) -> None:
    worker = house.somebody()
    for words in ("Baz in PK95ABX", "Chunks in PK95ABY"):
        worker.send("/record", words=words)
    sent = [f for f in house.office.facts() if isinstance(f.event, ObservationRecorded)]
    older, newer = (fact.stream for fact in sent)
    page = worker.get("/").text
    assert f'action="/receipt/{newer}/confirm"' in page
    assert f'action="/receipt/{older}/confirm"' not in page
    spans = re.findall(r'name="span" value="(\d+-\d+)"', page)
    told = {"span": sorted(set(spans)), "command_id": [str(uuid4())]}
    worker.send(f"/receipt/{newer}/confirm", **told)
    page = worker.get("/").text
    assert f'action="/receipt/{newer}/confirm"' not in page
    assert f'action="/receipt/{older}/confirm"' in page, "the one before has its turn"
    house.office.assessed(older)
    assert "Are these names and numbers right?" not in worker.get("/").text
    assert f'href="/receipt/{older}"' in worker.get("/").text


def test_a_detective_is_informed_what_is_new_about_suspects(house: House) -> None:
    office = house.office
    assert "Nothing new was recorded about a child" in house.somebody("ds.hale").get("/").text
    ash = office.person("Ash")
    entity.classify(office.desk, office.reader, str(ash), "suspect", "seen with her")
    item = office.words("Ash drives PK95ABX")
    office.assessed(item)
    links.assert_link(office.desk, office.reader, item, str(ash), "vehicle:PK95ABX", "driver-of")
    (tie,) = office.links()
    page = house.somebody("ds.hale").get("/").text
    row = page.partition('id="news"')[2].partition("</section>")[0]
    assert "drives PK95ABX (2A)" in row
    assert f'href="/people/{ash}"' in row
    assert f'data-shows="{ash} {tie.b} {tie.link}' in row


def test_an_auditor_is_informed_who_looked_last(house: House) -> None:
    assert 'href="/looked?by=ds.hale"' not in house.somebody("auditor.wray").get("/").text
    item = house.office.words("A grey van")
    house.somebody("ds.hale").get(f"/items/{item}")
    assert 'href="/looked?by=ds.hale"' in house.somebody("auditor.wray").get("/").text


def test_beside_a_process_that_follows_the_first_page_waits_for_no_looks(live: Live) -> None:
    roles: dict[str, Role] = {"psw.ellis": "psw", "ds.hale": "detective", "auditor.wray": "auditor"}
    for name, role in roles.items():
        live.hire(name, role)
    observation.record(live.desk, live.reader("psw.ellis"), words="A grey van")
    live.later(seconds=1)
    detective, views = live.somebody("ds.hale"), live.system.views

    def folded(who: Somebody) -> bool:
        """Open the first page as this user; return whether the program then updated the table of
        last visits."""
        with reading(views.engine) as db:
            before = runner.positions(db)[access_log.VIEW.name, "access"]
        assert "A grey van" in detective.get("/queue").text
        assert who.get("/").status_code == 200
        with reading(views.engine) as db:
            return runner.positions(db)[access_log.VIEW.name, "access"] > before

    assert folded(detective), "where none follows, who asks does"
    assert views.take_parts("another process", 60)
    assert not folded(detective)
    assert folded(live.somebody("auditor.wray")), "who reviews looks is shown the last of them"


def test_each_is_informed_what_their_work_needs(live: Live) -> None:
    roles: dict[str, Role] = {"psw.ellis": "psw", "ds.hale": "detective", "auditor.wray": "auditor"}
    for name, role in roles.items():
        live.hire(name, role)
    parts = {name: live.somebody(name).get("/").text for name in roles}
    assert {name for name, page in parts.items() if 'id="news"' in page} == set(roles)
    assert {name for name, page in parts.items() if 'id="looked"' in page} == {"auditor.wray"}
    assert {name for name, page in parts.items() if 'id="words"' in page} == {"psw.ellis"}


def _due(case: UUID | None) -> DueItem:
    chain: tuple[Role, ...] = ("supervisor", "dci")
    at = datetime(2011, 3, 18, 9, tzinfo=UTC)
    return DueItem(
        uuid4(),
        "an alert waits",
        "alert",
        uuid4(),
        at,
        at,
        overdue=False,
        owner=None,
        owner_role="detective",
        escalates_to="supervisor",
        chain=chain,
        tier="danger",
        team="Engage",
        because=("1:1",),
        case=case,
    )


def test_what_is_due_for_one_child_hides_no_other() -> None:
    one, other = uuid4(), uuid4()
    few = [_due(one), _due(one), _due(None)]
    assert by_family(few) == [(row, 0) for row in few], "where all fit they are shown as they are"
    many = [*(_due(one) for _ in range(12)), _due(None), _due(other), _due(None), _due(other)]
    assert [(row.case, more) for row, more in by_family(many)] == [
        (one, 11),
        (None, 0),
        (other, 1),
        (None, 0),
    ]


def test_each_deadline_has_a_verb_and_what_is_not_seen_comes_last() -> None:
    assert set(VERBS) == set(get_args(Clock))
    hidden, alert, entry = _due(None), _due(None), replace(_due(None), clock="words-waiting")
    late = replace(_due(None), clock="words-waiting", overdue=True)
    until = alert.due + timedelta(days=1)
    later = replace(_due(None), due=until + timedelta(seconds=1))
    rows = [hidden, entry, late, alert, later]
    seen = {row.item for row in rows if row is not hidden}
    named: list[DueItem] = []

    def name(some: list[DueItem]) -> list[DueItem]:
        named.extend(some)
        return some

    decisions = by_verb(rows, seen, until, name)
    groups = [(group.verb, group.count, group.overdue, group.rows) for group in decisions.groups]
    assert groups == [("Assess", 2, 1, [entry, late]), ("Answer", 1, 0, [alert])]
    assert decisions.restricted == (hidden,)
    assert decisions.later == 1
    assert hidden not in named, "nothing of a hidden item is looked up"


def test_a_night_begins_in_the_evening_by_the_clock_in_london() -> None:
    summer = datetime(2011, 7, 1, 12, tzinfo=UTC)
    start, end = next_night(summer)
    assert (start, end) == (
        datetime(2011, 7, 1, 17, tzinfo=UTC),
        datetime(2011, 7, 2, 7, tzinfo=UTC),
    )
    late = datetime(2011, 7, 2, 1, tzinfo=UTC)
    assert next_night(late) == (late, end), "of the present night the rest counts"


def test_a_gap_in_the_rota_of_the_night_is_shown_to_those_who_can_fill_it(live: Live) -> None:
    live.hire("psw.ellis", "psw")
    live.hire("ds.hale", "detective")
    assert "No one is on call from" in live.somebody("ds.hale").get("/").text
    assert "No one is on call from" not in live.somebody("psw.ellis").get("/").text
    now = live.desk.clock()
    hours = timedelta(hours=30)
    duty = DutyGiven("ds.hale", "07700 900123", now, now + hours, team="Engage")
    rota.give(live.desk, live.reader("ds.hale"), duty)
    assert "No one is on call from" not in live.somebody("ds.hale").get("/").text
