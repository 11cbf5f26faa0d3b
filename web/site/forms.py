"""A form as a page shows it, made from a declared use case.

A page says where a form stands, what is offered and what is filled in; what is asked, and how, is
the use case's.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from access.who_may.decide import decide
from access.who_may.event_rules import acts_of
from domain.kernel.values import Reader
from usecases.kernel.fields import Declaration, Field
from usecases.kernel.registry import USE_CASES
from web.site import labels

#: How the fields of a form are made.
FORM = "site/declared.html"


@dataclass(frozen=True)
class PageForm:
    """A form as a page shows it: what stands in its fields already, what is offered for them, and
    what cannot be in them. What it is about, and what is `told`, the page has told already: it is
    not asked. `apart` keeps it from others like it on the page, `of` says which it is to those who
    hear the page."""

    name: Declaration
    values: Mapping[str, Any]
    offers: Mapping[str, Collection[str] | Mapping[str, str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    apart: str = ""
    of: str = ""

    @property
    def action(self) -> str:
        """Where it is sent."""
        return f"/do/{self.name.named.slug}"

    @property
    def place(self) -> str:
        """Its id, which also keeps its fields' ids apart on a page."""
        slug = self.name.named.slug
        return f"{slug}-{self.apart}" if self.apart else slug

    @property
    def hidden(self) -> list[Field]:
        """What the page has told already."""
        return [
            one
            for one in self.name.fields
            if one.name in self.told or (one == self.name.about and self.values.get(one.name))
        ]

    def asked(self, *, rare: bool) -> list[Field]:
        """What is asked: at once, or behind "More"."""
        hidden = {one.name for one in self.hidden}
        return [one for one in self.name.fields if one.name not in hidden and one.ask.rare is rare]

    def value(self, one: Field) -> str:
        """What stands in a field."""
        return value_of(one, self.values)

    def choices(self, one: Field) -> Mapping[str, str]:
        """What may be chosen."""
        return choices_of(one, self.values, self.offers.get(one.name))


@dataclass(frozen=True)
class Filter:
    """What a list is asked by, over the list. What is `told` its page has told already."""

    fields: tuple[Field, ...]
    values: Mapping[str, Any]
    offers: Mapping[str, list[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    told: frozenset[str] = frozenset()

    @property
    def open(self) -> list[Field]:
        """What is asked."""
        return [one for one in self.fields if one.name not in self.told]

    @property
    def chosen(self) -> bool:
        """Whether it is asked by choices and times alone: then it may stand in the address."""
        plain = ("choice", "maybe", "tick", "moment", "day")
        return all(one.form in plain for one in self.open)

    @property
    def asks(self) -> bool:
        """Whether anything but what is asked by itself is asked."""
        return any(self.values.get(one.name, one.default) != one.default for one in self.open)

    def value(self, one: Field) -> str:
        """What stands in a field."""
        return value_of(one, self.values)

    def choices(self, one: Field) -> Mapping[str, str]:
        """What may be chosen; where nothing has to be, all are shown."""
        if one.required or one.default is not None or one.form == "maybe":
            return choices_of(one, self.values)
        return {"": "All"} | labels.of_codes(one.codes)


def value_of(one: Field, values: Mapping[str, Any]) -> str:
    """What stands in a field."""
    told = values.get(one.name, one.default)
    if one.form == "maybe":
        return {True: "yes", False: "no"}.get(told, str(told or ""))
    if isinstance(told, bool):
        return str(told).lower()
    return ", ".join(map(str, told)) if isinstance(told, tuple | list) else str(told or "")


def choices_of(
    one: Field, values: Mapping[str, object], left: Collection[str] | None = None
) -> Mapping[str, str]:
    """What may be chosen, of codes those that are `left`; nothing is chosen for anybody."""
    if one.form == "maybe":
        return {"": "Not known", "yes": "Yes", "no": "No"}
    unsaid = {} if value_of(one, values) else {"": "Choose" if one.required else "Not said"}
    called = labels.of_codes(one.codes)
    return unsaid | {code: said for code, said in called.items() if left is None or code in left}


def may(reader: Reader, name: Declaration) -> bool:
    """Whether any role of theirs ever does this."""
    return any(decide(reader, act).allowed for act in acts_of(name.named.records))


@pass_context
def form(context: Context, name: str, **given: Any) -> Markup:
    """The form of a use case behind a line that opens it; nothing for those whose role never does
    it, a button alone where nothing is asked. `offers` are what may be chosen in a field, of codes
    those that are left, and ticked with what each is in words where a field takes several; items
    that the page names, and what is `told`, it tells instead of asking them; `open` shows it at
    once, and one comes back to `at` on its page; `apart` and `of` are as a `PageForm` has them."""
    use = USE_CASES[name]
    if not may(context["reader"], use):
        return Markup()
    offers, shown, told = given.pop("offers", {}), given.pop("open", False), given.pop("told", {})
    at, apart, of = given.pop("at", None), str(given.pop("apart", "")), given.pop("of", "")
    named = {one.name for one in use.fields if one.ref and given.get(one.name)}
    made = PageForm(
        use, given | told, offers, told=frozenset(named | told.keys()), apart=apart, of=of
    )
    folded: Any = context.environment.get_template(FORM).module.folded  # type: ignore[attr-defined]
    back = f"{context['here']}#{at}" if at else context["here"]
    own = (context["signed"].csrf, back, context["new_id"]())
    return Markup(folded(made, shown, *own))  # noqa: S704 (it escapes by itself)
