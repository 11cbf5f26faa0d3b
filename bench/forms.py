"""Measure how long the product's own form of a use case takes to render, compared with GOV.UK's
plain input fields."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from usecases.kernel.fields import Declaration
from usecases.kernel.registry import USE_CASES
from web.site.forms import FORM, PageForm
from web.site.rendering import environment

ROUNDS, TIMES = 3, 3
MACROS = (
    '{% from "govuk_frontend_jinja/components/input/macro.html" import govukInput %}'
    "{% for one in fields %}{{ govukInput(one) }}{% endfor %}"
)


def own_form(name: Declaration) -> Callable[[], object]:
    """Return a function that renders the form of the use case `name` as a page of the product
    does."""
    made: Any = environment().get_template(FORM).module
    form = PageForm(name, {name.about.name: "x"} if name.about else {})
    return lambda: str(made.folded(form, False, "csrf", "/back", "id"))


def govuk_form(name: Declaration) -> Callable[[], object]:
    """Return a function that renders GOV.UK's plain input field once for each field of the use case
    `name`."""
    page = environment().from_string(MACROS)
    fields = [
        {"id": field.name, "name": field.name, "label": {"text": field.ask.label}}
        for field in name.fields
    ]
    return lambda: page.render(fields=fields)


def spent(does: Callable[[], object]) -> float:
    """Call the function `does` several times; return the mean milliseconds of processor time of a
    call."""
    began = time.process_time()
    for _ in range(TIMES):
        does()
    return (time.process_time() - began) / TIMES * 1000


def main() -> None:
    rows = []
    for name in USE_CASES.values():
        if len(name.fields) < 10:
            both = own_form(name), govuk_form(name)
            rows.append([min(times) for times in zip(*[map(spent, both) for _ in range(ROUNDS)])])  # noqa: B905
    own, macros = (median(row[side] for row in rows) for side in (0, 1))
    print(f"{len(rows)} forms of fewer than ten fields: median {own:.3f} ms, slowest", end=" ")
    print(f"{max(row[0] for row in rows):.3f}; by their macros {macros:.3f}")


if __name__ == "__main__":
    main()
