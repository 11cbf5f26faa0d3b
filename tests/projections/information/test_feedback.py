"""A worker learns the outcome of their own entries, in standard texts that reveal nothing else."""

import msgspec
import pytest

from domain.families.referral import ReferralReceived
from domain.information.observation import (
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    Outcome,
)
from domain.intelligence.intelligence_report import ReportDisseminated
from domain.intelligence.link import LinkAsserted
from domain.justice.arrest_to_result import ArrestMade
from domain.justice.evidence import EvidenceGathered
from domain.kernel.codes import SentState
from projections.information import feedback
from tests.projections.tale import READER, Tale, Views


def state(views: Views, tale: Tale) -> str:
    with views.of(tale) as db:
        (row,) = feedback.list_sent(db, READER, "psw.ellis")
    return row.state


def test_it_reports_how_far_it_came(views: Views, tale: Tale) -> None:
    one = tale.words()
    assert state(views, tale) == "received"
    tale.tell(ObservationTaken(), about=one, by="ds.hart")
    assert state(views, tale) == "taken"
    report = tale.graded(one)
    assert state(views, tale) == "assessed"
    tale.tell(ObservationTaken(), about=one, by="dc.vale")
    assert state(views, tale) == "assessed", "it never goes back"
    tale.tell(ReportDisseminated("force", "patrol", tale.new()), about=report)
    assert state(views, tale) == "used-in-report"
    a, b = tale.person("Barry"), tale.person("Kayleigh")
    link = tale.tell(LinkAsserted(a, b, "association", "intelligence", report=report))
    exhibit = tale.tell(EvidenceGathered("exhibit", "AB1"), because_of=(link,))
    assert state(views, tale) == "led-to-evidence"
    tale.tell(ArrestMade(a), because_of=(exhibit,))
    assert state(views, tale) == "led-to-police-action"
    tale.tell(ObservationWithdrawn("not so"), about=one)
    assert state(views, tale) == "withdrawn"


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("assess", "taken"),
        ("more-needed", "more-needed"),
        ("no-value", "no-value"),
        ("safeguard", "safeguarding"),
        ("refer", "referred"),
    ],
)
def test_the_newest_decision_is_reported(
    sqlite_views: Views, tale: Tale, outcome: Outcome, told: str
) -> None:
    one = tale.words()
    tale.tell(ObservationTriaged("no-value", "gossip"), about=one, by="ds.hart")
    tale.tell(ObservationTriaged(outcome, "thought again"), about=one, by="ds.hart")
    assert state(sqlite_views, tale) == told


def test_another_childs_referral_counts(sqlite_views: Views, tale: Tale) -> None:
    one = tale.words()
    tale.tell(ReferralReceived(), about=tale.case(), because_of=(one,))
    assert state(sqlite_views, tale) == "referred"


def test_a_cause_that_is_no_id_breaks_nothing(sqlite_views: Views, tale: Tale) -> None:
    tale.words()
    tale.tell(ArrestMade(tale.new()), because_of=("none-known", "what the mother said"))
    assert state(sqlite_views, tale) == "received"


def test_a_worker_sees_their_own_and_neither_names_nor_grades(views: Views, tale: Tale) -> None:
    one, two = tale.words(), tale.words()
    tale.graded(tale.words(by="psw.other"))
    tale.graded(two, "3E")
    with views.of(tale) as db:
        rows = feedback.list_sent(db, READER, "psw.ellis")
    assert [row.id for row in rows] == [two, one]
    assert set(rows[0].__struct_fields__) == {"id", "recorded", "state", "since"}


# --- the texts that report outcomes --------------------------------------------------------------

#: Words that would reveal a suspect, a grade, an intelligence product or another family to a
#: worker.
TELLING = ("suspect", "grade", "intelligence", "family", "parent", "arrest", "charge", "notice")


@pytest.mark.parametrize("became", feedback.FURTHER)
def test_the_sentence_gives_nothing_away(became: SentState) -> None:
    said = feedback.BECAME[became]
    assert not [word for word in TELLING if word in said.casefold()]
    assert not any(char.isdigit() or char.isupper() for char in said)


def test_another_familys_words_change_nothing_of_what_a_worker_hears(
    views: Views, tale: Tale
) -> None:
    """If the same arrest resulted from two families' entries, each worker reads only the result for
    the worker's own family."""
    one, other = tale.words("Baz again"), tale.words("Baz again", by="psw.moss")
    arrest = tale.tell(ArrestMade(tale.person("Baz")), because_of=[one, other])
    with views.of(tale) as db:
        (heard,) = feedback.list_sent(db, READER, "psw.ellis")
    told = msgspec.structs.asdict(heard)
    assert told.pop("id") == one
    assert str(other) not in str(told)
    assert str(arrest) not in str(told)
