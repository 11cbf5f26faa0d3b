"""The command line has commands for the protection of families: placements, alerts, contacts,
support, and other children who may be at risk."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.console.conftest import Line

FLAT = "Flat 4, Weir House, Town C"


@dataclass
class House:
    """A store with a girl in a placement, a man who exploited her, and the workers and officers of
    her case.
    """

    line: Line
    case: str
    baz: str

    def ask(self, *command: str, user: str = "csw.tarn", text: str = "") -> object:
        return self.line(*command, "--json", "--user", user, text=text).json

    def alerts(self, user: str) -> list[dict[str, str]]:
        return list(self.line("alerts", "--json", "--user", user).json)

    def seen_there(self, thing: str = "", words: str = "outside again") -> None:
        item = self.line("record", "--id", text=words).out.strip()
        self.line("link", item, thing or self.baz, f"place:{FLAT}", "--kind", "seen-at")


def made(line: Line) -> House:
    case = line("refer", "--child", "Chantelle Moss", "--id").out.strip()
    words = line("record", "--case", case, "--id", text="Baz picks her up").out.strip()
    add = ("--category", "suspect", "--grounds", "seen", "--id")
    baz = line("person", "add", "--nickname", "Baz", *add).out.strip()
    line("link", words, baz, "Chantelle Moss", "--kind", "association")
    line("assess", words, "--source", "2", "--information", "A", "--handling", "P")
    return House(line, case, baz)


@pytest.fixture
def house(either: Line) -> House:
    return made(either)


@pytest.fixture
def place(line: Line) -> House:
    return made(line)


# --- placements of children ----------------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_a_placement_warns_everybody_and_tells_its_holders_where(house: House) -> None:
    line = house.line
    house.ask("placement", "made", house.case, "--kind", "supported-living", text=FLAT)
    assert house.alerts("csw.tarn") == []
    house.seen_there()
    (alert,) = house.alerts("csw.tarn")
    assert (alert["kind"], alert["subject"], alert["place"]) == ("near-placement", house.baz, FLAT)
    assert alert["known_to_child"]
    (warned,) = house.alerts("psw.other")
    assert not warned["place"]
    assert not warned["links"]
    assert list(warned["holders"]) == ["csw.tarn"]
    line("compartment", "open", house.case, "placement", "sw.birch", "--reason", "hers",
         "--user", "csw.tarn")  # fmt: skip
    assert len(house.alerts("sw.birch")) == 1
    line("alerts", "--answer", alert["id"][-8:], "--reason", "patrol sent", "--user", "csw.tarn")
    assert house.alerts("csw.tarn") == []
    assert line("views", "compare", "--json").json["equal"]


def test_a_car_of_his_near_the_placement_warns_of_him(place: House) -> None:
    place.ask("placement", "made", place.case, "--kind", "residential", text=FLAT)
    car = place.line("record", "--id", text="drives PK95 ABC").out.strip()
    place.line("link", car, place.baz, "vehicle:PK95ABC", "--kind", "driver-of")
    place.seen_there("vehicle:PK95ABC")
    (alert,) = place.alerts("csw.tarn")
    assert alert["subject"] == place.baz
    assert alert["via"]


def test_an_address_is_seen_by_holders_alone_wherever_one_looks(place: House) -> None:
    line = place.line
    place.ask("placement", "made", place.case, "--kind", "residential", text=FLAT)
    for command in (
        ("search", "Weir House"),
        ("show", place.case),
        ("placement", "list", place.case),
        ("compartment", "show", place.case, "placement"),
        ("brief",),
        ("replay",),
        ("cases",),
        ("alerts",),
    ):
        said = line(*command, "--user", "psw.other")
        assert "Weir" not in said.out, command
        assert "csw.tarn" not in said.out or command[0] in ("show", "brief"), command
    assert "Weir House" in line("placement", "list", place.case, "--user", "csw.tarn").out


def test_a_placement_that_ended_raises_no_new_alert(place: House) -> None:
    place.ask("placement", "made", place.case, "--kind", "residential", text=FLAT)
    place.ask("placement", "ended", place.case)
    place.seen_there()
    assert place.alerts("csw.tarn") == []


def test_an_alert_of_a_placement_that_ended_stays_until_it_is_answered(place: House) -> None:
    place.ask("placement", "made", place.case, "--kind", "residential", text=FLAT)
    place.seen_there()
    place.ask("placement", "ended", place.case)
    (alert,) = place.alerts("csw.tarn")
    done = ("--answer", alert["id"][-8:], "--reason", "she was moved")
    place.line("alerts", *done, "--user", "csw.tarn")
    assert place.alerts("csw.tarn") == []


def test_health_is_seen_by_its_holders_and_not_by_another_familys_worker(house: House) -> None:
    house.ask("health", "note", house.case, "--category", "pregnancy", text="eight weeks")
    assert house.ask("health", "list", house.case)
    for user in ("psw.other", "ds.hart"):
        assert house.ask("health", "list", house.case, user=user) == []
        for command in (("search", "weeks"), ("show", house.case), ("replay",)):
            assert "pregnan" not in house.line(*command, "--user", user).out
            assert "eight weeks" not in house.line(*command, "--user", user).out


# --- alerts because of homes and arrests ---------------------------------------------------------


def test_a_suspect_who_moves_in_is_an_alert(place: House) -> None:
    home = place.line("record", "--id", text="He has moved in").out.strip()
    for who in ("Chantelle Moss", place.baz):
        place.line("link", home, who, "place:4 Fern Close, Town C", "--kind", "lives-at")
    (alert,) = place.alerts("psw.ellis")
    assert (alert["kind"], alert["subject"]) == ("co-resident", place.baz)


@pytest.mark.usually_on("sqlite")
def test_an_arrested_victim_or_parent_is_an_alert(house: House) -> None:
    line = house.line
    line("person", "add", "--name", "Carol Moss", "--category", "involved-party",
         "--grounds", "mother")  # fmt: skip
    item = line("record", "--id", text="Her mother Carol").out.strip()
    line("link", item, "Carol Moss", "Chantelle Moss", "--kind", "family")
    for who in ("Carol Moss", "Chantelle Moss", house.baz):
        line("outcome", "arrest", who, "--because-of", "none-known")
    kinds = sorted(alert["kind"] for alert in house.alerts("ds.hart"))
    assert kinds == ["arrest-of-parent", "arrest-of-victim"]


# --- contacts with families, and support ---------------------------------------------------------


@pytest.fixture
def shared(place: House) -> House:
    """Record a mother with two phones: a mobile that only she uses, and a landline that the man who
    lives with the family uses, too.
    """
    line = place.line
    line("person", "add", "--name", "Carol Moss", "--category", "involved-party",
         "--grounds", "mother")  # fmt: skip
    item = line("record", "--id", text="he lives with them").out.strip()
    for who in ("Carol Moss", place.baz):
        line("link", item, who, "place:4 Fern Close, Town C", "--kind", "lives-at")
        line("link", item, who, "phone:01632 960001", "--kind", "uses")
    line("link", item, "Carol Moss", "phone:07700 900123", "--kind", "uses")
    return place


def test_no_message_goes_where_a_suspect_reads_it(shared: House) -> None:
    line = shared.line
    for channel, verdict in (
        ("phone:01632 960001", "unsafe"),
        ("place:4 Fern Close, Town C", "unsafe"),
        ("phone:07700 900123", "ask-first"),
        ("phone:07700 900999", "safe"),
    ):
        said = line("contact", "check", channel, "--json").json
        assert said["verdict"] == verdict, channel
        assert shared.baz not in str(said)
        assert "Baz" not in str(said)
    contact = ("support", "contact", shared.case, "--kind", "advocacy", "--by", "letter")
    assert "send nothing there" in line.refused(*contact, "--to", "place:4 Fern Close, Town C")
    assert line(*contact, "--to", "phone:07700 900999").code == 0
    sent = line(*contact, "--to", "place:4 Fern Close, Town C", "--done")
    assert sent.code == 0
    assert "An alert is raised" in sent.err
    assert "unsafe-contact" in {one["kind"] for one in line("alerts", "--json").json}


@pytest.mark.usually_on("sqlite")
def test_support_is_the_charitys_record_and_opinion_is_apart(house: House) -> None:
    line = house.line
    attitude = ("support", "note", house.case, "--kind", "attitude", "--opinion", "opinion")
    blame = "She brings it on herself"
    assert "whose it is" in line.refused(*attitude, text=blame)
    of = ("--of", "father", "--basis", "said so", "--review", "2011-12-01")
    said = line(*attitude, *of, "--json", "--user", "psw.frost", text=blame)
    assert "brings it on herself" in said.err
    line("support", "note", house.case, "--opinion", "fact", text="They came to the group.")
    contact = ("support", "contact", house.case, "--kind", "emotional-support", "--minutes", "50")
    line(*contact, "--user", "psw.frost")
    listed = line("support", "list", house.case, "--json").json
    assert [row["words"] for row in listed["opinions"]] == [blame]
    assert [row["words"] for row in listed["notes"]] == ["They came to the group."]
    assert listed["contacts"][0]["minutes"] == 50
    (event,) = line("show", said.json["id"], "--json").json["events"]
    assert (event["controller"], event["regime"]) == ("charity", "uk-gdpr")
    plain = line("support", "list", house.case).out
    assert plain.index("They came") < plain.index("Opinions (not facts)") < plain.index(blame)


# --- children who may be at risk -----------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_children_are_considered_one_by_one_and_never_tied_to_each_other(
    house: House, tmp_path: Path
) -> None:
    line = house.line
    second = line("refer", "--child", "Holly Ashby", "--id").out.strip()
    item = line("record", "--case", second, "--id", text="Baz again").out.strip()
    line("link", item, house.baz, "Holly Ashby", "--kind", "association")
    line("assess", item, "--source", "2", "--information", "A", "--handling", "P")
    rows = line("consider", "Baz", "--json").json
    labels = [row["label"] for row in rows]
    assert set(labels) == {"Holly Ashby", "Chantelle Moss"}, "each link took its words' grade"
    holly = str(labels.index("Holly Ashby") + 1)
    assert "give the reason" in line.refused("consider", "Baz", "--not-now", holly)
    done = line("consider", "Baz", "--refer", holly, "--reason", "same man", "--json").json
    decided = {row["label"]: row["decision"] for row in line("consider", "Baz", "--json").json}
    assert decided["Holly Ashby"] == "referred"
    assert decided["Chantelle Moss"] != "referred"
    event = line("show", second, "--json").json["events"][-1]
    assert event["event"] == "case.referral_received"
    assert event["because_of"]
    assert house.case not in str(line("trail", second, "--json").json)
    assert done["id"]
