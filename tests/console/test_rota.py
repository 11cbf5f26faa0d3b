"""Receipts, alerts and the rota name the person on call."""

from tests.console.conftest import Line

TIMES = ("--from", "2011-01-01T00:00", "--until", "2011-01-20T00:00")


def test_who_is_on_call_is_on_each_receipt_and_in_alerts(line: Line) -> None:
    at = ("--clock", "2011-01-05T12:00")
    assert "Nobody is on call now." in line(*at, "record", text="She bought a dress.").out
    assert "The rota is empty" in line(*at, "rota", "list").out
    first = line(*at, "rota", "add", "insp.moss", "--phone", "07700 900123", *TIMES, "--id")
    second = ("rota", "add", "dci.reed", "--phone", "07700 900124", "--place", "2", *TIMES)
    assert line(*at, *second, "--all-teams").code == 0
    told = line(*at, "record", "--urgent", "he is here", text="He is here.")
    assert "On call: insp.moss, 07700 900123" in told.out
    assert "Next from 12:10: dci.reed, 07700 900124." in told.out
    later = ("--clock", "2011-01-05T12:11")
    alerts = line(*later, "alerts")
    assert "not taken by a worker (1)" in alerts.out
    assert "On call: dci.reed, 07700 900124" in alerts.out
    (waiting,) = line(*later, "alerts", "--json").json
    assert (waiting["kind"], waiting["on_call"]["now"]["user"]) == ("urgent-untaken", "dci.reed")
    line(*later, "take", waiting["id"])
    assert line(*later, "alerts", "--json").json == []
    assert line(*later, "rota", "end", first.out.strip()).code == 0
    duties = line(*later, "rota", "list", "--json").json["duties"]
    assert [duty["user"] for duty in duties] == ["dci.reed"]
    assert "would be over already" in line.refused(*("--clock", "2011-02-05"), *second)
