"""The program recognises which database addresses protect the connection, and reads them as
PostgreSQL's library libpq does.
"""

import pytest

from access.transport import require_protected
from domain.kernel.values import Refused


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:///record",
        "postgresql://site:secret@/record?host=/run/postgresql",
        "postgresql://site@127.0.0.1:5433/record",
        "postgresql://site@[::1]:5433/record",
        "postgresql://localhost/record",
        "postgresql://localhost,127.0.0.1:5433/record",
        "postgresql://north/record?sslmode=verify-full",
        "postgresql://north,south:5433/record?sslmode=verify-ca&connect_timeout=5",
        "postgresql://north/record?sslmode=disable&sslmode=verify%2Dfull",
        "postgresql:///record?service=north&sslmode=verify-full",
        "host=north dbname=record sslmode = verify-full",
        "host = '/run/postgresql' dbname=record",
        "dbname=record",
    ],
)
def test_on_this_machine_or_with_a_certificate_that_is_checked(address: str) -> None:
    require_protected(address, "the address")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://north/record",
        "postgresql://site:secret@north:5432/record?sslmode=require",
        "postgresql://north/record?sslmode=verify-full&sslmode=prefer",
        "postgresql://localhost,north/record",
        # here, the text of the setting is only a part of the user's name
        "postgresql://localhost?sslmode=verify-full@north/record",
        "postgresql://localhost#@north/record",
        "postgresql://site@192.0.2.7/record?sslmode=prefer",
        "postgresql://site@[2001:db8::7]:5432/record",
        "postgresql:///record?host=north",
        "postgresql://localhost/record?hostaddr=192.0.2.7",
        "postgresql://localhost/record?service=north",
        "host=north dbname=record",
        "host=localhost,north hostaddr=127.0.0.1,",
        r"host=north application_name='it\'s sslmode=verify-full '",
        r"host=north\ sslmode=verify-full",
        "service=north",
        "hostaddr='192.0.2.7' sslmode=disable",
    ],
)
def test_a_server_of_another_machine_that_is_not_checked_is_refused(address: str) -> None:
    with pytest.raises(
        Refused, match=r"the address names a database on another machine.*sslmode=verify-full"
    ):
        require_protected(address, "the address")


@pytest.mark.parametrize(
    "address",
    [
        "host=north SSLMODE=verify-full",
        "postgresql://[::1/record",
        "north:s3cret",
        "host='north",
        "host=north\udcff",
    ],
)
def test_one_that_libpq_cannot_read_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(Refused, match="the address is not an address of a database") as refused:
        require_protected(address, "the address")
    assert "north" not in str(refused.value)


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR"])
def test_where_the_address_leaves_the_host_to_the_environment(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "192.0.2.7")
    # `sslmode` must be in the address: this variable is set for one process only
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    with pytest.raises(
        Refused, match="the address names a database on another machine, whose certificate"
    ):
        require_protected("postgresql:///record", "the address")
