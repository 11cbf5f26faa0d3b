"""Commands that save a map, write notes on it, and withdraw it."""

from collections.abc import Sequence
from datetime import date
from typing import Unpack
from uuid import UUID

from msgspec import structs

from commands.kernel.declared import OnNamed, ignoring_desk
from commands.kernel.item_references import about
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named
from domain.intelligence import saved_map
from domain.intelligence.saved_map import ChartNoted, ChartSaved, Note, SavedMap, Shows
from domain.kernel.envelope import Event
from domain.kernel.values import ENTITY_KINDS, Reader
from projections.intelligence import saved_maps


def save(
    desk: Desk,
    reader: Reader,
    name: str,
    shows: Shows,
    *,
    again: str | None = None,
    around: str | None = None,
    also: Sequence[str] = (),
    hidden: Sequence[str] = (),
    opened: Sequence[str] = (),
    pins: Sequence[str] = (),
    **command: Unpack[Command],
) -> Receipt:
    """Save a map under a name or, with `again`, replace a saved map. If the reader changed nothing,
    nothing is recorded. Raises Hidden if the map names an item that the reader may not see, and
    Refused if `domain.intelligence.saved_map.save` does.
    """

    def stream() -> UUID:
        return about(desk, reader, again, "chart") if again else desk.begun(command)

    def them(names: Sequence[str]) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys(about(desk, reader, text, *ENTITY_KINDS) for text in names))

    def today() -> date:
        return desk.today()

    def decided(state: SavedMap) -> tuple[Event, ...]:
        spots = [saved_map.parse_position(pin) for pin in pins]
        saved = ChartSaved(
            name,
            about(desk, reader, around, *ENTITY_KINDS) if around else None,
            saved_map.with_dates(shows, today),
            them(also),
            them(hidden),
            them(opened),
            tuple(about(desk, reader, text, *ENTITY_KINDS) for text, _, _ in spots),
            tuple((x, y) for _, x, y in spots),
        )
        return saved_map.save(seen(state), saved)

    def seen(state: SavedMap) -> SavedMap:
        """Return the saved map without the parts that the reader may not see."""
        if state.saved is None:
            return state
        with desk.deciding() as db:
            layout = saved_map.visible_layout(
                state.saved, saved_maps.placed(db, reader, state.saved)
            )
        return structs.replace(state, saved=structs.replace(state.saved, **layout))

    return act_on_named(
        desk,
        reader,
        "chart.save",
        again or "",
        stream,
        SavedMap(),
        saved_map.evolve,
        decided,
        [name, shows, around, list(also), list(hidden), list(opened), list(pins)],
        **command,
    )


def note(
    desk: Desk, reader: Reader, which: str, of: str, words: str | None, **command: Unpack[Command]
) -> Receipt:
    """Write a note on a person, thing or link of a saved map, in place of the note that the reader
    sees there; an empty text removes the note. Raises Hidden, and Refused if
    `domain.intelligence.saved_map.note` does.
    """

    def named() -> tuple[UUID, UUID]:
        found_item = about(desk, reader, of, *ENTITY_KINDS, "link")
        return about(desk, reader, which, "chart"), found_item

    def stream() -> UUID:
        with desk.deciding() as db:
            return saved_maps.noted(db, reader, *named()) or desk.begun(command)

    def decided(state: Note) -> tuple[Event, ...]:
        item, found_item = named()
        saved, _ = desk.fold(item, SavedMap(), saved_map.evolve)
        return saved_map.note(saved, state, ChartNoted(item, found_item, words))

    return act_on_named(
        desk,
        reader,
        "chart.note",
        which,
        stream,
        Note(),
        saved_map.evolve_note,
        decided,
        [of, words],
        **command,
    )


#: Withdraw a saved map, so that it can no longer be opened.
withdraw = OnNamed(
    "chart.withdraw", "chart", SavedMap(), saved_map.evolve, ignoring_desk(saved_map.withdraw)
)
