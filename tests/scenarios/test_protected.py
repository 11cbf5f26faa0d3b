"""The families in scenarios 4, 8, 10, 14 and 15 are protected: no answer, letter or export
endangers them.
"""

import zipfile
from pathlib import Path

import pytest

from network.export.export import FORMATS
from tests.scenarios.conftest import Told

FIVE = ("Holly", "Ashby", "Grace", "Pellow", "Mia", "Tarrant", "Zoe", "Wickham", "Abigail", "Rusk")

# --- scenarios 4 and 14: homes and placements ----------------------------------------------------


def test_the_place_of_the_men_who_traced_her_is_shown_to_those_who_hold_it(told: Told) -> None:
    case = told.case("CHE-104")["case"]
    for user in ("sw.birch", "csw.tarn"):
        near = [a for a in told.ask("--user", user, "alerts") if a["kind"] == "near-placement"]
        assert [(a["case"], a["subject_label"]) for a in near] == [(case, "Morris Tandy")]
        assert near[0]["known_to_child"]
    for user in ("psw.frost", "ds.ostler"):
        (near,) = [a for a in told.ask("--user", user, "alerts") if a["case"] == case]
        assert (near["subject_label"], near["place"], near["links"]) == ("Morris Tandy", None, [])
        assert near["holders"] == ["csw.tarn", "sw.birch"]
        assert told.ask("--user", user, "placement", "list", "CHE-104") == []


def test_the_alert_was_there_once_the_man_was_seen_and_not_before(told: Told) -> None:
    (alert,) = [
        a for a in told.ask("--user", "sw.birch", "alerts") if a["kind"] == "near-placement"
    ]
    seen = [told.events(link)[0]["recorded"] for link in alert["links"]]
    assert alert["since"] == min(seen)


def test_a_suspect_in_the_childs_home_is_an_alert(told: Told) -> None:
    case = told.case("ENG-114")["case"]
    found = [a for a in told.ask("alerts") if (a["kind"], a["case"]) == ("co-resident", case)]
    assert [alert["subject_label"] for alert in found] == ["Stuart Penrose"]


def test_blame_is_offered_other_words_and_kept_as_an_opinion_apart(told: Told) -> None:
    (found,) = told.ask("lint", "Mr Moss thinks she brings it on herself.")["language"]
    assert found["rule"] == "shared-blame"
    listed = told.ask("support", "list", "CHE-104")
    assert [note["holder"] for note in listed["opinions"]] == ["Mr Moss", "Mr Moss"]
    assert listed["notes"] == []
    assert listed["contacts"][0]["kind"] == "grooming-education"


# --- scenario 8: a mother who lives with the suspect ---------------------------------------------


def test_a_source_in_conflict_is_never_graded_reliable(told: Told) -> None:
    asked = (
        "assess",
        told.id("s08.ATTITUDE"),
        "--source",
        "1",
        "--information",
        "C",
        "--handling",
        "P",
    )
    assert "conflict of interest" in told.refused(*asked)


def test_the_girls_own_words_are_graded_by_what_bore_them_out(told: Told) -> None:
    grades = [e for e in told.events("s08.R1") if e["event"] == "report.item_graded"]
    assert grades[-1]["grade"]["source"] == "1"


# --- scenario 10: five girls ---------------------------------------------------------------------


def test_what_health_knows_stays_with_health(told: Told) -> None:
    (note,) = told.ask("--user", "health.penn", "health", "list", "ENG-110D")
    assert note["category"] == "pregnancy"
    for user in ("psw.ellis", "dc.rowe", "ds.hale"):
        assert told.ask("--user", user, "health", "list", "ENG-110D") == []
        assert told.ask("--user", user, "search", "pregnant") == []
        assert "pregnan" not in str(told.ask("--user", user, "show", "ENG-110D"))


def test_the_sergeant_considers_each_girl_by_herself(told: Told) -> None:
    rows = told.ask("--user", "ds.hale", "consider", "Adrian Voss")
    assert len(rows) == 5
    for row in rows:
        assert not [name for name in FIVE if name in str(row["reasons"])]


def read(file: Path) -> str:
    """Return the text of a file or, for an archive, of all its files together."""
    if not zipfile.is_zipfile(file):
        return file.read_text(encoding="utf-8")
    with zipfile.ZipFile(file) as archive:
        return "\n".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("png", "pdf")])
def test_no_export_names_or_ties_them(told: Told, form: str, tmp_path: Path) -> None:
    """No export names the five girls or links them to each other. A link that the health service
    gave stays in the team until the health service consents."""
    out = tmp_path / "voss"
    around = ("--around", "Adrian Voss", "--min-grade", "any", "--out", str(out))
    export = ("network", "export", "--format", form, *around, "--conditions-met", "health agreed")
    (withheld,) = told.ask(*export, "--for", "another force")["withheld"]
    assert withheld["consent"] == "none"
    leaves = read(out)
    told.ask(*export)
    stays = read(out)
    assert stays.count("Child") > leaves.count("Child")
    for content in (leaves, stays):
        assert "Voss" in content
        assert not [name for name in FIVE if name in content]


# --- scenario 15: objection and fear -------------------------------------------------------------


def test_her_mothers_fear_is_the_charitys_note_and_her_own(told: Told) -> None:
    (event,) = told.events("s15.FEAR")
    assert (event["controller"], event["kind"], event["opinion"]) == ("charity", "fear", "opinion")
    assert event["holder"] == "Mrs Winnard"


def test_a_brother_at_risk_has_a_stream_of_his_own(told: Told) -> None:
    """Scenario 4: the risk to a brother is recorded in a stream of its own."""
    (row,) = told.ask("family", "people", "CHE-104")["at_risk"]
    named = told.event("s04.YOUNGER", "family.at_risk_named")
    assert (row["tie"], row["decision"]) == ("sibling", "ended")
    assert named["signs"] == ["left-out", "asks-for-care"]
    own = [event["event"] for event in told.events("s04.YOUNGER")]
    assert own == ["family.at_risk_named", "family.at_risk_decided"]
    assert row["person"] != told.case("CHE-104")["child"]
    assert not [event for event in told.events("CHE-104") if event["event"].startswith("family.at")]


def test_no_text_for_the_press_leads_to_any_of_the_five(told: Told) -> None:
    """Scenario 10: no text for the press identifies any of the five girls, who have lifelong
    anonymity (Sexual Offences (Amendment) Act 1992 s.1).
    """
    asked = ("media", "check", "ENG-110A", "--for", "the evening paper", "--text")
    for text in ("Holly Ashby gave evidence.", "He taught her at a dance school.", "Adrian Voss"):
        assert "cannot be given to the press" in told.refused(*asked, text)
    media = told.ask("media", "list", "ENG-110A")
    (published,), (text,) = media["published"], media["texts"]
    assert (published["kind"], published["did"]) == ("family-went-public", "publisher-warned")
    assert "sentenced" in text["words"]


def test_a_letter_to_his_own_home_would_be_read_by_him(told: Told) -> None:
    """Scenario 14: the suspect's own home is not a safe address for a letter to the child's family,
    because he could read the letter."""
    checked = told.ask("contact", "check", "place:4 Fern Close, Town C")
    assert checked["verdict"] == "unsafe"
