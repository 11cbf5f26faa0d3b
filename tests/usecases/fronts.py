"""Three equal stores. Each is used through another front: the command line, the screens, or the
API."""

import html
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from console.made.declared import typed_as
from domain.kernel.envelope import LogName
from tests.commands.office import START, Office, opened, reopened
from tests.console.conftest import Line
from tests.support.usecases.typed import typed
from tests.web.api.conftest import client_of
from tests.web.conftest import House, Somebody
from usecases.kernel.fields import Declaration, Field
from web.api.declared import operation
from web.app import make_app

WHO = "ds.hart"
#: Logs in which a use case is recorded; the last log also records what each front reads.
LOGS: tuple[LogName, ...] = ("sources", "evidence", "product", "access")
LOOKS = ("consultation.", "record.", "search.touched")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Story:
    """The input of one use case in a test. `told` has the fields as in JSON; each element of
    `refused` has changes with which the input is refused. A name in braces is replaced by the id
    of an item that the subject's function `stage` records."""

    told: Mapping[str, Any]
    refused: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Subject:
    """Use cases about one subject, which a test runs one after another in the same store. `stage`
    records the items that they need, and returns the names of these items."""

    stage: Callable[[Office], dict[str, str]]
    stories: Mapping[str, Story]


class Refusal(NamedTuple):
    """A refusal: its message (empty if the input was accepted), and the names of the fields that it
    concerns.
    """

    words: str = ""
    fields: frozenset[str] = frozenset()


@dataclass
class Front:
    """A front with its own store. `tells` runs a command and returns its refusal. `comes_back`
    returns the status of the next page, if the front has pages."""

    name: str
    office: Office
    tells: Callable[[Declaration, Mapping[str, Any], str], "Refusal"]
    close: Callable[[], None]
    comes_back: Callable[[], int] = lambda: 200
    known: dict[str, str] = field(default_factory=dict)

    def recorded(self, since: Mapping[LogName, int]) -> list[str]:
        """Return the events that were recorded after these positions, without command ids and
        hashes. Ids are replaced by numbers in the order of their appearance, so that two stores
        can be compared."""
        return [
            self._told(log, fact)
            for log in LOGS
            for fact in self.office.system.logs[log].read(since[log], 1_000)
            if not fact.event.stored.name.startswith(LOOKS)
        ]

    def heads(self) -> dict[LogName, int]:
        return {log: self.office.system.logs[log].last() for log in LOGS}

    def _told(self, log: LogName, fact: Any) -> str:
        header = [fact.by, fact.team, fact.controller, fact.because_of]
        event = msgspec.to_builtins(fact.event)
        place = [log, str(fact.stream), fact.ref.rpartition(":")[2]]
        text = json.dumps([place, header, type(fact.event).__name__, event], sort_keys=True)
        return _ID.sub(lambda one: self.known.setdefault(one[0], f"id {len(self.known)}"), text)


@contextmanager
def three(where: Path, fresh: Callable[[], str] | None, subject: Subject) -> Iterator[Any]:
    """Yield the three fronts, each with its own copy of the prepared store, and for each front the
    ids of the prepared items by name.

    On a server, only the API and the command line are tried.
    """
    fronts: list[tuple[Front, dict[str, str]]] = []
    with ExitStack() as stack:
        on_files = _staged(subject, where / "staged", None)
        stack.callback(shutil.rmtree, where / "staged", ignore_errors=True)
        for name in ("line", "program") if fresh else MAKES:
            home = where / name
            stack.callback(shutil.rmtree, home, ignore_errors=True)
            url = fresh() if fresh and name == "program" else None
            if url:
                now, names = _staged(subject, home, url)
            else:
                now, names = on_files
                shutil.copytree(where / "staged", home)
            office = reopened(home, url, now)
            stack.callback(office.system.close)
            front = MAKES[name](office, home, url)
            stack.callback(front.close)
            # this call gives the ids of the prepared items their numbers, by their order
            front.recorded(dict.fromkeys(LOGS, 0))
            fronts.append((front, names))
        yield fronts


def _staged(subject: Subject, home: Path, url: str | None) -> tuple[datetime, dict[str, str]]:
    office = opened(home, url)
    try:
        names = subject.stage(office)
        return office.system.clock(), names
    finally:
        office.system.close()


def _line(office: Office, home: Path, url: str | None) -> Front:
    line = Line(url or str(home), home)

    def tell(name: Declaration, given: Mapping[str, Any], command_id: str) -> Refusal:
        words, text = typed(name.fields, given)
        told = office.system.clock.given_time
        assert told
        own = ("--user", WHO, "--clock", told.isoformat(), "--command-id", command_id)
        said = line(*name.named.command.split(), *words, *own, text=text)
        assert said.code in (0, 2, 3), said
        if not said.code:
            return Refusal()
        told_of = re.split("continuum: |; ", said.err)
        called = {one.name: f"{typed_as(name, one)}: " for one in name.fields}
        fields = (one for one, put in called.items() if any(map(_begins(put), told_of)))
        return Refusal(said.err, frozenset(fields))

    return Front("line", office, tell, line.close)


def _begins(put: str) -> Callable[[str], bool]:
    return lambda told: told.startswith(put)


def _screen(office: Office, home: Path, url: str | None) -> Front:
    person: Somebody = House(office, make_app(office.system)).somebody(WHO)
    # the page that follows is requested only once, at the end
    person.client.follow_redirects = False

    def tell(name: Declaration, given: Mapping[str, Any], command_id: str) -> Refusal:
        sent = {
            one.name: _written(one, given[one.name]) for one in name.fields if one.name in given
        }
        address = f"/do/{name.named.command.replace(' ', '-')}"
        page = person.send(address, **sent, command_id=command_id, back="/")
        assert page.status_code in (303, 403, 404, 409, 422), page.text
        if page.status_code == 303:
            return Refusal()
        linked = re.findall(rf'<li><a href="#(\w+)-{name.named.slug}">', page.text)
        return Refusal(html.unescape(page.text), frozenset(linked))

    def comes_back() -> int:
        status: int = person.get("/").status_code
        return status

    return Front("screen", office, tell, person.client.close, comes_back)


def _written(one: Field, value: Any) -> str:
    if isinstance(value, bool):
        return ("yes" if value else "no") if one.form == "maybe" else ("true" if value else "")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _program(office: Office, home: Path, url: str | None) -> Front:
    client = client_of(office, WHO)

    def tell(name: Declaration, given: Mapping[str, Any], command_id: str) -> Refusal:
        about = name.about.name if name.about else ""
        path = operation(name).path.replace(f"{{{about}}}", str(given.get(about)))
        answer = client.post(
            f"/api/v1{path}",
            json={field: value for field, value in given.items() if field != about},
            headers={"Idempotency-Key": command_id},
        )
        assert answer.status_code in (201, 403, 404, 409, 422), answer.text
        if answer.status_code == 201:
            return Refusal()
        problem = answer.json()
        faults = problem.get("errors", {})
        words = "\n".join(faults.values()) or str(problem["detail"])
        return Refusal(words, frozenset(faults))

    return Front("program", office, tell, client.close)


MAKES: dict[str, Callable[[Office, Path, str | None], Front]] = {
    "line": _line,
    "screen": _screen,
    "program": _program,
}


def filled(told: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the input `told` with the ids of items in place of the items' names in braces."""

    def put(value: Any) -> Any:
        if isinstance(value, str):
            return value.format_map(names)
        if isinstance(value, dict):
            return {name: put(one) for name, one in value.items()}
        return [put(one) for one in value] if isinstance(value, list) else value

    return {name: put(value) for name, value in told.items()}


def as_id(number: int) -> str:
    """Return the command id with this number, which is the same for every front."""
    return str(UUID(int=(4 << 76) | (8 << 60) | number))


__all__ = ["START", "Front", "Refusal", "Story", "Subject", "as_id", "filled", "three"]
