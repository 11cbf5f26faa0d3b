"""The acts that an object's page offers behind "Add…": each is a declared form with the values that
the page already has, a form of its own, or another page."""

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
    """An action on an object. `key` is the end of its address. The action is done by the use case
    of the command `use`, on the page `href`, or else by a form of `site/written_forms.html`, which
    has the name of the key.

    The form has the values in `given` filled in; it has no field for the values in `told`; `offers`
    are the choices of its fields. `row` is the item that the act is about, if that is not the
    object itself, and `of` its words; `at` is the place on the page to return to.
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
        named = {one.name for one in use.fields if one.ref and self.given.get(one.name)}
        return PageForm(use, self.given, self.offers, told=frozenset(named | self.told), of=self.of)

    def address(self, page: str) -> str:
        """Return the address of the act's form, which is below `page`, the address of the object's
        page; for an act that is done on another page, return that page's address."""
        if self.href:
            return self.href
        return f"{page}/do/{self.key}" + (f"?row={quote(self.row)}" if self.row else "")


@dataclass
class Acts:
    """The acts that one reader may do on one object. On a page with tabs, `section` returns the
    address of a section.
    """

    reader: Reader
    page: str
    listed: list[ObjectAct] = field(default_factory=list)
    section: Callable[[str], str] | None = None

    def back(self, at: str) -> str:
        """Return the place on the page to which the user returns after the action."""
        if at and self.section:
            return self.section(at)
        return self.page + (f"#{at}" if at else "")

    def add(self, name: str, at: str = "", **given: Any) -> None:
        """Add the form of a use case, if any role of the reader may ever do it. For `offers`,
        `told`, `row` and `of` see `ObjectAct`.
        """
        use = USE_CASES[name]
        if not may_ever(self.reader, use):
            return
        offers, told = given.pop("offers", {}), given.pop("told", {})
        row, of = str(given.pop("row", "")), given.pop("of", "")
        self.listed.append(
            ObjectAct(
                use.named.slug,
                use.named.title,
                name,
                given | told,
                frozenset(told),
                offers,
                row=row,
                of=of,
                at=at,
            )
        )

    def own(self, key: str, title: str, at: str = "", row: str = "", of: str = "") -> None:
        """Add a form that is written by hand."""
        self.listed.append(ObjectAct(key, title, at=at, row=row, of=of))

    def page_of(self, title: str, href: str) -> None:
        """Add an act that is done on another page."""
        self.listed.append(ObjectAct("", title, href=href))

    def find(self, key: str, row: str = "") -> ObjectAct | None:
        """Return the act with this key; None if the reader may not do it here."""
        acts: Iterable[ObjectAct] = (act for act in self.listed if act.key == key and not act.href)
        return next((act for act in acts if act.row == row), None)

    def of_row(self, row: object) -> list[ObjectAct]:
        """Return the acts that are about one row of the page."""
        return [act for act in self.listed if act.row and act.row == str(row)]
