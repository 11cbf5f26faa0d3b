"""The normal forms under which vehicles, phones, accounts, places and names are compared and looked
up.
"""

from collections.abc import Iterator

import msgspec

from domain import forms
from domain.forms.earlier import earlier
from domain.forms.lookalikes import in_ascii, one_alphabet
from domain.kernel.values import EntityKind, QualityCode


class IndexedForm(msgspec.Struct, frozen=True):
    """A form under which a store may have indexed a thing."""

    index: str
    form: str
    #: The present normal form that a match must have. It is set if different things can share
    #: `form`.
    recorded_form: str | None = None


def index_of(kind: EntityKind) -> str:
    """Return the name of the blind index of today's normal forms of this kind."""
    return f"{kind}/2"


def normal_form(kind: EntityKind, text: str) -> tuple[str, tuple[QualityCode, ...]]:
    """Return a thing's normal form for comparison, and flags if the quality of the text is
    doubtful. No text is refused.
    """
    form = _form(kind, text.strip())
    while (again := _form(kind, form)) != form:
        form = again
    plate = forms.plate(form) if kind == "vehicle" else None
    return form, (("plate-never-issued",) if plate and "never-issued" in plate.flags else ())


def indexed_forms(kind: EntityKind, text: str) -> Iterator[IndexedForm]:
    """Yield the forms under which the index may hold the vehicle, phone, place or account that this
    text names: first the form that the program uses now, then the forms that earlier versions of
    the program stored.
    """
    normal, _ = normal_form(kind, text)
    if not normal:
        return
    yield IndexedForm(index_of(kind), normal)
    as_written = _as_written(kind, text.strip())
    if not text.isascii():  # an older store indexed a text with its look-alike letters as written
        yield IndexedForm(index_of(kind), as_written)
    match kind:
        case "place":
            yield IndexedForm(kind, as_written, normal)
        case "vehicle" | "phone" | "handle":
            for form in earlier(kind, text, normal):
                yield IndexedForm(kind, form, normal)


def _form(kind: EntityKind, text: str) -> str:
    """Return a text's normal form for comparison. Letters of other alphabets that look like Latin
    letters are replaced by those Latin letters: in a plate always; in an account's name only if the
    name also contains Latin letters.
    """
    if not text.isascii():
        upper = in_ascii(text.upper())
        if kind == "vehicle" and (forms.plate(upper) or forms.plate_partial(upper)):
            text = upper
        elif kind == "handle":
            text = one_alphabet(text)
    return _as_written(kind, text)


def _as_written(kind: EntityKind, text: str) -> str:
    match kind:
        case "vehicle":
            plate = forms.plate(text)
            return plate.normal if plate else forms.plate_partial(text) or forms.name(text)
        case "phone":
            return forms.number(text)
        case "handle":
            return forms.handle(text)
        case "place":
            return forms.place(text)
        case "person" | "incident":
            return forms.name(text)
