"""Describe how an event counts in a team's report card (`Meaning.card`);
`projections/families/report_card` applies the description.
"""

import msgspec

from domain.kernel.codes import CardMeasure


class Counts(msgspec.Struct, frozen=True):
    """Declares that an event is counted under the measure `measure` of a team's report card.

    If `field` is None, the event always counts. Otherwise the event counts if its field named
    `field` has one of `values`; if `values` is empty, any value counts except None and the values
    in `but`.
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
