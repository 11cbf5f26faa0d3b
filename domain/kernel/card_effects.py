"""Describe how an event counts in a team's report card (`Meaning.card`);
`projections/families/report_card` applies the description.
"""

import msgspec

from domain.kernel.codes import CardMeasure


class Counts(msgspec.Struct, frozen=True):
    """The condition under which an event counts for this measure. An event always counts if there
    is no `field`; otherwise if the `field` has one of these values or, without values, any value
    that is not in `but`.
    """

    measure: CardMeasure
    field: str | None = None
    values: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def applies_to(self, event: msgspec.Struct) -> bool:
        """Return whether this event counts under the measure."""
        if self.field is None:
            return True
        value = getattr(event, self.field)
        return value in self.values if self.values else value not in (None, *self.but)
