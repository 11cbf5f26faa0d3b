"""The actions that the page of a record offers behind "Add…". Each opens the form of a use case, a
form of its own, or another page."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from domain.kernel.values import Reader
from usecases.kernel.registry import USE_CASES
from web.site.forms import PageForm, may_ever


class ObjectAct(Struct, frozen=True):
    """An action on a record. `key` is the end of its address. It opens the form of the use case
    `use`, the page `href`, or the form in `site/written_forms.html` that has the name of the
    key.

    The form is filled with the values in `given`, hides the fields in `told`, and offers the
    choices in `offers`. If the action is about another item than the page, `row` is this item and
    `of` its text; `at` is the place on the page to return to.
    """

    key: str
    title: str
    use: str = ""
    given: Mapping[str, Any] = msgspec.field(default_factory=dict)
    told: frozenset[str] = frozenset()
    offers: Mapping[str, Collection[str] | Mapping[str, str]] = msgspec.field(default_factory=dict)
    href: str = ""
    row: str = ""
    of: str = ""
    at: str = ""

    @property
    def form(self) -> PageForm:
        """Return the form of the action's use case."""
        use = USE_CASES[self.use]
        named = {
            form_field.name
            for form_field in use.fields
            if form_field.ref and self.given.get(form_field.name)
        }
        return PageForm(use, self.given, self.offers, told=frozenset(named | self.told), of=self.of)

    def address(self, page: str) -> str:
        """Return the address of the action's form, below the address `page` of the record's page.
        If the action is done on another page, return that page's address."""
        if self.href:
            return self.href
        return f"{page}/do/{self.key}" + (f"?row={quote(self.row)}" if self.row else "")


@dataclass
class Acts:
    """The actions that a reader may do on a record, in the order of the page's list. On a page with
    tabs, `section` returns the address of a place on the page."""

    reader: Reader
    page: str
    listed: list[ObjectAct] = field(default_factory=list)
    section: Callable[[str], str] | None = None

    def back(self, at: str) -> str:
        """Return the address of the place on the page to which the user returns after an action."""
        if at and self.section:
            return self.section(at)
        return self.page + (f"#{at}" if at else "")

    def add(self, name: str, at: str = "", **given: Any) -> None:
        """Add the form of a use case, if a role of the reader allows it. For `offers`, `told`,
        `row` and `of` see `ObjectAct`."""
        use = USE_CASES[name]
        if not may_ever(self.reader, use):
            return
        offers, fixed = given.pop("offers", {}), given.pop("told", {})
        row, of = str(given.pop("row", "")), given.pop("of", "")
        self.listed.append(
            ObjectAct(
                use.named.slug,
                use.named.title,
                name,
                given | fixed,
                frozenset(fixed),
                offers,
                row=row,
                of=of,
                at=at,
            )
        )

    def own(self, key: str, title: str, at: str = "", row: str = "", of: str = "") -> None:
        """Add an action whose form is written by hand in `site/written_forms.html`."""
        self.listed.append(ObjectAct(key, title, at=at, row=row, of=of))

    def page_of(self, title: str, href: str) -> None:
        """Add an action that is done on another page."""
        self.listed.append(ObjectAct("", title, href=href))

    def find(self, key: str, row: str = "") -> ObjectAct | None:
        """Return the action with this key. Return None if the reader may not do it here."""
        acts: Iterable[ObjectAct] = (act for act in self.listed if act.key == key and not act.href)
        return next((act for act in acts if act.row == row), None)

    def of_row(self, row: object) -> list[ObjectAct]:
        """Return the actions that are about one row of the page."""
        return [act for act in self.listed if act.row and act.row == str(row)]
