"""`doctor` reports problems between the sites that store copies of the logs.
(tests/ledger/backup/test_sites.py tests the copying itself.)"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli import captured
from console.engine.session import OpenStore
from console.running.site_findings import FAR_BEHIND, findings
from console.running.sites import _lines
from domain.kernel.values import Refused
from installation.opening import open_system
from installation.settings import Settings
from ledger.backup.site_status_postgres import FollowedSite, FollowingSite, SiteStatus

NORTH = Settings(store="postgresql://north/record", second_keys=Path("/mnt/south-keys"))
SOUTH = Settings(store="postgresql://south/record", first_site=NORTH.store)
NAME = "continuum_site_south"
SECOND = FollowingSite(
    "south", "all", connected=True, behind=0, kept="reserved", room=1, calls_itself=NAME
)
RECORDS = {"evidence": 9, "sources": 0, "product": 0, "access": 1}


AWAY = FollowedSite(connected=False, copying=0, failures=2, heard=None)
FOLLOWS = FollowedSite(connected=True, copying=0, failures=0, heard=None)


def site_status(*followers: FollowingSite, **told: Any) -> SiteStatus:
    """Return the status of a site without problems, apart from the properties in `told`.
    `followers` are the sites that copy this site's logs."""
    whole: dict[str, Any] = {
        "here": "north",
        "holds": "all",
        "term": 1,
        "writes": "north",
        "records": RECORDS,
        "followers": followers or (SECOND,),
        "follows": None,
        "synchronous": NAME,
        "keeps": 1 << 30,
        "heeds": FOLLOWS,
        "answering": tuple(one.calls_itself for one in followers or (SECOND,) if one.connected),
    }
    return SiteStatus(**whole | told)


def changed(**told: Any) -> FollowingSite:
    return msgspec.structs.replace(SECOND, **told)


WITNESS = "continuum_witness_hull"
OTHER_AWAY = changed(site="hexmoor", gets="records", connected=False, calls_itself=WITNESS)
BOTH = f"{NAME}, {WITNESS}"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (site_status(), []),
        (site_status(here=None, holds=None, writes=None, followers=(), synchronous=""), []),
        (site_status(writes="south", followers=(), synchronous=""), ["another site writes"]),
        (site_status(changed(kept="lost")), ["a site was left behind"]),
        (site_status(changed(connected=False)), ["a site does not follow", "words are refused"]),
        (site_status(changed(behind=FAR_BEHIND + 1)), ["a site is far behind"]),
        (site_status(synchronous=""), ["may be lost"]),
        (site_status(synchronous="another"), ["words are refused", "may be lost"]),
        (site_status(synchronous="another", answering=(NAME, "another")), ["may be lost"]),
        (
            site_status(changed(site="sout", calls_itself="continuum_site_sout")),
            ["words are refused", "may be lost"],
        ),
        (site_status(changed(calls_itself="south-2")), ["words are refused", "may be lost"]),
        (site_status(changed(calls_itself="south-2"), synchronous='"South-2"'), []),
        (site_status(changed(gets="records"), synchronous=""), []),
        (
            site_status(SECOND, OTHER_AWAY, synchronous=f"ANY 1 ({BOTH})"),
            ["a site does not follow", "may be lost"],
        ),
        (
            site_status(SECOND, OTHER_AWAY, synchronous=f"first 2 ({BOTH})"),
            ["a site does not follow", "words are refused"],
        ),
        (site_status(synchronous=f"ANY 2 ({NAME}, another)"), ["words are refused"]),
        (site_status(synchronous=f"2 ({NAME}, another)", answering=(NAME, "another")), []),
        (site_status(synchronous=f"{NAME}, another", answering=(NAME, "another")), ["may be lost"]),
        (site_status(synchronous="ANY 1 (*)"), []),
        (site_status(synchronous="*", answering=(NAME, "hub")), ["may be lost"]),
        (site_status(SECOND, changed(gets="terms", connected=False)), ["is not told who writes"]),
        (site_status(SECOND, changed(gets="terms", kept="lost")), ["will not be told who writes"]),
        (site_status(heeds=AWAY), ["is not told who writes"]),
        (site_status(heeds=None), ["would not be told who writes"]),
        (site_status(keeps=None), ["may fill the disk"]),
    ],
)
def test_what_is_wrong_with_the_sites_is_reported(told: SiteStatus, found: list[str]) -> None:
    some = list(findings(told, NORTH, "postgresql://server/record"))
    assert [one.what for one in some] == found
    assert all(one.do and one.found for one in some)


@pytest.mark.parametrize(
    ("told", "settings", "found"),
    [
        (site_status(here="south", follows=FOLLOWS), SOUTH, []),
        (
            site_status(here="south", followers=(), synchronous="", follows=FOLLOWS),
            NORTH,
            ["another site writes"],
        ),
        (
            site_status(here="south", followers=(), synchronous="", follows=AWAY),
            SOUTH,
            ["does not follow", "cannot write what it is sent"],
        ),
        (site_status(here="south", writes="south", follows=FOLLOWS), SOUTH, ["has not taken over"]),
        (
            site_status(here="south", writes="south"),
            SOUTH,
            ["records elsewhere", "keys stay elsewhere"],
        ),
        (site_status(writes="south", followers=(), synchronous=""), SOUTH, ["another site writes"]),
    ],
)
def test_what_is_wrong_with_the_settings_of_a_site_is_reported(
    told: SiteStatus, settings: Settings, found: list[str]
) -> None:
    assert [finding.what for finding in findings(told, settings, "here")] == found


def test_status_names_the_site_that_writes_once_it_has_taken_over() -> None:
    handed_over = list(_lines(site_status(here="south", writes="south", follows=FOLLOWS)))
    assert (
        "The site that writes: this one, once it has taken over (continuum site promote), "
        in (handed_over[1])
    )
    assert not any(one.startswith("An append waits") for one in handed_over)
    assert f"An append waits for: {NAME}" in list(_lines(site_status()))


def test_a_store_on_files_is_at_one_site(tmp_path: Any) -> None:
    kept = OpenStore()
    code, _, said = captured(["--store", str(tmp_path), "site", "status"], "", kept)
    kept.close()
    assert (code, "a store on files can have one site only" in said) == (2, True)


def test_a_second_site_records_at_the_first_by_a_protected_way_alone() -> None:
    with pytest.raises(Refused, match=r"first_site.*sslmode=verify-full"):
        open_system(SOUTH)
