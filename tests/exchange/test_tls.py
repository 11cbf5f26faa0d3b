"""Connections between two databases use TLS, and the client checks the server's certificate. The
tests use real servers whose port accepts only TLS."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from commands.information import observation
from domain.kernel.envelope import LogUnavailable
from exchange import national
from exchange.hublink import HubLink, NoHub
from installation import sites
from installation.opening import open_system
from installation.settings import Settings
from tests.commands.office import START
from tests.ledger.tls_servers import MISSING, OPENSSL, Pair, programs, two
from tests.ledger.two_servers import SETTINGS
from tests.processes import until

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(OPENSSL is None, reason="there is no openssl to certify with"),
    pytest.mark.skipif(programs() is None, reason=MISSING),
]
#: SQL that returns, for each connection through the port, whether the connection uses TLS.
BY_TLS = (
    "SELECT bool_and(s.ssl), count(*) FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid) "
    "WHERE a.client_addr IS NOT NULL AND a.usename = '{}'"
)


@pytest.fixture(scope="module")
def servers() -> Iterator[Pair]:
    with two(SETTINGS) as made:
        yield made


def signs_in(servers: Pair, role: str) -> None:
    servers.one.run(f"ALTER ROLE {role} PASSWORD 'secret'")


def test_a_second_site_follows_by_tls_alone_and_asks_who_answers(
    servers: Pair, tmp_path: Path
) -> None:
    servers.one.run("CREATE DATABASE record")
    for name in ("record", "another"):
        servers.other.run(f"CREATE DATABASE {name}")
    home = tmp_path / "first"
    here = Settings(store=servers.one.inside("record"), home=home, user="it.khan")
    open_system(here, create=True, synthetic=True, now=START).close()
    role = sites.publish(here, "north")["all"]
    signs_in(servers, role)
    shutil.copytree(home, tmp_path / "second")
    there = here.model_copy(
        update={"store": servers.other.inside("record"), "home": tmp_path / "second"}
    )
    another = there.model_copy(update={"store": servers.other.inside("another")})
    stranger = servers.one.by_tls(role, "record", servers.stranger)
    with pytest.raises(LogUnavailable, match="certificate verify failed"):
        sites.follow(another, "south", stranger, witness=False)

    address = servers.one.by_tls(role, "record", servers.authority)
    sites.follow(there, "south", address, witness=False)
    with closing(open_system(here, now=START)) as system:
        observation.record(system.desk, system.reader, words="A silver Corsa")
    until(
        lambda: sites.read_status(here).records == sites.read_status(there).records,
        "what was told has not come to the second site",
    )
    ((tls, many),) = servers.one.run(BY_TLS.format(role))
    assert tls is True
    assert many


def test_a_force_asks_the_hub_who_answers(servers: Pair) -> None:
    servers.one.run("CREATE DATABASE hub")
    with psycopg.connect(servers.one.inside("hub"), autocommit=True) as hub:
        national.set_up(hub)
        national.add_force(hub, "aldmere")
    signs_in(servers, "force_aldmere")
    with closing(HubLink(servers.one.by_tls("force_aldmere", "hub", servers.authority))) as link:
        assert link.read_messages() == []
        ((tls, _),) = servers.one.run(BY_TLS.format("force_aldmere"))
        assert tls is True
    stranger = HubLink(servers.one.by_tls("force_aldmere", "hub", servers.stranger))
    with closing(stranger), pytest.raises(NoHub):
        stranger.read_messages()
