"""Findings of `continuum doctor` about a store's sites."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console.running.finding import Danger, Finding

if TYPE_CHECKING:
    from installation.settings import Settings
    from installation.sites import FollowingSite, SiteStatus

#: A megabyte in bytes. A site's lag behind the other sites is measured in megabytes, and reported
#: if it is at least one.
MEGABYTE = 1024 * 1024
FAR_BEHIND = 64 * MEGABYTE


def findings(status: "SiteStatus", settings: "Settings", where: str) -> Iterator[Finding]:
    """Yield the findings about the sites of a store. `status` is the status of the sites, and
    `where` is the place given in the findings.
    """
    yield from _of_who_writes(status, settings, where)
    if status.follows and not status.follows.connected:
        yield Finding(
            Danger.WORDS,
            "does not follow",
            "this site is not connected to the site that it follows, and lacks its newest records",
            (where,),
            "read the server's log; if the other site is lost: continuum site promote --lost",
        )
    if status.follows and status.follows.failures:
        yield Finding(
            Danger.WORDS,
            "cannot write what it is sent",
            f"{status.follows.failures} times this site could not write what the other site sent",
            (where,),
            "read the server's log: a program wrote to this copy. Make this site again in an empty "
            "database: continuum site follow",
        )
    yield from _of_missed_takeover(status, where)
    for follower in status.followers:
        yield from (_of_heeding if follower.gets == "terms" else _of_follower)(follower, where)
    if status.waits_in_vain:
        yield Finding(
            Danger.WORDS,
            "words are refused",
            "each new record waits for a site that does not answer (synchronous_standby_names)",
            (where,),
            "bring that site back; or empty the setting and reload: then this server alone has "
            "new records until the site follows again",
        )
    seconds = [follower for follower in status.followers if follower.gets == "all"]
    if seconds and status.writes_here and not status.waits_for_a_second:
        yield Finding(
            Danger.WORDS,
            "may be lost",
            "a new record does not wait for the second site: if this server is lost, so are the "
            "records that the second site has not received",
            (where,),
            f"set synchronous_standby_names = '{seconds[0].calls_itself}' and reload; then nothing "
            "is recorded while that site is away",
        )
    if seconds and status.writes_here and not settings.second_keys:
        yield Finding(
            Danger.EXPOSURE,
            "keys stay elsewhere",
            "a key that an erasure destroys here stays in the second site's copy of the keys",
            (where,),
            "mount that directory here, and set second_keys to it (docs/second-site.md)",
        )
    if status.followers and status.keeps is None:
        yield Finding(
            Danger.WORDS,
            "may fill the disk",
            "while a site is away the server stores its write-ahead log without limit",
            (where,),
            "set max_slot_wal_keep_size to what the disk can spare, and reload",
        )


def _of_who_writes(status: "SiteStatus", settings: "Settings", where: str) -> Iterator[Finding]:
    if status.writes_here and settings.first_site:
        yield Finding(
            Danger.SERVICE,
            "records elsewhere",
            "this site is the one that writes, but its programs record at another site",
            (where,),
            "remove first_site from the settings, and restart the programs",
        )
    if status.here is None or status.writes_here or status.holds == "records":
        return
    if status.writes == status.here:
        yield Finding(
            Danger.WORDS,
            "has not taken over",
            "writing was handed over to this site, which still follows: no site records anything",
            (where,),
            "continuum site promote",
        )
    elif not (settings.first_site and status.follows):
        yield Finding(
            Danger.WORDS,
            "another site writes",
            f"the site {status.writes} writes since term {status.term}; this site records nothing",
            (where,),
            "set first_site, so that the programs record there; if that site is lost: continuum "
            "site promote --lost",
        )


def _of_missed_takeover(status: "SiteStatus", where: str) -> Iterator[Finding]:
    """Yield findings if this site would not learn that another site has taken over writing."""
    if status.heeds and not status.heeds.connected:
        yield Finding(
            Danger.WORDS,
            "is not told who writes",
            "this site is not connected to the site that would tell it who writes",
            (where,),
            "ask there: continuum site status. If another site writes, stop the programs here; "
            "then run here: continuum site watch, which catches up",
        )
    seconds = any(follower.gets == "all" for follower in status.followers)
    if seconds and status.writes_here and not status.heeds:
        yield Finding(
            Danger.WORDS,
            "would not be told who writes",
            "a second site follows this one, and could take over without this site learning of it",
            (where,),
            "run: continuum site watch --from THE SECOND SITE'S ADDRESS",
        )


def _of_heeding(site: "FollowingSite", where: str) -> Iterator[Finding]:
    if site.kept == "lost":
        yield Finding(
            Danger.WORDS,
            "will not be told who writes",
            f"{site.site} was away for longer than the server stores its log for, and will not "
            "learn which site writes when it comes back",
            (where,),
            "run continuum site watch there again, before any program starts there",
        )
    elif not site.connected:
        yield Finding(
            Danger.WORDS,
            "is not told who writes",
            f"{site.site} is not connected: it does not learn here which site writes",
            (where,),
            "start its database, and its programs once continuum site status there names the site "
            f"that writes; if it is gone for good: continuum site forget {site.site}",
        )


def _of_follower(site: "FollowingSite", where: str) -> Iterator[Finding]:
    if site.kept == "lost":
        yield Finding(
            Danger.WORDS,
            "a site was left behind",
            f"{site.site} was away for longer than the server stores its log for, and lacks "
            "records",
            (where,),
            f"run continuum site forget {site.site}; then, there, continuum site follow in an "
            "empty database",
        )
    elif not site.connected:
        room = (
            ""
            if site.room is None
            else f"; the server stores {site.room / MEGABYTE:.0f} MB more for it"
        )
        yield Finding(
            Danger.WORDS,
            "a site does not follow",
            f"{site.site} is not connected and {site.behind / MEGABYTE:.1f} MB behind{room}",
            (where,),
            f"bring it back; if it is gone for good: continuum site forget {site.site}",
        )
    elif site.behind > FAR_BEHIND:
        yield Finding(
            Danger.WORDS,
            "a site is far behind",
            f"{site.site} is {site.behind / MEGABYTE:.0f} MB behind",
            (where,),
            "find out whether the connection or that server is too slow",
        )
