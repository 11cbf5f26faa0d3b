"""Random histories in which every view has some facts to handle."""

from collections.abc import Callable
from random import Random
from uuid import UUID

from domain.families.missing import PatternJudged, PatternKind, pattern_id
from domain.families.referral import (
    CaseClosed,
    CaseReopened,
    ExitAssessed,
    MissingFound,
    MissingGraded,
    MissingReported,
    ReferralReceived,
    ReturnInterviewRecorded,
    ThresholdAssessed,
    WithholdingWeighed,
    WorkerAllocated,
)
from domain.information.observation import (
    MentionConfirmed,
    ObservationCorrected,
    ObservationRead,
    ObservationRefiled,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    SourceHeld,
    SourceTransferred,
    UrgencyLowered,
    UrgencyRaised,
)
from domain.intelligence.entity import (
    AliasAdded,
    PersonClassified,
    PersonNamed,
    PersonRecorded,
    ThingRecorded,
)
from domain.intelligence.identity import IdentityJudged, IdentityRevoked, pair_stream
from domain.intelligence.intelligence_report import (
    ItemGraded,
    ItemSanitised,
    ReportDisseminated,
    ReportWithdrawn,
)
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.justice.arrest_to_result import ArrestMade, ChargeBrought, ResultRecorded
from domain.justice.evidence import (
    EvidenceExcluded,
    EvidenceGathered,
    EvidenceUndermined,
    EvidenceWithdrawn,
)
from domain.kernel.envelope import Event
from domain.kernel.values import Grade, Handling, Mention, Stage
from domain.people_and_teams.store_admin import BriefHeld
from tests.projections.tale import Tale, hour

WORDS = ["Baz", "Barry", "waits", "silver", "PK95", "ABC", "Mill", "Lane", "Shaz", "Sharon"]


def history(seed: int, events: int) -> Tale:
    """Return a history of at least this many facts; the same seed gives the same history."""
    draw, tale = Random(seed), Tale()
    known: dict[str, list[UUID]] = {
        kind: [] for kind in ("words", "person", "thing", "case", "report", "link", "exhibit")
    }

    make: dict[str, Callable[[], UUID]] = {}

    def some(kind: str) -> UUID:
        if not known[kind] or draw.random() < 0.2:
            known[kind].append(make[kind]())
        return draw.choice(known[kind])

    def text() -> str:
        return " ".join(draw.choices(WORDS, k=6))

    def words() -> UUID:
        return tale.words(
            text(),
            case=draw.choice([None, *known["case"]]),
            told=draw.choice([None, hour(-draw.randrange(99))]),
            urgent=draw.random() < 0.2,
            by=draw.choice(["psw.ellis", "psw.other"]),
        )

    def link() -> UUID:
        on = draw.choice(["words", "report", "exhibit"])
        stages: dict[str, Stage] = {"words": "information", "report": "intelligence"}
        return tale.tell(
            LinkAsserted(
                some("person"),
                some("thing"),
                "uses",
                stages.get(on, "evidence"),
                observation=some("words") if on == "words" else None,
                report=some("report") if on == "report" else None,
                item=1 if on == "report" else None,
                exhibit=some("exhibit") if on == "exhibit" else None,
                grade=Grade("B", "2") if on == "report" else None,
            )
        )

    make |= {
        "words": words,
        "person": lambda: tale.person(draw.choice(WORDS)),
        "thing": lambda: tale.thing("vehicle", "PK95ABC"),
        "case": lambda: tale.case(f"ENG-{len(known['case'])}"),
        "report": lambda: tale.graded(some("words")),
        "link": link,
        "exhibit": lambda: tale.tell(EvidenceGathered("exhibit", "AB1", (some("words"),))),
    }

    def cause() -> UUID | str:
        told: list[UUID | str] = [some(draw.choice(list(known))), f"{some('words')}:1"]
        return draw.choice([*told, "none-known", "her mother"])

    def about(kind: str, *events: Event) -> None:
        tale.tell(draw.choice(events), about=some(kind))

    def outcome() -> None:
        one = some("person")
        event = draw.choice([ArrestMade(one), ChargeBrought(one), ResultRecorded("convicted", one)])
        tale.tell(event, because_of=(cause(), cause()))

    def identity() -> None:
        a, b = some("person"), some("person")
        judged = IdentityJudged(a, b, draw.choice(["same", "different", "unsure"]), "a reason")
        tale.tell(draw.choice([judged, IdentityRevoked(a, b, "a reason")]), about=pair_stream(a, b))

    def on_words() -> None:
        mention = Mention(
            0, 3, draw.choice(["person", "vrm"]), draw.choice(["baz", "PK95ABC"]), 0.9
        )
        about(
            "words",
            ObservationRead("v1", (mention,), draw.choice([(), ("threat",)])),
            MentionConfirmed(some("person"), mention),
            ObservationCorrected(text()),
            ObservationRefiled(some("case")),
            ObservationTaken(),
            ObservationTriaged(
                draw.choice(["assess", "refer", "safeguard", "more-needed", "no-value"]), "a reason"
            ),
            ObservationWithdrawn("a reason"),
            UrgencyRaised("a reason"),
            UrgencyLowered("a reason"),
            SourceHeld(tale.new(), "sealed"),
            SourceTransferred(tale.new(), tale.new()),
        )

    def on_case() -> None:
        about(
            "case",
            ReferralReceived(),
            ThresholdAssessed("high", "lmh-2013/1"),
            WorkerAllocated("csw.moss", "child"),
            MissingReported(hour(draw.randrange(99))),
            MissingReported(hour(draw.randrange(99))),
            MissingGraded("high", "a reason"),
            MissingFound(hour(draw.randrange(99)), draw.choice([*WORDS, None])),
            ReturnInterviewRecorded("held", "v.reed", withhold=draw.choice([None, "a name"])),
            WithholdingWeighed("kept-back", "a reason"),
            ExitAssessed("protected", "a reason"),
            CaseClosed("mgr.lund", 0, "a reason"),
            CaseReopened("a reason"),
        )
        one, other = some("case"), some("case")
        kind: PatternKind = draw.choice(["same-nights", "same-place"])
        judged = PatternJudged(
            kind, one, draw.choice(["confirmed", "dismissed"]), "a reason", other
        )
        tale.tell(judged, about=pattern_id(kind, one, other))

    def on_report() -> None:
        about(
            "report",
            ItemGraded(1, some("words"), Grade("A", "1"), Handling("P"), reason="again"),
            ItemSanitised(1, text()),
            ReportDisseminated("force", "patrol", tale.new()),
            ReportWithdrawn("a reason"),
        )

    def on_others() -> None:
        about("link", LinkRetracted("a reason"))
        about(
            "exhibit",
            EvidenceExcluded("a reason"),
            EvidenceUndermined("a reason"),
            EvidenceWithdrawn("a reason"),
        )
        about(
            "person",
            PersonRecorded(known=False, description="tall"),
            AliasAdded("nickname", draw.choice(WORDS)),
            PersonNamed(draw.choice(WORDS)),
            PersonClassified("person-of-interest", "named by a parent"),
        )
        about("thing", ThingRecorded("phone", "07700 900123", "+447700900123"))
        tale.tell(BriefHeld(hour(draw.randrange(99))))

    while len(tale.log.facts) < events:
        draw.choices(
            [
                lambda: some("words"),
                on_words,
                on_case,
                on_report,
                link,
                on_others,
                outcome,
                identity,
            ],
            [4, 5, 2, 2, 2, 1, 1, 1],
        )[0]()
    return tale
