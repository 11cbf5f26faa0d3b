"""A form on a page, made from a declared use case.

The page determines the place of the form, the choices that it offers and the values that are filled
in; the use case has the questions.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from msgspec import Struct, field

from access.who_may.decide import decide
from access.who_may.event_rules import acts_of
from domain.forms.local import LONDON
from domain.forms.written import as_typed
from domain.kernel.values import Reader
from usecases.kernel.fields import Declaration, Field
from usecases.kernel.registry import USE_CASES
from usecases.kernel.usecase import Bare
from web.site import labels

#: Examples of how to write a day and a time. (They are typed as text, because the language of the
#: browser would decide in the browser's own fields whether the day or the month comes first.)
HOW_TO_WRITE = {"day": "For example 18/3/2011.", "moment": "For example 18/3/2011 9.40pm."}
#: The template of the forms' fields.
FORM = "site/declared.html"


class PageForm(Struct, frozen=True):
    """A form on a page with its values, choices and errors. Fields whose values the page gives (the
    form's subject, and the fields in `told`) are hidden. If a page has several similar forms,
    `apart` makes their ids different, and `of` makes the names of their buttons different for
    screen readers."""

    name: Declaration
    values: Mapping[str, Any]
    offers: Mapping[str, Collection[str] | Mapping[str, str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    apart: str = ""
    of: str = ""

    @property
    def action(self) -> str:
        """Return the address to which the form is sent."""
        return f"/do/{self.name.named.slug}"

    @property
    def place(self) -> str:
        """Return the form's id, which makes the ids of its fields unique on a page."""
        slug = self.name.named.slug
        return f"{slug}-{self.apart}" if self.apart else slug

    @property
    def hidden(self) -> list[Field]:
        """Return the fields whose values the page knows. They are hidden fields of the form."""
        return [
            form_field
            for form_field in self.name.fields
            if form_field.name in self.told
            or (form_field == self.name.about and self.values.get(form_field.name))
        ]

    def asked(self, *, rare: bool) -> list[Field]:
        """Return the fields that the form shows at once. If `rare`, return instead the fields that
        are hidden behind "More"."""
        hidden = {form_field.name for form_field in self.hidden}
        return [
            form_field
            for form_field in self.name.fields
            if form_field.name not in hidden and form_field.ask.rare is rare
        ]

    def value(self, field: Field) -> str:
        """Return the value that is filled into a field of the form."""
        return value_of(field, self.values)

    def hint(self, field: Field) -> str:
        """Return the hint of a field; for a day or a time, an example of how to write it."""
        if field.form not in HOW_TO_WRITE:
            return field.ask.hint
        own = f"{field.ask.hint.removesuffix('.')}. " if field.ask.hint else ""
        return own + HOW_TO_WRITE[field.form]

    def choices(self, field: Field) -> Mapping[str, str]:
        """Return the choices that a field of the form offers."""
        return choices_of(field, self.values, self.offers.get(field.name))


class Filter(Struct, frozen=True):
    """The filter above a list, with which the user limits the rows. Fields in `told` are not shown,
    because the page gives their values."""

    fields: tuple[Field, ...]
    values: Mapping[str, Any]
    offers: Mapping[str, list[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    told: frozenset[str] = frozenset()

    @property
    def open(self) -> list[Field]:
        """Return the fields that the user may fill in: all fields of the filter, except those for
        which the page gives a value."""
        return [form_field for form_field in self.fields if form_field.name not in self.told]

    @property
    def chosen(self) -> bool:
        """Return whether the filter has only choices, boxes and dates. Only then its values may be
        in the page's address, because an address must not contain typed words."""
        plain = ("choice", "maybe", "tick", "moment", "day")
        return all(form_field.form in plain for form_field in self.open)

    @property
    def asks(self) -> bool:
        """Return whether the user has set any field of the filter to a value other than its
        default."""
        return any(
            self.values.get(form_field.name, form_field.default) != form_field.default
            for form_field in self.open
        )

    def value(self, field: Field) -> str:
        """Return the value that is filled into a field of the filter."""
        return value_of(field, self.values)

    def hint(self, field: Field) -> str:
        """Return the hint of a field of the filter."""
        return field.ask.hint

    def choices(self, field: Field) -> Mapping[str, str]:
        """Return the choices of a filter's field; an optional field also has the choice "all",
        which comes first.
        """
        if field.required or field.default is not None or field.form == "maybe":
            return choices_of(field, self.values)
        return {"": "All"} | labels.of_codes(field.codes)


def value_of(field: Field, values: Mapping[str, Any]) -> str:
    """Return the text of a field's value, as the form shows it."""
    day = values.get(field.name, field.default)
    if isinstance(day, date):
        bare = field.bare or Bare()
        return as_typed(day, LONDON, last=bare.last, stays=bare.stays)
    if field.form == "maybe":
        return {True: "yes", False: "no"}.get(day, str(day or ""))
    if isinstance(day, bool):
        return str(day).lower()
    return ", ".join(map(str, day)) if isinstance(day, tuple | list) else str(day or "")


def choices_of(
    field: Field, values: Mapping[str, object], left: Collection[str] | None = None
) -> Mapping[str, str]:
    """Return the choices of a field with their labels. `left` limits them to the choices with these
    codes."""
    if field.form == "maybe":
        return {"": "Not known", "yes": "Yes", "no": "No"}
    unsaid = {} if value_of(field, values) else {"": "Choose" if field.required else "Not given"}
    called = labels.of_codes(field.codes)
    return unsaid | {code: label for code, label in called.items() if left is None or code in left}


def may_ever(reader: Reader, name: Declaration) -> bool:
    """Return whether a role of the reader allows this use case for any items at all."""
    return any(decide(reader, act).allowed for act in acts_of(name.named.records))


@pass_context
def form(context: Context, name: str, **given: Any) -> Markup:
    """Return the HTML of a use case's form, folded behind a line that opens the form; or, if the
    use case has no fields, a button. Return an empty text for readers whose roles never allow the
    use case.

    `offers` are the choices of fields: codes, or labels for boxes if a field has several values.
    Fields in `told` and the item of the page are hidden. `open` shows the form unfolded. After the
    form is sent, the user returns to the place `at` of the page. For `apart` and `of` see
    `PageForm`.
    """
    use = USE_CASES[name]
    if not may_ever(context["reader"], use):
        return Markup()
    offers, shown, fixed = given.pop("offers", {}), given.pop("open", False), given.pop("told", {})
    at, apart, of = given.pop("at", None), str(given.pop("apart", "")), given.pop("of", "")
    named = {
        form_field.name
        for form_field in use.fields
        if form_field.ref and given.get(form_field.name)
    }
    made = PageForm(
        use, given | fixed, offers, told=frozenset(named | fixed.keys()), apart=apart, of=of
    )
    folded: Any = context.environment.get_template(FORM).module.folded  # type: ignore[attr-defined]
    back = f"{context['here']}#{at}" if at else context["here"]
    own = (context["signed"].csrf, back, context["new_id"]())
    return Markup(folded(made, shown, *own))  # noqa: S704 (the template escapes its values)
