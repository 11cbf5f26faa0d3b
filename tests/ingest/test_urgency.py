"""Words that propose urgency: measured on labelled messages, and tried one grammar at a time."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.observation import URGENCIES
from ingest.reading import urgency_signs

MESSAGES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "urgent.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize("half", ["develop", "heldout"])
def test_what_is_urgent_is_proposed(
    half: str, record_property: Callable[[str, object], None]
) -> None:
    """Recall first: what is missed waits three days; what is proposed for nothing is lowered."""
    told = [one for one in MESSAGES if one["half"] == half]
    urgent = [one["text"] for one in told if one["urgent"]]
    missed = [text for text in urgent if not urgency_signs(text)]
    wrongly = [one["text"] for one in told if not one["urgent"] and urgency_signs(one["text"])]
    found = len(urgent) - len(missed)
    recall, precision = found / len(urgent), found / (found + len(wrongly))
    record_property("recall and precision", (round(recall, 3), round(precision, 3)))
    assert recall >= 0.97, missed
    assert precision >= 0.6, wrongly


def test_the_labelled_set_is_large_enough_to_measure_on() -> None:
    assert len(MESSAGES) >= 120
    assert sum(not one["urgent"] for one in MESSAGES) >= 40
    assert len({one["text"] for one in MESSAGES}) == len(MESSAGES)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Jade missing since 4pm", "missing-now"),
        ("she hasnt come home and phone is off", "missing-now"),
        ("Jade not back yet, shes with him now", "with-suspect-now"),
        ("van outside now, hes picking her up tonight", "with-suspect-now"),
        ("they will burn our house down", "threat"),
        ("he said hell kill her if she tells", "threat"),
        ("He hit her and she is bleeding", "violence"),
        ("He hit her and she is bleeding", "injury"),
        ("Baz hit Kayleigh", "violence"),
        ("my ex has got her by the throat", "violence"),
        ("her nose is broke", "injury"),
        ("shes took a load of paracetamol", "self-harm"),
        ("i want to die", "self-harm"),
        ("he is here", "at-the-door"),
        ("Baz is outside", "at-the-door"),
        ("theyre bangin on the dor", "at-the-door"),
        ("he has a knife", "weapon"),
        ("he is swinging a bat at the car", "weapon"),
        ("he said not to tell the police", "told-to-keep-quiet"),
        ("shes not allowed to talk to you lot", "told-to-keep-quiet"),
    ],
)
def test_each_grammar_names_what_it_found(text: str, sign: str) -> None:
    assert sign in urgency_signs(text)


@pytest.mark.parametrize(
    "text",
    [
        "HE HIT HER!!!", "he\u2019s hit her", "hes  hitin her", "he hittin her rn",
        "he is hiting her", "he assulted her", "he strangeld her", "he threatend her", "BLEEDING",
        "he hit\nher", "\u200bhe hit her", "he hit kayleigh wiv a belt",
    ],
)  # fmt: skip
def test_spelling_hides_no_danger(text: str) -> None:
    assert urgency_signs(text)


@pytest.mark.parametrize(
    "text",
    [
        "she went missing last week but came home safe",
        "missing her friends but shes home now",
        "he never threatened her",
        "she was never missing",
        "new trainers again",
        "he bled her dry of money",
        "the door needs banging shut",
        "police said he is here legally",
        "he has never hit her",
        "no bruises seen",
        "her ex hit her six years ago",
        "she has a blood test on Friday",
        "",
    ],
)
def test_what_only_sounds_like_danger_is_not_proposed(text: str) -> None:
    assert urgency_signs(text) == ()


def test_every_sign_has_a_name_for_people() -> None:
    found = {sign for one in MESSAGES for sign in urgency_signs(one["text"])}
    assert found == set(URGENCIES)
