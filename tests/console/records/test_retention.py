"""At the command line, users place and lift holds, restrict items, and review them."""

from tests.console.conftest import Line
from tests.support.console.erasing import BY, approved, wrote

GROUND = ("--ground", "part-3-s47-2")


def test_a_hold_beats_an_erasure(line: Line) -> None:
    words = wrote(line, "record", text="a car")
    assert line("hold", "place", words, "--reason", "the inquiry asked for it").code == 0
    held = line("--json", "retention").json["holds"]
    assert [(row["item"], row["ground"]) for row in held] == [(words, "inquiry")]
    dry = line("--json", "erase", words, "--dry-run").json
    assert [item["fate"] for item in dry["items"]] == ["restricted"]
    proposed = wrote(line, "erase", words, *BY)
    assert approved(line, proposed)["counts"] == {"restricted": 1}
    assert line("--json", "queue").json == []
    assert line("--json", "show", words).json["restricted"] is True
    assert "no legal hold for appeal" in line.refused(
        "hold", "lift", words, "--reason", "ended", "--ground", "appeal"
    )
    assert line("hold", "lift", words, "--reason", "ended").code == 0
    assert "two people" in line.refused("hold", "lift", words, "--confirm")
    assert line("--user", "di.moss", "hold", "lift", words, "--confirm").code == 0
    # the entry and the record of its retention are destroyed
    assert approved(line, wrote(line, "erase", words, *BY))["counts"] == {"destroyed": 2}


def test_a_source_is_held_by_its_whole_id(line: Line) -> None:
    """A legal hold can be placed on a source by the source's whole token. A token that no source
    has is refused."""
    words = wrote(line, "record", "--heard-from", "Marion Oakes", text="She was out again")
    token = line("--json", "show", words).json["events"][0]["root"]
    assert line("hold", "place", token, "--reason", "an appeal was lodged").code == 0
    assert line("hold", "prove", token).code == 0
    nobody = "018f0000-0000-7000-8000-00000000ffff"
    assert "there is no item" in line.refused("hold", "place", nobody, "--reason", "an appeal")


def test_what_is_restricted_is_in_no_ordinary_answer_and_comes_back(line: Line) -> None:
    baz = wrote(
        line,
        "person",
        "add",
        "--nickname",
        "Baz",
        "--category",
        "suspect",
        "--grounds",
        "identified",
    )
    words = wrote(line, "record", text="Baz and his silver Corsa")
    link = wrote(line, "link", words, baz, "vehicle:PK95 ABC", "--kind", "uses")
    network = ("--json", "network", "groups", "--min-grade", "any")

    def seen() -> list[object]:
        with_words = [row["id"] for row in line("--json", "queue").json]
        hits = sorted(row["id"] for row in line("--json", "search", "Baz").json)
        return [with_words, hits, line(*network).out, line("--json", "brief", "--peek").out]

    before = seen()
    for item in (words, baz):
        assert line("restrict", item, *GROUND, "--reason", "the accuracy is contested").code == 0
    assert line("--json", "queue").json == []
    assert line("--json", "search", "Baz").json == []
    assert "restricted" in line.refused("network", "ego", baz)
    assert link not in line(*network).out
    assert line("--json", "views", "compare").json["equal"]
    assert "RESTRICTED" in line("show", words).out
    for item in (words, baz):
        assert line("unrestrict", item, "--reason", "it was found accurate").code == 0
    assert seen()[:2] == before[:2]
    assert line("--json", "retention").json["restrictions"] == []


def test_what_is_due_says_since_when_and_fresh_contact_starts_anew(line: Line) -> None:
    baz = wrote(
        line,
        "--clock",
        "2010-03-01",
        "person",
        "add",
        "--nickname",
        "Baz",
        "--category",
        "suspect",
        "--grounds",
        "identified",
    )
    (row,) = line("--json", "retention", "--all").json["due"]
    assert (row["id"], row["group"], row["due"][:10]) == (baz, 2, "2020-03-01")
    assert "10 clear years" in row["why"]
    assert line("--json", "--clock", "2010-04-01", "retention").json["due"] == []
    asked = ("--clock", "2010-04-01", "retention", "--due", "2020-03-01")
    assert len(line("--json", *asked).json["due"]) == 1
    line("--clock", "2011-06-01", "outcome", "arrest", baz, "--because-of", "none-known")
    line(
        "--clock",
        "2011-07-01",
        "outcome",
        "result",
        "nfa-other",
        "--who",
        baz,
        "--rationale",
        "he was abroad",
        "--because-of",
        "none-known",
    )
    second = ("--user", "di.moss", "--clock", "2011-07-01T01:00")
    line(*second, "outcome", "result", "nfa-other", "--who", baz, "--confirm")
    (row,) = line("--json", "retention", "--all").json["due"]
    # a decision on no further action does not delete the intelligence about the person
    assert row["due"][:10] == "2021-07-01"


def test_a_review_decides_and_disposes_of_nothing(line: Line) -> None:
    baz = wrote(
        line,
        "--clock",
        "2010-03-01",
        "person",
        "add",
        "--nickname",
        "Baz",
        "--category",
        "suspect",
        "--grounds",
        "identified",
    )
    clock = ("--clock", "2010-04-01")
    decide = (*clock, "retention", "decide", baz)
    assert line(*decide, "retain", "--reason", "still needed", "--until", "2012-01-01").code == 0
    (row,) = line("--json", *clock, "retention", "--all").json["due"]
    assert row["due"].startswith("2012-01-01")
    assert line(*decide, "retain", "--reason", "a convicted man", "--group", "1").code == 0
    (row,) = line("--json", *clock, "retention", "--all").json["due"]
    assert (row["group"], row["due"][:10]) == (1, "2020-04-01")
    assert "no MoPI group" in line.refused(*decide, "retain", "--reason", "x", "--group", "7")
    assert line(*clock, "hold", "place", baz, "--reason", "appeal", "--ground", "appeal").code == 0
    assert "legal hold" in line.refused(*decide, "dispose", "--reason", "nothing since")
    assert line(*clock, "hold", "lift", baz, "--reason", "dismissed").code == 0
    assert "legal hold" in line.refused(*decide, "dispose", "--reason", "nothing since")
    assert line(*clock, "--user", "di.moss", "hold", "lift", baz, "--confirm").code == 0
    assert line(*decide, "dispose", "--reason", "nothing since").code == 0
    (row,) = line("--json", "retention").json["due"]
    assert "disposal was proposed" in row["why"]
    assert line("--json", "search", "Baz").json  # the decision has erased nothing
