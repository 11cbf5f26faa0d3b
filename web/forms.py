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

from access.decide import decide
from access.doing import TAKES
from domain.values import Reader
from usecases.every import USE_CASES
from usecases.fields import Field, Told
from web import labels

#: How the fields of a form are made.
FORM = "declared.html"


@dataclass(frozen=True)
class Form:
    """A form as a page shows it: what stands in its fields already, what is offered for them, and
    what cannot be in them. What names an item, and what is `told`, the page has told already: it is
    not asked."""

    name: Told
    values: Mapping[str, Any]
    offers: Mapping[str, Collection[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    told: frozenset[str] = frozenset()

    @property
    def action(self) -> str:
        """Where it is sent."""
        return f"/do/{self.address}"

    @property
    def address(self) -> str:
        """The end of its address, which also keeps its fields' ids apart on a page."""
        return self.name.named.command.replace(" ", "-")

    @property
    def hidden(self) -> list[Field]:
        """What the page has told already."""
        return [
            one
            for one in self.name.fields
            if one.name in self.told or (one.ref and self.values.get(one.name))
        ]

    def asked(self, *, rare: bool) -> list[Field]:
        """What is asked: at once, or behind "More"."""
        hidden = {one.name for one in self.hidden}
        return [one for one in self.name.fields if one.name not in hidden and one.ask.rare is rare]

    def value(self, one: Field) -> str:
        """What stands in a field."""
        told = self.values.get(one.name, one.default)
        if one.form == "maybe":
            return {True: "yes", False: "no"}.get(told, str(told or ""))
        if isinstance(told, bool):
            return str(told).lower()
        return ", ".join(map(str, told)) if isinstance(told, tuple | list) else str(told or "")

    def choices(self, one: Field) -> Mapping[str, str]:
        """What may be chosen; nothing is chosen for anybody."""
        if one.form == "maybe":
            return {"": "Not known", "yes": "Yes", "no": "No"}
        open_ = {"": "Choose" if one.required else "Not said"} if not self.value(one) else {}
        called, offered = labels.of_codes(one.codes), self.offers.get(one.name, one.codes)
        return open_ | {code: called[code] for code in one.codes if code in offered}


def may(reader: Reader, name: Told) -> bool:
    """Whether any role of theirs ever does this."""
    return any(decide(reader, act).allowed for act in TAKES[name.named.records])


@pass_context
def form(context: Context, name: str, **given: Any) -> Markup:
    """The form of a use case behind a line that opens it; nothing for those whose role never does
    it. `offers` are what may be chosen in a field, of codes those that are left; `told` is what the
    page tells instead of asking it; `open` shows it at once, and one comes back to `at` on its
    page."""
    use = USE_CASES[name]
    if not may(context["reader"], use):
        return Markup()
    offers, shown, told = given.pop("offers", {}), given.pop("open", False), given.pop("told", {})
    at = given.pop("at", None)
    made = Form(use, given | told, offers, told=frozenset(told))
    folded: Any = context.environment.get_template(FORM).module.folded  # type: ignore[attr-defined]
    back = f"{context['here']}#{at}" if at else context["here"]
    own = (context["signed"].csrf, back, context["new_id"]())
    return Markup(folded(made, shown, *own))  # noqa: S704 (it escapes by itself)
