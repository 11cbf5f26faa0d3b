"""Describe how an event counts in a team's report card (`Meaning.card`);
`projections/families/report_card` applies the description.
"""

import msgspec

from domain.kernel.codes import CardMeasure


class Counts(msgspec.Struct, frozen=True):
    """Declares that an event counts under `measure` in a team's report card.

    Without `field`, the event always counts. Otherwise it counts if its field of that name has one
    of `values`; if `values` is empty, it counts for any value except those in `but`.
    """

    measure: CardMeasure
    field: str | None = None
    values: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def applies_to(self, event: msgspec.Struct) -> bool:
        """Return whether this event meets the condition to count under the measure."""
        if self.field is None:
            return True
        value = getattr(event, self.field)
        return value in self.values if self.values else value not in (None, *self.but)
