"""The fields of a generated form have GOV.UK's HTML: the same elements, classes and references as
GOV.UK's own macros produce.
"""

from html.parser import HTMLParser
from typing import Any

import pytest

from usecases.kernel.fields import Field
from usecases.kernel.registry import USE_CASES
from web.site.forms import FORM, PageForm
from web.site.rendering import environment

#: Attributes of an element that a browser and a screen reader use.
TOLD = ("id", "for", "name", "type", "rows", "value", "aria-describedby", "selected")


class Elements(HTMLParser):
    """The elements of a piece of HTML, in the order of their tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, frozenset[str], dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = frozenset((given.get("class") or "").split())
        told = {name: given[name] for name in TOLD if given.get(name) is not None}
        self.found.append((tag, classes, told))


def theirs(kind: str, **params: Any) -> str:
    macro = f"govuk{kind.title()}"
    place = f"govuk_frontend_jinja/components/{kind}/macro.html"
    page = environment().from_string(f'{{% from "{place}" import {macro} %}}{{{{ {macro}(p) }}}}')
    return page.render(p=params)


def ours(command: str, name: str, fault: str) -> tuple[PageForm, Field, str]:
    use = USE_CASES[command]
    form = PageForm(use, {}, faults={name: fault} if fault else {})
    (one,) = [field for field in use.fields if field.name == name]
    made: Any = environment().get_template(FORM).module
    return form, one, str(made.field(form, one, "-here"))


@pytest.mark.parametrize("fault", ["", "Nothing was told"])
@pytest.mark.parametrize(
    ("kind", "command", "name"),
    [
        ("textarea", "close", "reason"),
        ("textarea", "unusual-access review", "finding"),
        ("select", "threshold", "level"),
        ("input", "court hearing", "who"),
    ],
)
def test_a_field_is_their_html(kind: str, command: str, name: str, fault: str) -> None:
    form, one, made = ours(command, name, fault)
    asked: dict[str, Any] = {
        "id": f"{name}-here",
        "name": name,
        "label": {"text": one.ask.label},
        "hint": {"text": one.ask.hint, "id": f"{name}-here-hint"} if one.ask.hint else None,
        "errorMessage": {"text": fault, "id": f"{name}-here-error"} if fault else None,
    }
    if kind == "textarea":
        asked["rows"] = str(one.ask.rows)
    if kind == "select":
        asked["items"] = [
            {"value": code, "text": said, "selected": code == form.value(one)}
            for code, said in form.choices(one).items()
        ]
    plain = {name: value for name, value in asked.items() if value is not None}
    wanted = Elements(theirs(kind, **plain)).found
    found = [
        (tag, classes, {key: text for key, text in told.items() if text or key != "value"})
        for tag, classes, told in Elements(made).found
    ]
    wanted = [
        (tag, classes, {key: text for key, text in told.items() if text or key != "value"})
        for tag, classes, told in wanted
    ]
    assert found == wanted
