"""An action that needs two people needs them on every front: on the command line, on the screens
and in the API.
"""

from uuid import UUID

from commands.intelligence import intelligence_report, release
from commands.people_and_teams import two_person
from domain.intelligence.intelligence_report import ReportDisseminated
from domain.intelligence.release import ReleaseReviewed
from domain.people_and_teams.two_person import ProposalConfirmed, ProposalRefused
from projections.families import cases
from tests.support.console.fronts import FRONTS, Fronts
from tests.support.console.fronts_two import line, program, screen

FIRST, SECOND = "ds.hart", "di.okoro"
OWN = "she gets in his car by the chip shop every single night"


def rated(fronts: Fronts, front: str, by: str, case: UUID, level: str) -> None:
    if front == "line":
        line(fronts, by, "threshold", str(case), level, "--reason", "she is home")
    elif front == "screen":
        screen(fronts, by).do("threshold", case, level=level, reason="she is home")
    else:
        program(fronts, by).post(f"/cases/{case}/threshold", level=level, reason="she is home")


def decided(fronts: Fronts, front: str, by: str, case: UUID, answer: str) -> str:
    """Let the user `by` answer another user's proposal to lower a case's rating, on this front (the
    command line, the screens or the API). Return the front's response."""
    if front == "line":
        said = line(fronts, by, "threshold", str(case), f"--{answer}", "--reason", "looked at it")
        return str(said.out + said.err)
    if front == "screen":
        where = f"/today/to-decide/{case}/lower-rating/{answer}"
        return str(screen(fronts, by).send(where, reason="looked at it").text)
    where = {"confirm": "confirmation", "refuse": "refusal"}[answer]
    told = {"what": "lower-rating", "reason": "looked at it"}
    return str(program(fronts, by).post(f"/proposals/{case}/{where}", **told).text)


def level(fronts: Fronts, case: UUID) -> str:
    with fronts.office.system.reading() as db:
        row = cases.get(db, fronts.office.reader, case)
        assert row
        return row.threshold


@FRONTS
def test_a_lower_rating_waits_for_a_second_person(fronts: Fronts, front: str) -> None:
    case = fronts.office.case()
    rated(fronts, front, FIRST, case, "high")
    rated(fronts, front, FIRST, case, "medium")
    assert level(fronts, case) == "high"
    assert "takes two people" in decided(fronts, front, FIRST, case, "confirm")
    assert level(fronts, case) == "high"
    decided(fronts, front, SECOND, case, "confirm")
    assert level(fronts, case) == "medium"
    (fact,) = [f for f in fronts.office.facts() if isinstance(f.event, ProposalConfirmed)]
    assert fact.by == SECOND


@FRONTS
def test_a_lower_rating_that_is_refused_changes_nothing(fronts: Fronts, front: str) -> None:
    case = fronts.office.case()
    rated(fronts, front, FIRST, case, "high")
    rated(fronts, front, FIRST, case, "medium")
    decided(fronts, front, SECOND, case, "refuse")
    assert level(fronts, case) == "high"
    (refused,) = fronts.office.events(ProposalRefused)
    assert refused.reason == "looked at it"
    assert not two_person.list_waiting(fronts.office.desk, fronts.office.reader)


def test_a_program_is_informed_what_waits(fronts: Fronts) -> None:
    case = fronts.office.case()
    for one in ("high", "medium"):
        rated(fronts, "program", FIRST, case, one)
    for by in (FIRST, SECOND):
        (waits,) = program(fronts, by).get("/proposals").json()
        assert (waits["item"], waits["what"], waits["choice"]) == (
            str(case),
            "lower-rating",
            "medium",
        )


def reported(fronts: Fronts) -> UUID:
    """Make a report whose text contains the source's own words; return its id."""
    office = fronts.office
    item = office.words(f"Sandra here, {OWN}, I saw it.", heard_from="Sandra Marlow")
    report = office.assessed(item, "2C").id
    intelligence_report.sanitise(office.desk, office.reader, item, f"Told: {OWN}.")
    return report


def sent(fronts: Fronts, front: str, report: UUID, **more: str) -> None:
    told = {"to": "Team B", "purpose": "safety"} | more
    if front == "line":
        options = [part for name, value in told.items() for part in (f"--{name}", value)]
        line(fronts, FIRST, "disseminate", str(report), *options)
    elif front == "screen":
        screen(fronts, FIRST).send(f"/items/{report}/release", **told)
    else:
        program(fronts, FIRST).post(f"/reports/{report}/releases", **told)


def answer_release(fronts: Fronts, front: str, by: str, report: UUID, answer: str) -> str:
    """Let the officer `by` confirm, refuse or review the release of a report on this front (the
    command line, the screens or the API). Return the front's response."""
    if front == "line":
        asked = {
            "confirm": ("--confirm",),
            "refuse": ("--refuse", "--reason", "say it in other words"),
            "review": ("--review", "right", "--reason", "she was found there"),
        }
        said = line(fronts, by, "disseminate", str(report), *asked[answer])
        return str(said.out + said.err)
    if front == "screen":
        person = screen(fronts, by)
        if answer == "review":
            told = {"finding": "right", "words": "she was found there"}
            return str(person.send(f"/items/{report}/release/review", **told).text)
        told = {"answer": answer, "reason": "say it in other words"}
        return str(person.send(f"/items/{report}/release/decide", **told).text)
    caller = program(fronts, by)
    if answer == "confirm":
        return str(caller.post(f"/reports/{report}/releases/confirmation").text)
    if answer == "refuse":
        told = {"reason": "say it in other words"}
        return str(caller.post(f"/reports/{report}/releases/refusal", **told).text)
    told = {"finding": "right", "words": "she was found there"}
    return str(caller.post(f"/items/{report}/release-review", **told).text)


def released_count(fronts: Fronts) -> int:
    return len(fronts.office.events(ReportDisseminated))


@FRONTS
def test_what_is_marked_leaves_when_another_officer_confirms(fronts: Fronts, front: str) -> None:
    report = reported(fronts)
    sent(fronts, front, report)
    assert (
        released_count(fronts),
        release.list_waiting(fronts.office.desk, fronts.office.reader),
    ) == (0, [])
    sent(fronts, front, report, reason="they have to watch the place")
    assert released_count(fronts) == 0
    assert "another officer" in answer_release(fronts, front, FIRST, report, "confirm")
    answer_release(fronts, front, SECOND, report, "refuse")
    sent(fronts, front, report, reason="they do have to watch the place")
    assert released_count(fronts) == 0
    answer_release(fronts, front, SECOND, report, "confirm")
    assert released_count(fronts) == 1


@FRONTS
def test_what_could_not_wait_is_reviewed_by_another_officer(fronts: Fronts, front: str) -> None:
    report = reported(fronts)
    sent(fronts, front, report, urgent="she is with him now")
    assert released_count(fronts) == 1
    assert "another officer" in answer_release(fronts, front, FIRST, report, "review")
    assert not fronts.office.events(ReleaseReviewed)
    answer_release(fronts, front, SECOND, report, "review")
    assert [event.finding for event in fronts.office.events(ReleaseReviewed)] == ["right"]
