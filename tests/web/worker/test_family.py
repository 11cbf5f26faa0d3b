"""On a family's page, in alerts and in the list of children to consider, the screens apply the same
rules as the commands.
"""

from uuid import UUID

import pytest

from commands.families import referral
from commands.intelligence import links
from commands.kernel import entity
from domain.families.charity_support import ContactMade, NoteWritten, WayChecked
from domain.families.compartment import PlacementMade
from domain.families.protection import AlertAnswered, ReferralConsidered
from tests.web.conftest import House, Somebody
from tests.web.live import Live, live

__all__ = ["live"]
FLAT = "Flat 4, Weir House, Town C"


@pytest.fixture
def case(house: House) -> UUID:
    return house.office.case("Chantelle Moss")


def suspect_of(house: House, case: UUID) -> UUID:
    """Record a man with a graded link to the child of this case; return his id."""
    office = house.office
    item = office.words("Baz picks her up", case=str(case))
    made = entity.record_person(
        office.desk,
        office.reader,
        name="Baz",
        known=False,
        categories=[("suspect", "seen")],
    )
    report = office.assessed(item).id
    links.assert_link(
        office.desk, office.reader, report, str(made.id), "Chantelle Moss", "association"
    )
    return made.id


def test_a_reader_who_may_not_see_the_name_reads_the_number_of_the_case_once(
    live: Live,
) -> None:
    for name, role in {"ds.hale": "detective", "mgr.quill": "manager"}.items():
        live.hire(name, role)  # type: ignore[arg-type]
    case = referral.receive(live.desk, live.reader("ds.hale"), child="Chantelle Moss").id
    page = live.somebody("mgr.quill").get(f"/cases/{case}").text
    band = page.partition('<header class="c-band"')[2].partition("</header>")[0]
    assert "Chantelle" not in band
    assert band.count("Case ") == 1


def test_contacts_and_notes_are_kept_with_opinions_apart(house: House, case: UUID) -> None:
    worker = house.somebody()
    worker.do("support contact", case, kind="advocacy", whom="parents", minutes="40")
    worker.do("support note", case, opinion="fact", words="The lock was changed.")
    page = worker.do(
        "support note",
        case,
        kind="attitude",
        about="parent",
        words="She seems worn out.",
        holder="psw.ellis",
        basis="three visits",
        review="2011-09-01",
    )
    assert page.status_code == 200
    page = worker.get(f"/cases/{case}?tab=contacts")
    assert page.text.index("The lock was changed.") < page.text.index("Opinions (not facts)")
    assert page.text.index("Opinions (not facts)") < page.text.index("She seems worn out.")
    assert [event.minutes for event in house.office.events(ContactMade)] == [40]
    assert [event.opinion for event in house.office.events(NoteWritten)] == ["fact", "opinion"]


def test_what_cannot_be_kept_comes_back_as_it_was_written(house: House, case: UUID) -> None:
    worker = house.somebody()
    words = "A long opinion.\nOn two lines."
    page = worker.do("support note", case, opinion="opinion", words=words, kind="view")
    assert page.status_code == 422
    assert "on what it is based" in page.text
    assert f">{words}</textarea>" in page.text
    assert 'action="/do/support-note"' in page.text
    assert not house.office.events(NoteWritten)
    assert worker.do("support contact", case, kind="advocacy", minutes="two").status_code == 422


def test_a_way_that_is_shared_with_the_suspect_is_refused(house: House, case: UUID) -> None:
    man = suspect_of(house, case)
    office = house.office
    item = office.words("his number")
    links.assert_link(office.desk, office.reader, item, str(man), "phone:07700 900461", "uses")
    worker = house.somebody()
    page = worker.send(f"/cases/{case}/check", to="phone:07700 900461")
    assert "<strong>Unsafe:</strong>" in page.text
    form = {"kind": "advocacy", "channel": "text", "to": "phone:07700 900461"}
    assert worker.do("support contact", case, **form).status_code == 422
    assert not house.office.events(ContactMade)
    kept = worker.do("support contact", case, **form, done="true")
    assert "An alert is raised" in kept.text
    assert [event.verdict for event in house.office.events(WayChecked)] == ["unsafe"]
    assert "A contact may have reached somebody" in worker.get("/today/alerts").text
    assert (
        "<strong>Safe:</strong>"
        in worker.send(f"/cases/{case}/check", to="phone:07700 900999").text
    )


def test_a_placement_is_seen_by_its_holders_alone_and_warns_them(house: House, case: UUID) -> None:
    man = suspect_of(house, case)
    holder, other = house.somebody("csw.tarn"), house.somebody("psw.other")
    holder.do("placement made", case, category="residential", address=FLAT)
    assert [event.address for event in house.office.events(PlacementMade)] == [FLAT]
    assert FLAT in holder.get(f"/cases/{case}?tab=people").text
    assert FLAT not in other.get(f"/cases/{case}?tab=people").text
    office = house.office
    seen = office.words("outside again")
    links.assert_link(office.desk, office.reader, seen, str(man), f"place:{FLAT}", "seen-at")
    page = holder.get("/today/alerts").text
    assert "Somebody was seen near a placement" in page
    warned = other.get("/today/alerts").text
    assert "<bdi>csw.tarn</bdi> has access to the placement" in warned
    assert FLAT not in warned

    alert = page.partition('name="alert" value="')[2].partition('"')[0]
    sent = {"alert": alert, "answer": "acted", "reason": "patrol sent", "back": "/today/alerts"}
    assert "Answered: acted" in holder.send("/do/alert-answer", **sent).text
    assert [event.answer for event in house.office.events(AlertAnswered)] == ["acted"]
    assert "No alerts wait" in holder.get("/today/alerts").text
    assert "patrol" not in holder.get("/today/alerts?every=true").text

    share = {"which": "placement", "worker": "psw.other", "reason": "hers from today"}
    holder.do("compartment open", case, **share)
    assert FLAT in other.get(f"/cases/{case}?tab=people").text
    holder.do("compartment close", case, **share)
    assert FLAT not in other.get(f"/cases/{case}?tab=people").text


def test_health_is_noted_for_its_holders(house: House, case: UUID) -> None:
    holder, other = house.somebody("csw.tarn"), house.somebody("psw.other")
    holder.do("health note", case, category="injury", words="A burn on her arm")
    assert "A burn on her arm" in holder.get(f"/cases/{case}?tab=people").text
    assert "A burn" not in other.get(f"/cases/{case}?tab=people").text


def test_children_to_consider_are_decided_one_by_one(house: House, case: UUID) -> None:
    man = suspect_of(house, case)
    sergeant: Somebody = house.somebody("ds.hale")
    page = sergeant.get("/cases/at-risk", params={"of": "Baz"})
    assert "Chantelle Moss" in page.text
    action = page.text.partition(f'action="/cases/at-risk/{man}/')[2].partition('"')[0]
    assert (
        sergeant.send(f"/cases/at-risk/{man}/{action}", decision="not-now", reason=" ").status_code
        == 422
    )
    page = sergeant.send(
        f"/cases/at-risk/{man}/{action}", decision="known-already", reason="her case is open"
    )
    assert "Known already, by" in page.text
    assert f'href="/people/{man}"><bdi>Baz</bdi></a>' in page.text
    (told,) = house.office.events(ReferralConsidered)
    assert told.decision == "known-already"
    assert (
        sergeant.send(f"/cases/at-risk/{man}/{man}", decision="referred", reason="x").status_code
        == 404
    )
    nobody = sergeant.get("/cases/at-risk", params={"of": "Nobody Atall"})
    assert nobody.status_code == 422
    assert 'role="alert"' in nobody.text


def test_no_such_case(house: House, case: UUID) -> None:
    worker = house.somebody()
    item = house.office.words("words are no case")
    for missing in (item, "00000000-0000-4000-8000-000000000000"):
        assert worker.get(f"/cases/{missing}").status_code == 404
        assert worker.do("support note", missing, words="x").status_code == 422
    assert not house.office.events(NoteWritten)


def test_a_familys_people_stand_on_its_page(house: House, case: UUID) -> None:
    worker = house.somebody()
    house.office.person("Dawn Moss")
    worker.do("family member", case, who="Dawn Moss", tie="mother", responsibility="has")
    worker.do("family cares", case, who="Dawn Moss", state="cares", on="2011-03-01")
    told = {"state": "rebuilding", "basis": "they eat together again", "review": "2030-01-01"}
    worker.do("family relation", case, who="Dawn Moss", **told)
    page = worker.get(f"/cases/{case}?tab=people")
    for words in ("Dawn Moss</bdi></a>, mother", "cares for the child", "they eat together again"):
        assert words in page.text
    house.office.person("Jade Moss")
    named = {"tie": "sibling", "signs": ["left-out"], "basis": "nobody fetches her"}
    worker.do("family at-risk", case, who="Jade Moss", **named)
    page = worker.get(f"/cases/{case}?tab=people")
    assert "Jade Moss</bdi></a>, sibling: left out" in page.text
    one = page.text.partition("/do/family-decided?row=")[2].partition('"')[0]
    page = worker.send("/do/family-decided", at_risk=one, decision="ended", reason="not at risk")
    assert "ended: <bdi>not at risk" in worker.get(f"/cases/{case}?tab=people").text


def test_one_worker_for_both_is_said_on_the_page(house: House, case: UUID) -> None:
    worker = house.somebody()
    for whom in ("child", "parents"):
        page = worker.do("allocate", case, worker="psw.ellis", whom=whom)
    assert "give one of them another worker" in page.text
    assert "give one of them another worker" in worker.get(f"/cases/{case}").text


def test_what_endangers_a_parent_is_shown_to_the_charity_alone(house: House, case: UUID) -> None:
    worker = house.somebody()
    house.office.person("Dawn Moss")
    worker.do("family member", case, who="Dawn Moss", tie="mother")
    risk = {"kind": "breakdown", "words": "she does not sleep", "review": "2030-01-01"}
    page = worker.do("parent risk", case, who="Dawn Moss", **risk)
    assert "Risk recorded. Only the charity sees it" in page.text
    assert "she does not sleep" in worker.get(f"/cases/{case}?tab=people").text
    worker.do("family danger", case, needs=["ambulance"])
    waiting = worker.get("/today/alerts").text
    assert "Immediate danger" in waiting
    assert "needed: ambulance" in waiting
    assert "sleep" not in waiting
