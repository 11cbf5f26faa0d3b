"""Users sign in at the command line of a live store, on each database; a name without proof of
identity is refused.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyotp
import pytest

from commands.people_and_teams import role_proposal
from console.running import signing
from installation.clock import Clock
from tests.access.provider import Idp, running
from tests.console.conftest import Line

PASSWORD = "copper kettle seventeen"
MANAGER = "mgr.cole"


@dataclass
class Live:
    """A live store (not a synthetic one) with the token file of the signed-in user and the
    authenticator apps of all users. The clock moves on half a minute before each code, because a
    code works only once."""

    line: Line
    token: Path
    apps: dict[str, pyotp.TOTP] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def on_server(self) -> bool:
        return "://" in str(self.line.store)

    def digits(self, name: str) -> str:
        self.now += timedelta(seconds=30)
        return self.apps[name].at(self.now)

    def enrol(self, name: str) -> None:
        """Let a user set up an account with a code, choose a password, and sign in."""
        code = self.line("user", "enrol", name, "--json").json["code"]
        system = self.line.kept.system
        assert system
        self.apps[name] = pyotp.TOTP(system.credentials.begin(name, code).secret)
        answers = "\n".join((code, PASSWORD, PASSWORD, self.digits(name)))
        said = self.line("login", name, "--enrol", text=answers)
        assert said.code == 0, said.err

    def login(self, name: str) -> None:
        said = self.line("login", name, text=f"{PASSWORD}\n{self.digits(name)}\n")
        assert said.code == 0, said.err

    def close(self) -> None:
        """Give the administrator of a new store a password, let the administrator add a first user
        (dc.reed), and let a manager confirm this user's role.
        """
        self.enrol("it.khan")
        added = self.line("user", "add", "dc.reed", "--role", "detective", "--team", "Cherish")
        assert added.code == 0, added.err
        system = self.line.kept.system
        assert system
        manager = system.vouched_for(MANAGER).reader
        role_proposal.confirm(system.desk, manager, "dc.reed", role="detective")

    def as_reed(self) -> None:
        self.close()
        self.enrol("dc.reed")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def live(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Live]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONTINUUM_TOKEN_FILE", str(tmp_path / "mine" / "token"))
    store = str(tmp_path / "store")
    if request.param == "postgres":
        fresh: Callable[[], str] = request.getfixturevalue("fresh_database")
        store = fresh()
    made = Live(Line(store, tmp_path / "home"), tmp_path / "mine" / "token")
    monkeypatch.setattr(Clock, "__call__", lambda _: made.now)
    assert made.line("init", "--user", "it.khan", "--manager", MANAGER).code == 0
    yield made
    made.line.close()


def test_a_live_store_is_closed_only_when_somebody_can_open_it(live: Live) -> None:
    told = live.line.refused("user", "add", "dc.reed", "--role", "detective")
    assert "continuum user enrol it.khan" in told
    assert live.line("queue").code == 0
    live.close()
    assert live.line.refused("queue", "--user", "dc.reed", code=3).startswith("you are signed in")
    live.line("logout")
    for command in (["queue"], ["user", "list"], ["whoami"], ["erase", "x"], ["keys", "rotate"]):
        assert live.line.refused(*command, code=3) == "sign in first: continuum login"
    assert live.line.refused("queue", "--user", "dc.reed", code=3).startswith("sign in first")
    assert live.line.refused("user", "enrol", "dc.reed", code=3).startswith("sign in first")


def test_before_the_second_account_who_signed_in_is_known(live: Live) -> None:
    """On a store with one account, commands run as the user who signed in, even if no name is
    given. (A bug had made `whoami` not say that this user is the administrator.)
    """
    ends = live.line("init").out
    assert "continuum user enrol it.khan" in ends
    assert "continuum login it.khan --enrol" in ends
    assert live.line("whoami", "--json").json["user"] == "nobody-in-particular"
    live.enrol("it.khan")
    told = live.line("whoami", "--json").json
    assert (told["user"], told["proved"], told["closed"]) == ("it.khan", True, False)
    assert "until another account is added" in live.line("whoami").out
    item = live.line("record", "--id", text="He waits at the arcade.").out.strip()
    (event, *_) = live.line("show", item, "--json").json["events"]
    assert event["by"] == "it.khan"
    told = live.line("whoami", "--user", "psw.ellis", "--json").json
    assert (told["user"], told["proved"]) == ("psw.ellis", False)
    live.token.chmod(0o644)
    assert live.line("whoami", "--json").json["proved"] is False, "others may have copied it"
    live.token.chmod(0o600)
    live.line("logout")
    assert live.line("whoami", "--json").json["user"] == "nobody-in-particular"
    live.close()
    assert live.line("whoami", "--json").json["roles"] == ["administrator"]
    assert "enrol" not in live.line("init").out


def test_after_a_restore_no_matter_who_holds_the_keys_lets_the_first_in(live: Live) -> None:
    """After a restore, any user with the store's keys can enrol the first account, because no
    backup contains credentials.
    """
    live.as_reed()
    live.line.close()
    if live.on_server:
        with psycopg.connect(live.line.store) as server:
            server.execute("DROP SCHEMA credentials CASCADE")
    for file in live.line.home.glob("credentials.db*"):
        file.unlink()
    assert live.line.refused("queue", code=3) == "sign in first: continuum login"
    live.enrol("it.khan")
    assert live.line("user", "list").code == 0
    live.line("logout")
    assert live.line.refused("user", "enrol", "dc.reed", code=3).startswith("sign in first")


@pytest.mark.usually_on("sqlite")
def test_the_name_comes_from_the_token(live: Live) -> None:
    live.as_reed()
    told = live.line("whoami", "--json").json
    assert (told["user"], told["proved"], told["roles"]) == ("dc.reed", True, ["detective"])
    assert live.line("record", text="He waits at the arcade.").code == 0
    shown = live.line("queue", "--json").json
    assert len(shown) == 1
    assert live.token.stat().st_mode & 0o777 == 0o600


@pytest.mark.usually_on("sqlite")
def test_a_right_that_is_taken_is_gone_at_the_next_command(live: Live) -> None:
    live.as_reed()
    kept = live.token.read_bytes()
    assert live.line("refer", "--child", "Kayleigh Marlow").code == 0
    live.login("it.khan")
    assert live.line("user", "role", "take", "dc.reed", "detective").code == 0
    administrator = live.token.read_bytes()
    live.token.write_bytes(kept)
    assert live.line.refused("refer", "--child", "A child", code=3).startswith("your role does not")
    live.token.write_bytes(administrator)
    assert live.line("user", "lock", "dc.reed", "--reason", "a lost phone").code == 0
    live.token.write_bytes(kept)
    assert live.line.refused("whoami", code=3) == "sign in first: continuum login"
    live.token.write_bytes(administrator)
    assert live.line("user", "unlock", "dc.reed").code == 0
    live.token.write_bytes(kept)
    assert live.line.refused("whoami", code=3) == "sign in first: continuum login"


@pytest.mark.usually_on("sqlite")
def test_a_token_that_others_may_read_is_not_used(live: Live) -> None:
    live.as_reed()
    live.token.chmod(0o644)
    told = live.line.refused("whoami", code=3)
    assert f"chmod 600 {live.token}" in told
    live.token.chmod(0o600)
    assert live.line("whoami").code == 0


@pytest.mark.usually_on("sqlite")
def test_login_makes_no_directory_that_others_may_enter(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`login` makes its directory so that only its owner may open it. (In an earlier version
    `doctor` reported that others could enter it.)
    """
    monkeypatch.delenv("CONTINUUM_TOKEN_FILE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(live.line.home / "own" / ".config"))
    before = os.umask(0o022)
    try:
        live.enrol("it.khan")
    finally:
        os.umask(before)
    assert list(live.line.home.glob("own/.config/continuum/token-*"))
    found = {one["what"] for one in live.line("doctor", "--json").json["findings"]}
    assert "not encrypted" in found
    assert "open to others" not in found


@pytest.mark.parametrize("token", ["", "x" * 43, "\u00e4", "a\nb", "../../etc/passwd"])
@pytest.mark.usually_on("sqlite")
def test_a_token_that_nobody_gave_opens_nothing(live: Live, token: str) -> None:
    live.close()
    live.token.write_text(token, "latin-1")
    code = 5 if token == "\u00e4" else 3
    assert "Traceback" not in live.line.refused("whoami", code=code)


@pytest.mark.usually_on("sqlite")
def test_a_wrong_password_and_a_used_code_sign_nobody_in(live: Live) -> None:
    live.as_reed()
    live.line("logout")
    digits = live.digits("dc.reed")
    wrong = "that name, password or code is not right"
    assert live.line.refused("login", "dc.reed", text=f"guess\n{digits}\n", code=3) == wrong
    assert live.line("login", "dc.reed", text=f"{PASSWORD}\n{digits}\n").code == 0
    assert live.line.refused("login", "dc.reed", text=f"{PASSWORD}\n{digits}\n", code=3) == wrong


@pytest.mark.usually_on("sqlite")
def test_what_is_grave_asks_once_more(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    live.as_reed()
    assert live.line("network", "export", "--format", "csv", "--why", "a briefing").code == 0
    from access.signing_in import sessions

    with monkeypatch.context() as later:
        later.setattr(sessions, "FRESH", timedelta(seconds=-1))
        told = live.line.refused("network", "export", "--format", "csv", code=3)
        assert (
            told == "this command needs a fresh sign-in: enter your six-digit code with "
            "continuum login --again"
        )
    before = live.token.read_bytes()
    assert live.line("login", "--again", text=live.digits("dc.reed")).code == 0
    assert live.token.read_bytes() != before
    live.token.write_bytes(before)
    assert live.line("whoami").code == 3


@pytest.mark.usually_on("sqlite")
def test_words_win_over_a_token_that_ended(live: Live) -> None:
    """If the user's token has expired, a new entry is saved in the user's outbox. So it is not
    lost, and is not recorded under a name that was not proven."""
    live.as_reed()
    system = live.line.kept.system
    assert system
    before = system.logs["evidence"].last()
    live.token.write_text("ended")
    told = live.line.refused("record", "--urgent", "tonight", text="He has a knife.", code=3)
    assert told.startswith("NOTHING WAS RECORDED")
    (kept,) = (live.token.parent).glob("outbox-*/*")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert b"knife" not in kept.read_bytes()
    assert system.logs["evidence"].last() == before
    assert live.line.refused("record", "--from-outbox", code=3).startswith("sign in first")
    live.login("dc.reed")
    (sent,) = live.line("record", "--from-outbox", "--json").json
    assert not kept.exists()
    shown = live.line("show", sent["id"], "--json").json
    assert "He has a knife." in json.dumps(shown)
    assert live.line("record", "--from-outbox", "--json").json == []


def test_words_win_over_whatever_blocks_a_proof(live: Live) -> None:
    """A new entry is saved in the user's outbox if the named user is not the user of the token, or
    if the credentials cannot be read."""
    live.as_reed()
    told = live.line("record", "--user", "dc.lowe", text="Words under another name.")
    assert told.code == 3
    live.line.close()
    proofs = live.line.home / "credentials.db"
    # the file of credentials from before the upgrade exists, as in a store on a server that has not
    # been upgraded yet
    proofs.touch()
    proofs.chmod(0o644)
    assert live.line("record", text="Words while proofs lie open.").code == 3
    assert len(list(live.token.parent.glob("outbox-*/*"))) == 2
    live.line.close()
    proofs.unlink() if live.on_server else proofs.chmod(0o600)
    assert len(live.line("record", "--from-outbox", "--json").json) == 2


@pytest.mark.usually_on("sqlite")
def test_what_somebody_told_goes_out_under_no_other_name(live: Live) -> None:
    live.as_reed()
    system = live.line.kept.system
    assert system
    token = live.token.read_text()
    # another process ended the session, so that the token's owner is unknown
    system.credentials.sessions.close(token)
    live.line("record", text="First words.")
    live.login("dc.reed")
    ended = live.token.read_text()
    live.login("it.khan")
    administrator = live.token.read_text()
    live.token.write_text(ended)
    live.line("user", "list")
    from access.signing_in import sessions

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sessions, "IDLE", timedelta(seconds=-1))
        assert live.line("record", text="Second words.").code == 3
    live.token.write_text(administrator)
    said = live.line("record", "--from-outbox", "--json")
    assert len(said.json) == 1
    assert "1 entries of other people stay here" in said.err


def test_nothing_of_a_sign_in_is_written_where_others_read(
    live: Live, capfd: pytest.CaptureFixture[str]
) -> None:
    live.as_reed()
    live.line("logout")
    evil = 'dc.reed\n{"event": "signed in", "user": "it.khan"}\x1b[2J\u202e'
    said = live.line("login", evil, text=f"{PASSWORD}\n123456\n")
    assert said.code == 3
    for text in (said.err, said.out, *capfd.readouterr()):
        assert PASSWORD not in text
        assert "\x1b" not in text
        assert "signed in" not in text


@pytest.mark.usually_on("sqlite")
def test_an_administrator_reads_no_content(live: Live) -> None:
    """No command shows an administrator any content of the record, even if the administrator signed
    in.
    """
    live.as_reed()
    item = live.line("--id", "record", text="Kezia was seen at Mill Lane.").out.strip()
    live.login("it.khan")
    for command in (
        ["queue"], ["search", "Kezia"], ["show", item], ["trail", item], ["mine"], ["cases"],
        ["network", "export", "--format", "csv"], ["hits"], ["who-looked", item], ["user", "list"],
    ):  # fmt: skip
        said = live.line(*command, "--why", "curious")
        assert "Kezia" not in said.out + said.err.replace("'Kezia'", ""), command


# --- signing in at an identity provider -------------------------------------------------------


@pytest.fixture
def idp(live: Live, monkeypatch: pytest.MonkeyPatch) -> Iterator[Idp]:
    """Run the force's identity provider, which the store's settings name; its user approves every
    request.
    """
    with running() as made:
        monkeypatch.setenv("CONTINUUM_OIDC_ISSUER", made.issuer)
        monkeypatch.setattr(signing, "sleep", lambda seconds: made.approve())
        live.line.close()
        yield made


@pytest.mark.usually_on("sqlite")
def test_who_the_provider_knows_is_who_they_are_here(live: Live, idp: Idp) -> None:
    """A user who signs in at the identity provider needs no password of the store, not even the
    administrator.
    """
    assert live.line("user", "add", "dc.reed", "--role", "detective").code == 0
    said = live.line("login")
    assert said.code == 0, said.err
    assert "WDJB-MJHT" in said.err
    assert live.line("whoami", "--json").json["user"] == "dc.reed"
    idp.subject = "it.khan"
    assert live.line("login").code == 0
    assert live.line("user", "leave", "dc.reed").code == 0
    idp.subject = "dc.reed"
    told = live.line.refused("login", code=3)
    assert told == (
        "the identity provider says that you are dc.reed, but there is no account of that name here"
    )


@pytest.mark.usually_on("sqlite")
def test_no_administrator_makes_a_password_for_who_the_provider_knows(live: Live, idp: Idp) -> None:
    """An administrator cannot make a password for a user who signs in at the identity provider,
    because the administrator could then sign in as that user.
    """
    assert live.line("user", "add", "dc.reed").code == 0
    idp.subject = "it.khan"
    assert live.line("login").code == 0
    proposed = live.line("user", "enrol", MANAGER, "--json")
    assert (proposed.code, proposed.json["code"]) == (0, None)
    assert "another person has to confirm the code" in live.line.refused("user", "enrol", MANAGER)


@pytest.mark.usually_on("sqlite")
def test_the_provider_proves_anew_for_what_is_grave(live: Live, idp: Idp) -> None:
    live.line("user", "add", "dc.reed", "--role", "detective")
    live.line("login")
    before = live.token.read_text()
    idp.subject = "it.khan"
    assert "signed in another person than dc.reed" in live.line.refused("login", "--again", code=3)
    idp.subject, idp.auth_time = "dc.reed", 1
    assert "again" in live.line.refused("login", "--again", code=3)
    idp.auth_time = None
    assert live.line("login", "--again").code == 0
    assert live.token.read_text() != before
