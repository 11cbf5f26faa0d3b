"""A store opened by its settings makes ids, has a clock, shows the record as it was at a moment,
and closes its resources."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from commands.information import observation
from domain.data_protection.retention import DEFAULT, GroupRule
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from installation.clock import Clock, new_id
from installation.log_lines import start_logging
from installation.opening import open_system
from installation.policy import policy_of
from installation.settings import BadSettings, Settings, load_settings
from installation.system import System
from projections.information import queue
from tests.console.conftest import shell

START = datetime(2011, 3, 18, 9, 0, tzinfo=UTC)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.timedeltas(timedelta(milliseconds=1), timedelta(days=9)))
def test_ids_go_by_time(at: datetime, more: timedelta) -> None:
    """Ids increase with time. They begin with milliseconds (version 7 of RFC 9562), so a later id
    is greater."""
    one, other = (new_id(Clock(when)) for when in (at, at + more))
    assert one < other
    assert (one.version, one.variant) == (7, UUID(int=2 << 62).variant)
    assert one != new_id(Clock(at))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(store=str(tmp_path / "store"), user="ann")


@pytest.fixture
def system(settings: Settings) -> Iterator[System]:
    made = open_system(settings, create=True, synthetic=True, now=START)
    yield made
    made.close()


def test_the_state_of_knowledge_at_a_moment(system: System) -> None:
    """The record as of a moment contains the facts recorded by then, and no later fact. The same is
    true of a position in the log."""
    receipts = []
    for number in range(4):
        system.clock.given_time = START + timedelta(hours=number + 1)
        receipts.append(observation.record(system.desk, system.reader, words=f"night {number}"))

    def known(until: datetime | None = None, place: int | None = None) -> int:
        with system.views.reading_at(until, ("evidence", place) if place else None) as db:
            return len(queue.queue(db, system.reader, START, queue.Clocks()))

    assert [known(receipt.recorded) for receipt in receipts] == [1, 2, 3, 4]
    assert known(receipts[1].recorded - timedelta(microseconds=1)) == 1
    assert known(START - timedelta(days=1)) == 0
    assert known() == 4
    assert known(place=3) == 2


def test_another_reader_is_served_on_the_same_store(system: System, settings: Settings) -> None:
    other = system.serving(settings.model_copy(update={"user": "bea"}), START + timedelta(days=1))
    observation.record(other.desk, other.reader, words="words")
    log = system.logs["evidence"]
    (fact,) = log.read(log.last() - 1, 1)
    assert (fact.by, fact.recorded) == ("bea", START + timedelta(days=1))
    with pytest.raises(Refused, match="cannot go back to the time of --clock"):
        system.serving(settings, START)


def test_a_request_decides_by_the_settings_under_which_it_is_served(
    system: System, settings: Settings
) -> None:
    policy = system.desk.policy
    served = system.serving(settings.model_copy(update={"urgent_hours": 2}), system.clock())
    told = replace(policy, urgent=timedelta(hours=2))
    assert told != policy
    for one in (served, served.briefly("bob"), served.briefly("bob").vouched_for("cyd")):
        assert one.desk.policy == told
    assert system.briefly("bob").desk.policy == policy, "of this request alone"


def test_the_police_work_under_part_3_and_everybody_else_under_uk_gdpr(tmp_path: Path) -> None:
    home = tmp_path / "store"
    for controller, regime in (("police", "part-3"), ("a charity", "uk-gdpr")):
        own = Settings(store=str(home), controller=controller)
        made = open_system(own, create=True, synthetic=True, now=START)
        assert (made.reader.controller, made.reader.regime) == (controller, regime)
        made.close()


def test_making_a_store_again_changes_nothing(system: System, settings: Settings) -> None:
    before = system.logs["evidence"].last()
    again = open_system(settings, create=True, synthetic=True, now=START)
    assert again.logs["evidence"].last() == before
    again.close()
    with pytest.raises(Refused, match="synthetic store already"):
        open_system(settings, create=True)


def test_a_live_store_takes_no_clock(settings: Settings) -> None:
    open_system(settings, create=True).close()
    with pytest.raises(Refused, match="live store"):
        open_system(settings, now=START)


def test_lost_keys_are_named(system: System, settings: Settings) -> None:
    (Path(settings.store) / "keys" / "blind.key").unlink()
    with pytest.raises(LogUnavailable, match=r"blind\.key is missing"):
        open_system(settings, now=START)


@pytest.mark.postgres
def test_an_empty_database_is_no_store_and_needs_no_keys(postgres_url: str, tmp_path: Path) -> None:
    empty = Settings(store=postgres_url, home=tmp_path / "home")
    with pytest.raises(LogUnavailable, match="is no store yet: make it with: continuum init"):
        open_system(empty)
    open_system(empty, create=True, synthetic=True).close()
    (tmp_path / "home" / "keys").rename(tmp_path / "elsewhere")
    with pytest.raises(LogUnavailable, match="no directory of keys"):
        open_system(empty)


def test_an_unknown_setting_is_named_with_those_that_are_known(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTINUUM_STROE", "x")
    with pytest.raises(
        BadSettings, match=r"the environment sets CONTINUUM_STROE, which are not settings"
    ):
        load_settings()
    monkeypatch.delenv("CONTINUUM_STROE")
    assert load_settings(user="ann", store=None).user == "ann"


def test_a_setting_that_is_none_is_reported_with_the_one_that_is_like_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "continuum.toml").write_text('stor = "x"')
    with pytest.raises(BadSettings, match=r"stor is not known here: is store meant\?"):
        load_settings()


def test_what_is_set_anew_counts_for_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = load_settings()
    assert load_settings() == before
    (tmp_path / "continuum.toml").write_text("no_value_sample = 7", "utf-8")
    assert load_settings().no_value_sample == 7
    (tmp_path / "continuum.toml").write_text("no_value_sample = 8", "utf-8")
    assert load_settings().no_value_sample == 8
    monkeypatch.setenv("CONTINUUM_NO_VALUE_SAMPLE", "9")
    assert load_settings().no_value_sample == 9
    monkeypatch.delenv("CONTINUUM_NO_VALUE_SAMPLE")
    (tmp_path / "continuum.toml").unlink()
    assert load_settings() == before


@pytest.mark.parametrize("source", ["file", "environment"])
def test_the_review_periods_of_a_group_can_be_set(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if source == "file":
        said = "[mopi_groups.3]\nclear_years = 7\nthen_years = 4\n"
        (tmp_path / "continuum.toml").write_text(said, "utf-8")
    else:
        said = '{"3": {"clear_years": 7, "then_years": 4}}'
        monkeypatch.setenv("CONTINUUM_MOPI_GROUPS", said)
    assert policy_of(load_settings()).retention.groups == {**DEFAULT.groups, 3: GroupRule(7, 4)}


def test_the_environment_overrides_the_file_and_the_command_line_overrides_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "continuum.toml").write_text('user = "file"\nteam = "file"\n', "utf-8")
    monkeypatch.setenv("CONTINUUM_USER", "environment")
    monkeypatch.setenv("continuum_why_required_for", '["network", "search"]')
    read = load_settings()
    assert (read.user, read.team) == ("environment", "file")
    assert read.why_required_for == ("network", "search")
    assert load_settings(user="line").user == "line"


@pytest.mark.parametrize("value", ["", "network", '{"police"'])
def test_a_table_in_the_environment_that_is_no_json_is_named(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTINUUM_REGIMES", value)
    with pytest.raises(BadSettings, match="CONTINUUM_REGIMES has to be written as JSON"):
        load_settings()


def test_who_made_a_store_shares_it_with_processes_that_end(
    system: System, settings: Settings
) -> None:
    """Short-lived processes can open a store while the process that made it still uses it. (The
    last process that closes a store removes its write-ahead log, which must not happen too
    early.)"""
    for number in range(2):
        observation.record(system.desk, system.reader, words=f"ours {number}")
        ended = shell("--store", settings.store, "record", text=b"theirs")
        assert ended.returncode == 0, ended.stderr
    assert shell("--store", settings.store, "queue", "--json").stdout.count(b'"words"') == 4
    log = system.logs["evidence"]
    words = [getattr(fact.event, "words", None) for fact in log.read(0, log.last())]
    assert sorted(filter(None, words)) == ["ours 0", "ours 1", "theirs", "theirs"]


@pytest.fixture
def errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Yield a stand-in for standard error, until the test ends."""
    told = io.StringIO()
    monkeypatch.setattr(sys, "stderr", told)
    start_logging("warning")
    yield told
    monkeypatch.undo()
    start_logging("warning")


def test_what_a_library_warns_of_is_one_line_without_its_words(errors: io.StringIO) -> None:
    """A warning of a library is printed as one line without the library's text. (A connection pool
    whose connection broke had printed a traceback beside the command's answer.)
    """
    try:
        raise ValueError("Kayleigh Marlow")
    except ValueError:
        logging.getLogger("sqlalchemy.pool").exception("%s broke", "Kayleigh")
    (line,) = errors.getvalue().splitlines()
    told = json.loads(line)
    assert (told["library"], told["reason"], told["level"]) == (
        "sqlalchemy.pool",
        "ValueError",
        "error",
    )
    assert "Kayleigh" not in line


def test_a_library_that_nobody_hears_goes_on(errors: io.StringIO) -> None:
    """If standard error is closed, a library that writes to it still does its work."""
    errors.close()
    logging.getLogger("a library").warning("it is slow")
