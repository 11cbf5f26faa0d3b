"""A carer's own words about how they know something are read as one of the form's answers, or as no
answer.
"""

import pytest

from ingest.words.how_known import read_how_known

ANSWERS = {
    "saw-or-heard": [
        "I saw it myself",
        "I saw / heard it myself",
        "saw him with my own eyes",
        "Heard her on the phone",
        "I was there",
        "I overheard the call",
        "we both saw the car",
        "myself",
        "I've seen the messages",
        "I watched her get in",
        "I heard it",
        "Seen it myself",
        "Dad and I saw it",
        "I heard him shout",
        "me",
        "witnessed",
    ],
    "has-item": [
        "I have the item",
        "I have the phone",
        "Got her old phone here",
        "kept the note",
        "I found the sim card in her room",
        "have it in my possession",
        "I took a photo",
        "We've got the jacket",
        "I have kept the receipt",
    ],
    "child-told": [
        "my child told me",
        "she told me",
        "My daughter said",
        "He told me himself",
        "our lad told me",
        "my son admitted it",
        "Told by my daughter",
        "She finally told us",
        "Kayleigh's words, she told me",
        "heard it from my daughter",
        "her own words",
        "I heard it from my daughter",
    ],
    "other-told": [
        "someone else told me",
        "neighbour said",
        "her friend told me",
        "A teacher told me",
        "My neighbour Jean told me",
        "Jade's mum rang me",
        "was told by school",
        "heard it from her friend",
        "my mum told me",
        "Nan said",
        "Jade told me",
        "I heard it from a neighbour",
    ],
    "corroborated": [
        "I was told, and another independent item says the same",
        "her friend said and the teacher told me the same",
        "two people told me",
        "confirmed by the school",
    ],
    "talked-about": [
        "it is talked about",
        "rumour",
        "people say",
        "Everyone knows",
        "I do not know where it comes from",
        "talk at school",
        "just gossip",
        "word on the street",
        "kids at school are saying it",
        "It's all over Facebook",
    ],
    "doubts": [
        "I doubt it",
        "not sure it's true",
        "I don't believe it",
        "she might be lying",
        "I think she made it up",
        "not really sure",
        "doubt it",
    ],
    None: ["", "yes", "n/a", "Tuesday", "not known", "no doubt about it"],
}


@pytest.mark.parametrize(
    ("words", "code"), [(words, code) for code, said in ANSWERS.items() for words in said]
)
def test_an_answer_in_a_carers_words(words: str, code: str | None) -> None:
    assert read_how_known(words) == code
    assert read_how_known(words.upper()) == code


def test_a_code_is_its_own_answer() -> None:
    assert read_how_known("saw-or-heard") == "saw-or-heard"
    assert read_how_known("talked about") == "talked-about"
