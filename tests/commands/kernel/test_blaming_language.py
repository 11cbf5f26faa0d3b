"""If a professional's text blames the child, or makes a parent responsible for a task, the program
suggests other words.
"""

from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from commands.families import charity_support, family_contact
from commands.information import source
from commands.kernel import blaming_language
from commands.kernel.blaming_language import suggestions
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import two_person
from domain import catalogue
from domain.families.charity_support import ContactMade
from domain.families.family_contact import FamilyTold
from domain.families.referral import ThresholdAssessed
from domain.kernel.envelope import Event
from domain.kernel.fields import WRITTEN, marked
from domain.kernel.values import Refused
from domain.language import BlamingPhrase, find_blame
from domain.people_and_teams.two_person import ProposalMade
from tests.commands.office import Office

SAMPLES = Path(__file__).parents[2] / "data" / "events"
BLAMES = "She made a lifestyle choice"
TEXTS = [(event, name) for event in catalogue.events() for name in marked(event, WRITTEN)]


def _sample(event: type[Event]) -> Event:
    stored = msgspec.json.decode((SAMPLES / f"{event.stored.topic}.json").read_bytes())
    return msgspec.convert(stored["event"], event)


def _looked_at(event: type[Event], name: str) -> bool:
    told = structs.replace(_sample(event), **{name: BLAMES})
    return any(suggestion.words.lower() in BLAMES.lower() for suggestion in suggestions([told]))


def test_every_text_that_a_professional_writes_is_looked_at() -> None:
    """Every text field that a professional writes is checked for blaming words;
    tests/domain/meaning.jsonl lists these fields by hand.
    """
    assert len(TEXTS) > 150
    assert not [(event, name) for event, name in TEXTS if not _looked_at(event, name)]


def test_what_is_proposed_is_looked_at_once() -> None:
    rated = ThresholdAssessed("low", "lmh-2013/1", override=BLAMES, reason="quiet")
    made = ProposalMade("lower-rating", "ds.hart", UNNAMED, reason=BLAMES, rating=rated)
    assert len(suggestions([made])) == 1


def test_a_text_is_checked_once_however_often_it_is_queried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A text is checked for blaming words only once, although the check's result is needed in
    several places while a command is saved. (Before, an import spent a sixth of its time on
    these checks.)"""
    looked: list[str] = []

    def looks(text: str) -> tuple[BlamingPhrase, ...]:
        looked.append(text)
        return find_blame(text)

    monkeypatch.setattr(blaming_language, "find_blame", looks)
    rated = ThresholdAssessed("low", "lmh-2013/1", override=BLAMES, reason="quiet")
    checked: blaming_language.Checked = {}
    assert len(suggestions([rated], checked)) == len(suggestions([rated], checked)) == 1
    assert sorted(looked) == sorted([BLAMES, "quiet"])


# --- events with blaming words are saved, in each log --------------------------------------------


@pytest.mark.parametrize("log", ["evidence", "sources"])
def test_words_in_any_log_are_offered_others(office: Office, log: str) -> None:
    if log == "sources":
        items = [office.words(f"said {n}", heard_from=f"Dot {n}") for n in range(2)]
        one, other = (str(office.recorded_root(item)) for item in items)
        source.join_roots(office.desk, office.reader, one, other, BLAMES)
    else:
        two_person.close(office.desk, office.reader, str(office.case()), BLAMES)
    assert [one.words for one in office.desk.offered]


def test_a_contact_note_that_tasks_a_parent_is_kept_and_offered_other_words(
    office: Office,
) -> None:
    words = "mum will follow him and text plates"
    made = ContactMade(office.case(), "advocacy", "visit", "parent", words=words)
    receipt = charity_support.make_contact(office.desk, office.reader, made)
    assert [one.rule for one in receipt.language] == ["parent-task"]
    assert office.events(ContactMade)[0].words == words


# --- the child's own words are not checked -------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "rests_on"),
    [
        ("she is pregnant", "health"),
        ("she is expecting", "health"),
        ("shes late and took a test", "health"),
        ("She's in hospital", "health"),
        ("she cuts herself", "health"),
        ("She told us that he hit her", "child-told"),
        ("She has been staying with her aunt", "placement"),
        ("he was arrested on Friday", "police-step"),
    ],
)
def test_what_is_the_childs_own_is_told_after_the_child_was_asked(
    office: Office, words: str, rests_on: str
) -> None:
    case = str(office.case())
    told = FamilyTold(UNNAMED, "parent", "other", "phone", words=words)
    for done in (False, True):
        with pytest.raises(
            Refused, match="Ask the child first, and record the child's view"
        ) as refused:
            family_contact.record_feedback(office.desk, office.reader, told, case, done=done)
        assert refused.value.field == "childs_view"
    objects = structs.replace(told, childs_view="objects")
    with pytest.raises(Refused, match="the child does not agree, or was not asked"):
        family_contact.record_feedback(office.desk, office.reader, objects, case)
    assert office.events(FamilyTold) == []
    family_contact.record_feedback(
        office.desk, office.reader, structs.replace(told, childs_view="agrees"), case
    )
    (kept,) = office.events(FamilyTold)
    assert rests_on in kept.rests_on
    family_contact.record_feedback(
        office.desk, office.reader, structs.replace(told, whom="child"), case
    )


@pytest.mark.parametrize(
    "words",
    [
        "Thank you for what you told us.",
        "We have it, and will ring you on Friday at 4pm.",
        "You were right to tell us. It is not your fault.",
        "Your worker will visit on Tuesday.",
        "We placed it with the others.",
    ],
)
def test_what_is_not_the_childs_own_is_passed_on_at_once(office: Office, words: str) -> None:
    told = FamilyTold(UNNAMED, "parent", "other", "phone", words=words)
    family_contact.record_feedback(office.desk, office.reader, told, str(office.case()))
    (kept,) = office.events(FamilyTold)
    assert kept.rests_on == ()
