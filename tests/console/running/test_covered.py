"""Each database column in which a log is stored is changed in turn, and `verify` reports every
change."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.kernel.envelope import IntegrityFailure
from installation.auditing import open_office
from installation.settings import Settings, load_settings
from tests.console.conftest import Line

DOC = Path(__file__).parents[3] / "docs" / "covered.md"
ONE = "originator_id = (SELECT originator_id FROM {events} WHERE seq = 2)"
FIRST = "(stream, number) = (SELECT stream, number FROM {keys} ORDER BY stream LIMIT 1)"

#: SQL statements that change a value, by table and column.
CHANGES = {
    "head.seq": "UPDATE {head} SET seq = seq + 1",
    "head.recorded": "UPDATE {head} SET recorded = recorded + 1000000",
    "head.synthetic": "UPDATE {head} SET synthetic = NOT synthetic",
    "origin.origin": "UPDATE {origin} SET origin = 'another/evidence'",
    "events.seq": "UPDATE {events} SET seq = seq + 1 WHERE seq = (SELECT max(seq) FROM {events})",
    "events.originator_id": "UPDATE {events} SET originator_id = {id} WHERE seq = 2",
    "events.originator_version": "UPDATE {events} SET originator_version = 9 WHERE seq = 2",
    "events.topic": "UPDATE {events} SET topic = 'x' WHERE seq = 2",
    "events.state": "UPDATE {events} SET state = {bytes} WHERE seq = 2",
    "events.recorded": "UPDATE {events} SET recorded = recorded + 1 WHERE seq = 2",
    "events.command_id": "UPDATE {events} SET command_id = {id} WHERE seq = 2",
    "events.leaf": "UPDATE {events} SET leaf = {hash} WHERE seq = 2",
    "commands.command_id": "UPDATE {commands} SET command_id = {id} WHERE first_seq = 2",
    "commands.digest": "UPDATE {commands} SET digest = NULL WHERE first_seq = 2",
    "commands.first_seq": "UPDATE {commands} SET first_seq = 99 WHERE first_seq = 2",
    "commands.count": "UPDATE {commands} SET count = count + 1 WHERE first_seq = 2",
    "unique.stream": "UPDATE {unique} SET stream = {id}",
    "keys.stream": "UPDATE {keys} SET stream = {id} WHERE " + FIRST,
    "keys.number": "UPDATE {keys} SET number = number + 1 WHERE " + FIRST,
    "keys.family": "UPDATE {keys} SET family = family || 'x' WHERE " + FIRST,
    "keys.key_id": "UPDATE {keys} SET key_id = {short} WHERE " + FIRST,
    "keys.epoch": "UPDATE {keys} SET epoch = epoch + 1 WHERE " + FIRST,
    "keys.wrapped": "UPDATE {keys} SET wrapped = {bytes} WHERE " + FIRST,
    "keys.destroyed": "UPDATE {keys} SET destroyed = 1, wrapped = NULL WHERE " + FIRST,
    "epochs.family": "UPDATE {epochs} SET family = 'other' WHERE family = 'record'",
    "epochs.epoch": "UPDATE {epochs} SET epoch = epoch + 1 WHERE family = 'record'",
    "terms.term": "UPDATE {terms} SET term = term + 1",
    "terms.site": "UPDATE {terms} SET site = 'south'",
    "site.name": "UPDATE {site} SET name = 'south'",
    "site.holds": "UPDATE {site} SET holds = 'records'",
}
#: SQL statements that change rows in other ways than by one value.
ROWS = {
    "an epoch is gone": "DELETE FROM {epochs} WHERE family = 'subject'",
    "all epochs are gone": "DELETE FROM {epochs}",
    "an epoch of no key": "UPDATE {epochs} SET epoch = epoch + 1 WHERE family = 'source'",
    "an epoch too many": "INSERT INTO {epochs} VALUES ('other', 1)",
    "an extra key": "INSERT INTO {keys} "
    "SELECT stream, number + 1, family, {short}, epoch, {bytes}, NULL FROM {keys} WHERE " + FIRST,
    "a key of no item": "INSERT INTO {keys} VALUES ({id}, 1, 'record', {short}, 1, {bytes}, NULL)",
    "a key is gone": "DELETE FROM {keys} WHERE " + FIRST,
    "a command is gone": "DELETE FROM {commands} WHERE first_seq = 2",
    "a record is gone": "DELETE FROM {events} WHERE seq = 2",
    "the head is gone": "DELETE FROM {head}",
    "the origin is gone": "DELETE FROM {origin}",
    "a term too many": "INSERT INTO {terms} VALUES (7, 'south', 1, 1)",
    "the site's name is gone": "DELETE FROM {site}",
}
ON_SERVERS = (
    *("terms.term", "terms.site", "site.name", "site.holds", "head.synthetic"),
    *("a term too many", "the site's name is gone"),
)
#: Columns that no check covers, each with the reason that the documentation gives.
NOT_COVERED = {
    *("head.one", "origin.one", "site.one"),
    *("head.shreds", "unique.digest", "terms.seq", "terms.since"),
}


class Kept:
    """A small signed store, which the test restores to its first state after each change."""

    def __init__(self, home: Path, url: str | None) -> None:
        self.url, self.home = url, home
        store = url or str(home / "store")
        line = Line(store, home)
        clock, item = ("--clock", "2011-03-18T23:40"), ""
        for arguments, text in (
            (("init", "--synthetic"), ""),
            (("record", "--id", *clock), "Baz has a silver Corsa, PK95 ABC"),
            (
                (
                    "person",
                    "add",
                    "--nickname",
                    "Baz",
                    "--category",
                    "suspect",
                    "--grounds",
                    "seen",
                    *clock,
                ),
                "",
            ),
            (("link", "ITEM", "Baz", "vehicle:PK95ABC", "--kind", "uses", *clock), ""),
            (("keys", "rotate", *clock), ""),
            (("record", *clock), "He calls himself Baz"),
            (("signer", "init", "--state", str(home / "signer")), ""),
        ):
            said = line(
                *(item if argument == "ITEM" else argument for argument in arguments), text=text
            )
            assert said.code == 0, (arguments, said)
            item = said.out.strip() if "--id" in arguments else item
        if url:
            with psycopg.connect(url) as server:
                for log in ("evidence", "sources", "product", "access"):
                    server.execute(f"INSERT INTO {log}.{log}_site VALUES (1, 'north', 'all')")
                    server.execute(f"INSERT INTO {log}.{log}_terms VALUES (1, 'north', 0, 1)")
        assert line("signer", "run", "--state", str(home / "signer")).code == 0
        line.close()
        self.settings: Settings = load_settings(store=store, home=home)

    def findings(self) -> list[str]:
        with open_office(self.settings, None) as office:
            try:
                reports = office.verify((), None, (), ())
            # this error is raised if the log has no origin; the command line then exits with 4
            except IntegrityFailure as error:
                return [str(error)]
        return [finding.words for report in reports for finding in report.findings]

    @contextmanager
    def changed(self, statement: str, log: str = "evidence") -> Iterator[int]:
        place = f"{log}.{log}_" if self.url else f"{log}_"
        named = re.sub(
            r"\{(?!id|bytes|hash|short)(\w+)\}", lambda found: place + found[1], statement
        )
        blob = "decode('{}', 'hex')" if self.url else "x'{}'"
        words = named.format(
            id=f"'{'ab' * 16}'" if self.url else blob.format("ab" * 16),
            short=blob.format("cd" * 16),
            bytes=blob.format("02" * 60),
            hash=blob.format("02" * 32),
        )
        table = re.findall(re.escape(place) + r"\w+", words)[0]
        with self.connected() as server:
            server.execute(f"CREATE TABLE before AS SELECT * FROM {table}")
            many = server.execute(words).rowcount
        try:
            yield many
        finally:
            with self.connected() as server:
                server.execute(f"DELETE FROM {table}")
                server.execute(f"INSERT INTO {table} SELECT * FROM before")
                server.execute("DROP TABLE before")

    @contextmanager
    def connected(self) -> Iterator[Any]:
        if self.url:
            with psycopg.connect(self.url) as server:
                server.execute("SET session_replication_role = replica")
                yield server
            return
        with closing(sqlite3.connect(self.home / "store" / "log.db")) as db, db:
            db.execute("PRAGMA ignore_check_constraints = ON")
            yield db

    def columns(self, log: str = "evidence") -> set[str]:
        if self.url:
            asked = (
                "SELECT table_name, column_name FROM information_schema.columns JOIN pg_class "
                "ON relname = table_name AND relkind = 'r' WHERE table_schema = 'evidence'"
            )
        else:
            asked = (
                "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
                "WHERE t.type = 'table' AND t.name LIKE 'evidence%'"
            )
        with self.connected() as server:
            found = server.execute(asked).fetchall()
        return {f"{table.removeprefix('evidence_')}.{column}" for table, column in found}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    made: Callable[[], str] | None = None
    if request.param == "postgres":
        made = request.getfixturevalue("fresh_database")
    return Kept(tmp_path_factory.mktemp("covered"), made() if made else None)


def test_an_unchanged_store_has_no_finding(kept: Kept) -> None:
    assert kept.findings() == []


def changed(kept: Kept, what: str) -> None:
    with kept.changed((CHANGES | ROWS)[what]) as many:
        assert many > 0
        assert kept.findings(), what


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("what", [one for one in [*CHANGES, *ROWS] if one not in ON_SERVERS])
def test_what_is_changed_is_found(kept: Kept, what: str) -> None:
    changed(kept, what)


@pytest.mark.parametrize("what", ON_SERVERS)
@pytest.mark.parametrize(
    "kept", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_what_is_changed_on_a_server_alone_is_found(kept: Kept, what: str) -> None:
    changed(kept, what)


def test_each_column_is_changed_here_or_named_with_its_reason(kept: Kept) -> None:
    there = kept.columns()
    assert there <= CHANGES.keys() | NOT_COVERED
    if kept.url:
        assert there == CHANGES.keys() | NOT_COVERED
    told = set(re.findall(r"^\| `(\w+\.\w+)`", DOC.read_text("utf-8"), re.MULTILINE))
    assert there <= told
