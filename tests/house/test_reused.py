"""A database that a test has used is given to another test only if it is still equal to the
database from which it was copied."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.postgres import copied, dropped
from tests.reused import REUSED

pytestmark = pytest.mark.postgres


@pytest.fixture
def copy(
    postgres_server: Any, fresh_database: Callable[[], str], copied_database: Callable[[str], str]
) -> Callable[[], str]:
    """Return a function that copies a database with one table and one row, and returns the URL of
    the copy.
    """
    template = fresh_database()
    execute(template, "CREATE TABLE held (number int PRIMARY KEY); INSERT INTO held VALUES (1)")
    return lambda: copied(postgres_server, template, copied_database)


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def rows(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT number FROM held").fetchall()


def test_rows_that_a_test_changed_are_as_before(
    postgres_server: Any, copy: Callable[[], str]
) -> None:
    first = copy()
    execute(first, "DELETE FROM held; INSERT INTO held VALUES (2), (3)")
    dropped(postgres_server, first)
    again = copy()
    assert (again, rows(again)) == (first, [(1,)])
    another = copy()
    assert another != first, "it is in use"
    for url in (again, another):
        dropped(postgres_server, url)


@pytest.mark.parametrize(
    "change", ["ALTER TABLE held ADD more int", "DROP TABLE held", "CREATE TABLE other ()"]
)
def test_a_database_of_another_form_is_used_no_more(
    postgres_server: Any, copy: Callable[[], str], change: str
) -> None:
    first = copy()
    execute(first, change)
    dropped(postgres_server, first)
    again = copy()
    assert (again != first, rows(again)) == (True, [(1,)])
    dropped(postgres_server, again)


def test_one_that_was_lent_for_another_template_gives_its_name_away(
    postgres_server: Any, copy: Callable[[], str]
) -> None:
    server, first = postgres_server.get_uri(), copy()
    dropped(postgres_server, first)
    assert REUSED.lend(server) == first
    assert not REUSED.took(server, urlsplit(first).path[1:], "of_nobody")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        rows(first)
    again = copy()
    assert (again != first, rows(again)) == (True, [(1,)])
    dropped(postgres_server, again)


def test_one_that_was_lent_and_not_used_is_lent_again(
    postgres_server: Any, copy: Callable[[], str]
) -> None:
    dropped(postgres_server, copy())
    lent = REUSED.lend(postgres_server.get_uri())
    assert lent
    dropped(postgres_server, lent)
    assert REUSED.lend(postgres_server.get_uri()) == lent
    dropped(postgres_server, lent)
