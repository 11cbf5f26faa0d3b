"""The screens show values such as mentions, "yes" and "no" in words."""

from web.site.rendering import render_field


def test_a_mention_and_a_yes_or_no_are_shown_in_words() -> None:
    mention = {
        "start": 0,
        "end": 11,
        "kind": "person",
        "normalised": "darren pike",
        "confidence": 0.9,
    }
    assert render_field([mention]).striptags() == "darren pike (person)"
    assert render_field(mention | {"normalised": None}).striptags() == "- (person)"
    handle = mention | {"kind": "handle"}
    plate = mention | {"kind": "vrm_partial"}
    assert render_field(handle).striptags() == "darren pike (account)"
    assert render_field(plate).striptags() == "darren pike (part of a number plate)"
    assert [render_field(value).striptags() for value in (True, False)] == ["yes", "no"]
