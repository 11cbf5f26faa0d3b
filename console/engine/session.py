"""The session of one command: the store that it opened, and the printing of its answer.

Data goes to standard output, everything else to standard error; with `--json` the data is one JSON
document. Exit codes: 0 ok, 2 bad input, 3 denied, 4 integrity failure, 5 unavailable. The file is
long because everything that a command does with its session is in one class.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from access.who_may import decide, scope
from commands.families import rejudging
from commands.intelligence import alert_triggers, alerting, standing_watch
from commands.kernel import blaming_language, entity, item_references
from commands.people_and_teams import confirming, enrolment
from console.engine import tokens
from console.engine.parsing import BadInput, choose_moment, parse_day, parse_times
from console.engine.streams import give_receipt
from domain.data_protection import access_log
from domain.forms import intervals, local, typed
from domain.kernel import envelope, values
from installation import log_lines, opening, second_maker, settings
from installation import system as installed_system
from projections import all_views
from projections.composed import finding
from projections.families import cases

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Desk, Receipt
    from domain.kernel.acts import Act
    from domain.kernel.values import Reader
    from installation.system import System
    from projections.generations.current import FrozenViews
    from projections.generations.making import RebuildProgress
    from projections.kernel.database import Db

#: Commands that need no sign-in and no valid token. The command `record` stores entries in the
#: outbox until the user has signed in.
SIGNING = frozenset({"login", "logout", "record"})
#: Commands that do not wait until views are rebuilt. They store an entry before they read a view,
#: read no view, or rebuild the views themselves.
WAITING_FOR_NONE = SIGNING | {
    "backup",
    "init",
    "restore",
    "serve",
    "views rebuild",
    "views status",
    "watch",
}

#: The last year allowed in a typed time: microseconds can be stored until 2106
#: (ledger/database/batch.py).
LAST_YEAR = 2099


@dataclass
class OpenStore:
    """A store that stays open while one process runs several commands."""

    system: "System | None" = None

    def close(self) -> None:
        """Close the store, if it is open."""
        if self.system:
            self.system.close()
            self.system = None


class CommandCall(Struct, frozen=True):
    """One of several commands that use the same open store (`kept`): its name and its command id,
    if it has one."""

    kept: OpenStore | None
    query: str
    command_id: UUID | None = None


#: A function that runs a command line on an open store, which stays open, with a text as standard
#: input. It returns the exit code, the standard output and the standard error.
Run = Callable[[Sequence[str], str, OpenStore], tuple[int, str, str]]


@dataclass
class CommandSession:
    """One call of a command: its global options, and its store, which is opened when first needed.

    `run` runs further commands in the same call; `kept` is a store that stays open between calls.
    `query` is the name of the command, and `why` the purpose of access.
    """

    store: str | None = None
    home: str | None = None
    user: str | None = None
    teams: Sequence[str] = ()
    controller: str | None = None
    clock: str | None = None
    json: bool = False
    id_only: bool = False
    why: str | None = None
    query: str = ""
    command_id: UUID | None = None
    run: Run | None = field(default=None, repr=False)
    kept: OpenStore | None = field(default=None, repr=False)
    _system: "System | None" = field(default=None, repr=False)
    _warned: bool = field(default=False, repr=False)

    def settings(self) -> Any:
        """Return the settings of the installation, in which the global options of this call of the
        program take precedence."""
        loaded = settings.load_settings(
            store=self.store,
            home=self.home,
            user=self.user,
            team=next(iter(self.teams), None),
            controller=self.controller,
        )
        log_lines.start_logging(loaded.log_level)
        return loaded

    def open(self, *, create: bool = False, synthetic: bool = False) -> "System":
        """Return the store, which is opened first if necessary. Raises BadInput for --controller
        if the store has accounts."""
        if self._system is None:
            now = self.clock_option()
            settings = self.settings()
            if self.kept and self.kept.system:
                self._system = self.kept.system.serving(settings, now)
            else:
                system = opening.open_system(settings, create=create, synthetic=synthetic, now=now)
                system.views.helper = lambda *made: second_maker.helping(system, *made)
                self._system = system
            if self.controller is not None and self._system.requires_sign_in:
                raise BadInput(
                    "--controller is for a store without accounts. Leave it out: your account or "
                    "the settings "
                    "name the controller"
                )
            if self.query not in WAITING_FOR_NONE:
                self._have_views_made(self._system)
            if self.query not in SIGNING:
                self.prove()
            if self.kept:
                self.kept.system = self._system
            _SHOWN.set(self.zone)
        return self._system

    def _have_views_made(self, system: "System") -> None:
        """Rebuild the views whose definition has changed in an upgrade. If another process is
        rebuilding them, print a note that older rows are shown."""
        if not system.views.outdated:
            return
        try:
            made = system.views.make(Making())
        except envelope.LogUnavailable:
            return  # the query that follows reads the views and raises the same error
        if not made and (picture := system.views.picture()):
            note(note_older_views(picture))

    def prove(self) -> None:
        """Continue as the user whose token is on this machine, if the store requires a sign-in.
        Raises the errors of `console.engine.tokens.proved`."""
        system = self.open()
        if system.requires_sign_in:
            self._system = tokens.proved(system, self.user, self.query)
        elif not (system.synthetic or system.vouched):
            self._system = tokens.open_for_token(system, self.user)

    def prove_again(self) -> None:
        """Require a second factor that was given just now, before a sensitive command. Raises
        Denied.
        """
        if self.open().requires_sign_in:
            tokens.require_fresh(self.open())

    @property
    def desk(self) -> "Desk":
        return self.open().desk

    @property
    def reader(self) -> "Reader":
        """Return the user of this call as the reader of its answers. Raises Denied if a synthetic
        store with accounts has no account of this name, except for the command `record`. A live
        store requires a sign-in.
        """
        system = self.open()
        reader = system.reader
        typed = reader.closed and not system.vouched and reader.name != settings.UNNAMED
        if not typed or reader.roles or self._warned:
            return reader
        error = enrolment.refusal_of_name(system.desk, reader.name)
        if error and self.query != "record":
            raise error
        if error:
            self._warned = True
            note(f"{error} Recorded under this name all the same.")
        return reader

    def duty(self, act: "Act") -> None:
        """Raise Denied if the user has no role for this action on the whole store.

        On a store without accounts, and for a job with access to the store's files, every action is
        allowed. The action is also allowed if the store cannot be opened, so that a damaged store
        can be examined.
        """
        try:
            reader = self.open().reader
        except (values.SignInFirst, envelope.LogUnavailable, *installed_system.INTEGRITY):
            return
        if reader.roles:
            decide.require(reader, act)

    def reading(self) -> "AbstractContextManager[Db]":
        """Return a context with the views of the store, for a query."""
        return self.open().reading()

    def clock_option(self) -> datetime | None:
        """Return the time that the option --clock sets for a synthetic store; None if it was not
        given. Raises BadInput."""
        if not self.clock:
            return None
        at = parse_times(self.clock, UTC)[0]
        if at.year > LAST_YEAR:
            raise BadInput(
                f"--clock: the last year of a synthetic store is {LAST_YEAR}. Give an earlier time"
            )
        return at

    def wall_clock(self) -> datetime:
        """Return the current time, for a command that does not open a store."""
        return self.clock_option() or datetime.now(UTC)  # noqa: TID251

    def now(self) -> datetime:
        return self.open().clock()

    @property
    def zone(self) -> tzinfo:
        """Return the time zone of typed times that name none: London's, or UTC in a synthetic
        store.
        """
        return UTC if self.open().synthetic else local.LONDON

    def time(self, text: str, *, last: bool = False, mark: bool = False) -> datetime:
        """Return the moment that the user typed as a time. In the hour that occurs twice when the
        clocks change, the user has to choose, and the chosen time is printed. Raises BadInput if
        the user does not choose, because a guessed time could be wrong.
        """
        counted: list[date] = []
        readings = parse_times(text, self.zone, last=last, mark=mark, today=self._counting(counted))
        moment = readings[0] if len(readings) == 1 else choose_moment(text, readings)
        if moment is None:
            raise BadInput(
                f"{local.ambiguity_question(text, readings)} Add the time zone to the time"
            )
        whole = typed.names_day(text)
        if counted and whole:
            self.day(text)
        elif counted or len(readings) > 1 or (not whole and local.occurs_twice(moment, self.zone)):
            note(f"Read as {local.format_moment(moment, self.zone)}.")
        return moment

    def day(self, text: str) -> date:
        """Return the day that the user typed. For a word such as "yesterday", print the date that
        it means. Raises BadInput.
        """
        counted: list[date] = []
        day = parse_day(text, self._counting(counted))
        if counted:
            note(f"Read as {day:%A} {day.day} {day:%B %Y}.")
        return day

    def _counting(self, counted: list[date]) -> Callable[[], date]:
        """Return a function that returns today's date and appends it to `counted`, so that the
        caller can see whether the date was used."""

        def today() -> date:
            counted.append(self.today())
            return counted[-1]

        return today

    def today(self) -> date:
        """Return today's date in the time zone of typed times. For a repeated command id, return
        the date of its first use: then "yesterday" means the same day as before, and the command is
        recognised as a repetition."""
        first = self.command_id and self.desk.first_recorded_at(self.command_id)
        return (first or self.now()).astimezone(self.zone).date()

    def when(self, text: str | None, *, last: bool = False, mark: bool = False) -> datetime | None:
        """Return the moment that the user typed as a time; None without a text."""
        return self.time(text, last=last, mark=mark) if text else None

    def close(self) -> None:
        if self._system and not self.kept:
            self._follow_up(self._system)
            self._system.close()
            self._system = None

    def _follow_up(self, system: "System") -> None:
        """After a command, raise the alerts that its facts cause, and reopen decisions that the
        facts contradict, in case no background process does this. Errors are ignored, because the
        command's facts are already recorded."""
        if not system.desk.recorded:
            return
        if not alert_triggers.may_follow(system.desk.recorded):
            return
        with suppress(envelope.LogUnavailable, values.Refused, *installed_system.INTEGRITY):
            rejudging.reopen(system.desk, dict(system.desk.recorded))
            alerting.start_deadlines(system.desk)
            alerting.make_hits_due(system.desk, dict(system.desk.recorded))

    # --- printing the answer -----------------------------------------------------------------

    def answer(
        self,
        data: object,
        lines: Iterable[str],
        *,
        touched: "Sequence[Any]" = (),
        beside: object = None,
    ) -> None:
        """Print an answer that contains data of the record: as JSON, as an id alone, or as lines of
        text.

        First, every id in the data is recorded in the access log (Data Protection Act 2018, s.62).
        Raises LogUnavailable if that fails; then nothing is printed. `touched` are matches that the
        reader may not see; `beside` is further data that only the lines contain.
        """
        import msgspec

        self.consulted(msgspec.json.encode([data, beside]), touched)
        self.print_message(data, lines)
        if lacking := self.open().lacking:
            subject = "One record is" if lacking == 1 else f"{lacking} records are"
            note(
                f"{subject} not in this answer yet: ask again in a moment. "
                "Nothing recorded is lost."
            )

    def print_message(self, data: object, lines: Iterable[str]) -> None:
        """Print an answer without data of the record, such as a receipt, a count or a state."""
        if self.id_only and (message_id := _id_of(data)):
            sys.stdout.write(f"{message_id}\n")
        elif self.json:
            import msgspec

            sys.stdout.write(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
            sys.stdout.write("\n")
        else:
            for line in lines:
                sys.stdout.write(_one_line(clean(line)) + "\n")
        if self._system and self.desk.recorded:
            give_receipt()
        self._offer()

    def _offer(self) -> None:
        """Print the suggestions for blaming words in the recorded text. If the recorded time is
        uncertain, also print a note about the clock."""
        if self._system and (offered := self.desk.offered):
            for finding in offered:
                note(f"Language: {blaming_language.describe(finding)}")
            offered.clear()
        if self._system and self.desk.clock_said:
            note(self.desk.clock_said)
            self.desk.clock_said = None

    def consulted(self, shown: bytes, touched: "Sequence[Any]" = ()) -> None:
        """Record in the access log that the ids in `shown` are about to be shown. Raises
        LogUnavailable."""
        self.open().consulted(self.query, access_log.ids_in(shown), self._reason(), touched)

    def log_ids_in_message(self, refusal: str) -> None:
        """Record in the access log the ids in an error message that the reader may see. An id that
        the reader typed themselves does not count as shown if it is hidden or unknown.
        """
        named = access_log.ids_in(refusal.encode())
        if self._system and named:
            with self.reading() as db:
                seen = scope.visible_items(db, self.reader, named)
            if shown := [str(item) for item in named if item in seen]:
                self.consulted(" ".join(shown).encode())

    def _reason(self) -> str | None:
        """Return the reason for this query: as given, or, if one is required, typed at a
        terminal."""
        if self.why or not self.open().wants_why(self.query) or not sys.stdin.isatty():
            return self.why
        sys.stderr.write("Why do you look it up? The access log records the reason (Enter: none) ")
        sys.stderr.flush()
        self.why = sys.stdin.readline().strip() or None
        return self.why

    def receipt(self, receipt: "Receipt", title: str, *more: str) -> None:
        """Print the receipt of a command, with a sentence about the recorded fact. The receipt of a
        proposal names the accounts that may confirm it.
        """
        if receipt.proposed:
            receipt = replace(
                receipt, confirmers=confirming.describe_confirmers(self.desk, receipt)
            )
        self.print_message(receipt, [f"{title}: {receipt.id}", *more])
        self.follow_up()

    def follow_up(self) -> None:
        """Update the views after the receipt was printed, unless another process does so. After a
        few log entries the update is left to the next query, because it would take a fifth of the
        command's time. Errors are ignored, because the facts are already recorded."""
        sys.stdout.flush()
        system = self.open()
        views = system.views
        if views.followed():
            return
        follows = alert_triggers.may_follow(system.desk.recorded)
        if follows or views.far_behind(all_views.knowledge()):
            system.keep_up()
        if views.behind:
            note("Recorded. The views are behind: see continuum views status, or views rebuild.")
        elif follows:
            standing_watch.record_matches(system.desk)

    # --- finding the items that the user names -----------------------------------------------

    def entity(self, who: str) -> "tuple[UUID, str]":
        """Return the id and the kind of the person or thing that the text names.

        If only hidden records have that name, the workers responsible for them are informed of the
        query. Raises what `commands.kernel.entity.resolve_entity` raises.
        """
        try:
            with self.reading() as db:
                return entity.resolve_entity(self.desk, db, self.reader, who)
        except (values.Refused, values.Denied):
            with self.reading() as db:
                touched = finding.find_silent_hits(db, self.reader, who)
            self.consulted(b"", touched)
            raise

    def causes(self, refs: Sequence[str] | None) -> tuple[str, ...]:
        """Return the ids of the causes that the user names. Raises what
        `commands.kernel.item_references.causes` raises.
        """
        return item_references.causes(self.desk, self.reader, refs or ())

    def case(self, text: str | None) -> UUID | None:
        """Return the id of the case with this number, reference or id. Raises BadInput if there
        is none."""
        if text is None:
            return None
        with self.reading() as db:
            found_item = cases.find(db, self.reader, text)
        if found_item is None:
            self.raise_if_behind()
            raise BadInput(f"there is no case {text!r}. List them with: continuum cases")
        return found_item

    def raise_if_behind(self) -> None:
        """Raise LogUnavailable while the views lack the newest facts, which may include the item
        that the user named.
        """
        if self.open().lacking:
            raise envelope.LogUnavailable(
                "this item cannot be found yet, because the newest records are still being "
                "added: try again in a moment"
            )

    def item(self, text: str, *kinds: str) -> UUID:
        """Return the id of the item that the text names. If the text is the name of a hidden person
        or thing, the workers responsible for it are informed of the query. Raises what
        `commands.kernel.item_references.item` raises.
        """
        try:
            with self.reading() as db:
                return item_references.item(self.desk, db, self.reader, text, *kinds)
        except values.Hidden:
            if item_references.may_be_a_name(text, *kinds):
                with self.reading() as db:
                    touched = finding.find_silent_hits(db, self.reader, text)
                self.consulted(b"", touched)
            self.raise_if_behind()
            raise


def _id_of(data: object) -> Any:
    return data.get("id") if isinstance(data, dict) else getattr(data, "id", None)


def short(item_id: UUID | str | None) -> str:
    """Return the last eight digits of an id, which are enough to recognise it; "-" if there is no
    id."""
    return str(item_id)[-8:] if item_id else "-"


def clean(text: str) -> str:
    """Return a text without characters that could move the terminal's cursor or change the reading
    order."""
    return "".join(
        char
        if char in "\t\n" or (char.isprintable() and char not in _TURNING)
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def _one_line(text: str) -> str:
    """Return a text in which all lines after the first are indented, so that no line of the text
    looks like a line of the program.
    """
    return text.replace("\n", "\n          ")


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def note(text: str) -> None:
    """Print a note for the user on standard error, so that it is not in the output that other
    programs read."""
    sys.stderr.write(clean(text) + "\n")


class Making:
    """Prints the progress of a rebuild of the views. At a terminal, each new percentage overwrites
    the one before.
    """

    def __init__(self) -> None:
        self._last = -1

    def __call__(self, progress: "RebuildProgress") -> None:
        if progress.percent == self._last or not (sys.stderr.isatty() or self._last < 0):
            return
        self._last = progress.percent
        end = "\n" if self._last == 100 or not sys.stderr.isatty() else "\r"
        sys.stderr.write(f"The views are being rebuilt; no record is lost: {self._last} %{end}")
        sys.stderr.flush()


def note_older_views(picture: "FrozenViews") -> str:
    """Return the note that the printed rows are from older views, which are no longer updated."""
    when = f" as of {stamp(picture.at)}" if picture.at else ""
    progress = f" ({picture.percent} %)" if picture.percent is not None else ""
    return f"This answer shows the records{when}. They are being updated{progress}."


#: The time zone in which this call prints times. It is set when the store is opened.
_SHOWN: ContextVar[tzinfo] = ContextVar("shown", default=UTC)


def stamp(moment: datetime | None) -> str:
    """Return a moment as text for people, to the minute, with its time zone; "-" if there is no
    moment."""
    return f"{moment.astimezone(_SHOWN.get()):%Y-%m-%d %H:%M %Z}" if moment else "-"


def happened(moment: datetime | None) -> str:
    """Return the time of an event as text for people. If only the day is given, the time is stored
    as midnight in London, and the day in London is returned (in UTC it would be the day before in
    summer)."""
    there = moment.astimezone(intervals.LONDON) if moment else None
    return f"{there:%Y-%m-%d}" if there and there.time() == time() else stamp(moment)
