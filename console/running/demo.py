"""The command for the demo: fifteen invented cases recorded by ordinary commands, then a tour of
the questions.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from console.engine.parsing import BadInput
from console.engine.session import CommandSession, note
from console.running import tour
from console.running.demo_store import DemoStore
from demo import story

if TYPE_CHECKING:
    from demo.story import StoryStep, Telling

STORE = "demo-store"


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command()(demo)


def demo(
    context: typer.Context,
    directory: Annotated[
        str | None,
        typer.Argument(metavar="[DIR]", help=f"Where the store goes (default: {STORE})."),
    ] = None,
) -> None:
    """Make a demo store and show what it can answer. It holds fifteen invented cases. Run again on
    the same store it changes nothing; the store stays for you to explore."""
    session: CommandSession = context.obj
    if session.run is None or session.clock:
        raise BadInput("the demo sets its own times: run it without --clock")
    store = DemoStore(directory or session.store or STORE, session.home, session.run)
    try:
        telling = tell(store, story.stories())
        data, lines = tour.walk(store, telling)
        session.print_message(data, lines)
    except story.StoryFault as fault:
        raise BadInput(str(fault)) from fault
    finally:
        store.kept.close()


def tell(store: DemoStore, steps: Sequence["StoryStep"]) -> "Telling":
    """Record the steps of the demo's stories in the store. The store is created if it does not
    exist.

    Raises BadInput for a live store, and for a store with other contents; StoryFault if a step
    fails.
    """
    first = steps[0]
    _open(store, first.at - timedelta(hours=1))
    telling = story.Telling(steps, store.command, store.recorded, store.reached())
    if store.reached() > first.at and not any(store.recorded(s.command_id) for s in steps):
        raise BadInput(
            f"{store.printable_options} contains other records: name a new store for the demo"
        )
    note(f"Fifteen invented cases, {len(steps)} steps, 2010 to 2012 …")
    count = telling.run_steps(_progress(len(steps)))
    note(f"{count} steps recorded." if count else "Recorded before: nothing was changed.")
    return telling


def _open(store: DemoStore, before: datetime) -> None:
    """Open the demo's store. If there is none, create one whose clock shows the time `before`."""
    if store.command(["stages"]).code == 0:
        if not store.system.synthetic:
            raise BadInput(
                f"{store.printable_options} is a live store: name a synthetic store for the demo"
            )
        return
    made = store.command(["--clock", before.isoformat(), "init", "--synthetic"])
    if made.code:
        raise BadInput(made.err.strip().removeprefix("continuum: "))


def _progress(total: int) -> Callable[["StoryStep"], None]:
    """Return a function that shows the demo's progress on one line, at a terminal only."""
    done = 0

    def show(step: "StoryStep") -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            sys.stderr.write(f"\r{done:>4} of {total}  {step.at:%Y-%m-%d}  {step.story}{end}")
            sys.stderr.flush()

    return show
