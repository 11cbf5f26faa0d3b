"""Each process that serves reads the network into memory before the first query needs it."""

from threading import Event

import pytest
from starlette.testclient import TestClient

from domain.kernel.envelope import LogUnavailable
from network.index import index
from tests.commands.office import Office, opened
from tests.processes import until
from web.app import make_app
from web.server import warm_up


def test_the_network_is_read_ahead_and_kept_up_also_after_a_failure(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    office: Office = opened(tmp_path_factory.mktemp("ahead") / "store")
    office.person("Vince Tarrow")
    office.system.keep_up()
    views, failed = office.system.views, list[int]()
    asking = views.asking

    def fails_first(*asked: object) -> object:
        if not failed:
            failed.append(1)
            raise LogUnavailable("the views do not answer")
        return asking()

    def known() -> int:
        with asking() as (db, _):
            held = index._KEPT.get(db.engine)
            return len(held.ids) if held and held.at else 0

    monkeypatch.setattr(views, "asking", fails_first)
    end = warm_up.prepare(office.system, Event(), interval=0.01)
    try:
        until(lambda: known() == 1, "the network is not read")
        office.person("Barry Sleight")
        office.system.keep_up()
        until(lambda: known() == 2, "it does not follow")
    finally:
        end()
    assert failed
    office.system.close()


def test_of_views_that_keep_no_index_none_is_made(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No index of the network is built when the server starts, if the views do not store one. It
    would have to be built again for each query."""
    office: Office = opened(tmp_path_factory.mktemp("ahead") / "store")
    office.person("Vince Tarrow")
    office.system.keep_up()
    with office.system.reading() as db, pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.kernel.schema.struck", lambda *_: True)
        patch.setattr(index, "Index", None)
        index.read_ahead(db)
    office.system.close()


def test_the_rest_of_the_program_is_loaded_once_and_after_the_first_answer(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    office: Office = opened(tmp_path_factory.mktemp("ahead") / "store")
    answered, order = Event(), list[str]()
    app = make_app(office.system, answered=answered)
    end = warm_up.prepare(office.system, answered, lambda: order.append("loaded"), interval=3600)
    order.append("begun")
    try:
        client = TestClient(app, base_url="http://localhost")
        assert client.get("/healthz").text == "alive\n"
        until(lambda: len(order) == 2, "nothing is loaded")
    finally:
        end()
    assert order == ["begun", "loaded"]
    office.system.close()
