"""Every event that may be recorded, as a list of the permitted stored names of each log.

A module with events is imported when one of its events is recorded or read. The data of each event
that are needed without its module are in `event_topics.py`, which `python -m tests.events_page`
writes.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from domain.event_topics import TOPICS
from domain.kernel.envelope import Event, LogName

#: The modules that declare events, in the order in which the events are listed.
FILES = (
    "information.observation",
    "information.source",
    "intelligence.intelligence_report",
    "intelligence.corroboration",
    "intelligence.release",
    "exchange.offer",
    "intelligence.link",
    "intelligence.entity",
    "intelligence.identity",
    "information.shared_mentions",
    "intelligence.saved_map",
    "intelligence.standing_watch",
    "families.referral",
    "families.missing",
    "justice.evidence",
    "justice.arrest_to_result",
    "justice.abduction_notice",
    "people_and_teams.report_card",
    "people_and_teams.published_card",
    "people_and_teams.team_service",
    "people_and_teams.costs",
    "justice.charging",
    "justice.court",
    "justice.verdict",
    "people_and_teams.store_admin",
    "people_and_teams.recovery",
    "people_and_teams.right_time",
    "people_and_teams.account",
    "people_and_teams.grant",
    "information.phone_outbox",
    "data_protection.access_log",
    "information.covert_source_review",
    "families.charity_support",
    "families.supervision",
    "families.charter",
    "families.family_contact",
    "families.interview",
    "families.family_member",
    "families.ethnicity",
    "families.monitoring",
    "families.nationality",
    "families.identifier",
    "families.need",
    "families.waiting_family",
    "families.publication",
    "families.marac",
    "families.exploitation",
    "families.parent",
    "families.compartment",
    "families.protection",
    "people_and_teams.two_person",
    "data_protection.disclosure",
    "data_protection.copies",
    "data_protection.subject_request",
    "data_protection.request_intake",
    "data_protection.complaint",
    "justice.victim_request",
    "justice.duty_to_report",
    "matching",
    "justice.unused_material",
    "intelligence.meeting",
    "people_and_teams.confidential_report",
    "people_and_teams.rota",
    "people_and_teams.team_practice",
    "families.raid",
    "families.choice",
    "people_and_teams.deadline",
    "people_and_teams.notifying",
    "data_protection.retention",
    "data_protection.legal_hold",
    "data_protection.erasure",
)
LOGS: tuple[LogName, ...] = ("evidence", "sources", "product", "access")


@cache
def events() -> tuple[type[Event], ...]:
    """Return the classes of all events, in the order of the modules that declare them. Raises
    TypeError for an event without `meaning`."""
    found: list[type[Event]] = []
    for file in FILES:
        found += import_module(f"domain.{file}").EVENTS
    for event in found:
        if not hasattr(event, "meaning"):
            raise TypeError(
                f"{event.__module__}.{event.__qualname__} has no `meaning`: write what follows "
                "from it (domain/kernel/envelope.py)"
            )
    return tuple(found)


class Events(Mapping[str, type[Event]]):
    """Event classes by a name, such as their topic; an event's module is imported when the event is
    first looked up.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def place(self, name: str) -> str:
        """Return the declaring file and class of an event: "families.need:NeedRecorded". Raises
        KeyError.
        """
        return self._places[name]

    def __getitem__(self, name: str) -> type[Event]:
        file, _, event = self._places[name].partition(":")
        found: type[Event] = getattr(import_module(f"domain.{file}"), event)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@cache
def by_log() -> Mapping[LogName, Events]:
    """Return for each of the four logs the classes of events that it may have."""
    places: dict[str, dict[str, str]] = {log: {} for log in LOGS}
    for topic, log, place, _ in _listed():
        places[log][topic] = place
    return {log: Events(places[log]) for log in LOGS}


@cache
def by_name() -> Events:
    """Return the newest version of the event of each stored name."""
    newest: dict[str, tuple[int, str]] = {}
    for topic, _, place, _ in _listed():
        name, _, version = topic.partition("@")
        newest[name] = max(newest.get(name, (0, "")), (int(version), place))
    return Events({name: place for name, (_, place) in newest.items()})


@cache
def by_command() -> Events:
    """Return the event class that each command records, by the command's name."""
    newest = {by_name().place(name) for name in by_name()}
    listed = ((place, commands) for _, _, place, commands in _listed() if place in newest)
    return Events({command: place for place, commands in listed for command in commands})


@cache
def _listed() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Return the topic, log, module and name, and commands of each event that may be recorded."""
    found, file = [], ""
    for line in TOPICS.splitlines():
        if not line.startswith(" "):
            file = line
            continue
        topic, log, name, *commands = line.split()
        found.append((topic, log, f"{file}:{name}", tuple(commands)))
    return tuple(found)
