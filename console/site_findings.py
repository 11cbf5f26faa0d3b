"""What is wrong with a store's sites, or has to be known of them? The doctor asks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console.finding import Finding

if TYPE_CHECKING:
    from installation.settings import Settings
    from installation.sites import Follower, Standing

#: Bytes in the megabyte in which a lag is told, and how many of them are told by the doctor.
MEGABYTE = 1024 * 1024
FAR_BEHIND = 64 * MEGABYTE


def findings(told: "Standing", settings: "Settings", where: str) -> Iterator[Finding]:
    """What has to be known of a store's sites, as it is set up here, each with what to do."""
    yield from _of_who_writes(told, settings, where)
    if told.follows and not told.follows.connected:
        yield Finding(
            "does not follow",
            "this site is not connected to the one that it follows, and shows what it had",
            (where,),
            "see the server's log; if the other site is lost: continuum site promote --lost",
        )
    if told.follows and told.follows.failures:
        yield Finding(
            "cannot write what it is sent",
            f"{told.follows.failures} times this site could not write what the other one sent",
            (where,),
            "see the server's log: somebody wrote to this copy. Let it follow again in an empty "
            "database",
        )
    yield from _of_being_told(told, where)
    for one in told.followers:
        yield from (_of_heeding if one.gets == "terms" else _of_follower)(one, where)
    if told.waits_in_vain:
        yield Finding(
            "words are refused",
            "each append waits for a site that does not answer (synchronous_standby_names)",
            (where,),
            "bring that site back; or empty the setting and reload, and count what is recorded "
            "until it follows again as lost with this server",
        )
    seconds = [one for one in told.followers if one.gets == "all"]
    if seconds and told.writes_here and not told.waits_for_a_second:
        yield Finding(
            "may be lost",
            "an append does not wait for the second site: with this server what was acknowledged "
            "last is lost, as much as that site is behind",
            (where,),
            f"set synchronous_standby_names = '{seconds[0].calls_itself}' and reload; then words "
            "are refused while that site is away",
        )
    if seconds and told.writes_here and not settings.second_keys:
        yield Finding(
            "keys stay elsewhere",
            "a key that is destroyed here stays in the second site's copy of the keys",
            (where,),
            "set second_keys to that directory, mounted here (docs/second-site.md)",
        )
    if told.followers and told.keeps is None:
        yield Finding(
            "may fill the disk",
            "the server keeps its own log for a site that is away without limit",
            (where,),
            "set max_slot_wal_keep_size to what its disk can spare, and reload",
        )


def _of_who_writes(told: "Standing", settings: "Settings", where: str) -> Iterator[Finding]:
    if told.writes_here and settings.first_site:
        yield Finding(
            "records elsewhere",
            "this site writes, and its programs record at another one",
            (where,),
            "take first_site out of the settings, and start the programs again",
        )
    if told.here is None or told.writes_here or told.holds == "records":
        return
    if told.writes == told.here:
        yield Finding(
            "has not taken over",
            "it was handed over to this site, which still follows: no site takes words",
            (where,),
            "continuum site promote",
        )
    elif not (settings.first_site and told.follows):
        yield Finding(
            "another site writes",
            f"the site {told.writes} writes since term {told.term}; this one takes no words",
            (where,),
            "record there (first_site); if it is lost: continuum site promote --lost",
        )


def _of_being_told(told: "Standing", where: str) -> Iterator[Finding]:
    """Whether this site would learn that another one took over."""
    if told.heeds and not told.heeds.connected:
        yield Finding(
            "is not told who writes",
            "this site is not connected to the one that would tell it that it took over",
            (where,),
            "ask there: continuum site status. If another site writes, stop the programs here; "
            "then, here: continuum site heed, which learns all that was not told",
        )
    seconds = any(one.gets == "all" for one in told.followers)
    if seconds and told.writes_here and not told.heeds:
        yield Finding(
            "would not be told who writes",
            "a second site follows this one, and could take over without this one learning of it",
            (where,),
            "continuum site heed --from THE SECOND SITE'S ADDRESS",
        )


def _of_heeding(one: "Follower", where: str) -> Iterator[Finding]:
    if one.kept == "lost":
        yield Finding(
            "will not be told who writes",
            f"{one.site} was away for longer than the server keeps its own log for, and does not "
            "learn which site writes when it comes back",
            (where,),
            "start no program there before continuum site heed was done there once more",
        )
    elif not one.connected:
        yield Finding(
            "is not told who writes",
            f"{one.site} is not connected: it does not learn here which site writes",
            (where,),
            "bring its database back, and start its programs once continuum site status there "
            f"names the site that writes; if it is gone for good: continuum site forget {one.site}",
        )


def _of_follower(one: "Follower", where: str) -> Iterator[Finding]:
    if one.kept == "lost":
        yield Finding(
            "a site was left behind",
            f"{one.site} was away for longer than the server keeps its own log for",
            (where,),
            f"continuum site forget {one.site}, and continuum site follow in an empty database",
        )
    elif not one.connected:
        room = "" if one.room is None else f", and {one.room / MEGABYTE:.0f} MB more are kept"
        yield Finding(
            "a site does not follow",
            f"{one.site} is not connected and {one.behind / MEGABYTE:.1f} MB behind{room}",
            (where,),
            f"bring it back; if it is gone for good: continuum site forget {one.site}",
        )
    elif one.behind > FAR_BEHIND:
        yield Finding(
            "a site is far behind",
            f"{one.site} is {one.behind / MEGABYTE:.0f} MB behind",
            (where,),
            "see whether the link or that server is too slow; its questions wait for it",
        )
