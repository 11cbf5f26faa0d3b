"""A user works without a mouse. After every step the test checks that the focus is visible and that
no element traps it."""

from playwright.sync_api import Error, Page

#: A script that returns whether the focused element shows that it has the focus: a ring, or a
#: shadow around it or its label.
SHOWS = """() => {
  const one = document.activeElement;
  const seen = (style) => style.boxShadow !== "none"
    || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
  const label = one.labels?.[0];
  if (one === document.body || seen(getComputedStyle(one))) return true;
  return Boolean(label)
    && (seen(getComputedStyle(label)) || seen(getComputedStyle(label, "::before")));
}"""
#: A script that returns in one call: the place of the focus, the beginning of its element's markup,
#: whether the focus is visible, whether the element matches the wanted one, and whether it is the
#: link that skips the menu, behind which the wanted one is. A call costs three processes far more
#: than the script's own work.
HERE = f"""(wanted) => {{
  const one = document.activeElement;
  const all = [...document.querySelectorAll("*")];
  const skips = one.matches(".govuk-skip-link") && Boolean(document.querySelector("main")?.querySelector(wanted));
  return [all.indexOf(one), one.outerHTML.slice(0, 120), ({SHOWS})(), one.matches(wanted), skips];
}}"""  # noqa: E501
MOST = 120


def walk_to(page: Page, wanted: str) -> list[str]:
    """Press Tab until an element that matches `wanted` has the focus, and skip the menu if it is on
    the way; return the elements that had the focus on the way, including the last.
    """
    passed: list[str] = []
    last = -1
    for _ in range(MOST):
        page.keyboard.press("Tab")
        place, shown, focused, found, skips = page.evaluate(HERE, wanted)
        assert place != last, f"held at {shown}"
        assert focused or _shows(page), f"nothing shows that {shown} has the focus"
        last = place
        passed.append(shown)
        if found:
            return passed
        if skips:
            page.keyboard.press("Enter")
    raise AssertionError(f"{wanted} is not reached on {page.url}: {passed}")


def _shows(page: Page) -> bool:
    """Return whether a user can see which element has the focus, after waiting until the browser
    has drawn it.
    """
    try:
        page.wait_for_function(SHOWS)
    except Error:
        return False
    return True


def write(page: Page, field: str, text: str) -> None:
    """Move to a field by the keyboard and type a text into it."""
    walk_to(page, field)
    page.keyboard.type(text)


def press(page: Page, button: str) -> None:
    """Move to a button or link by the keyboard and press it."""
    walk_to(page, button)
    page.keyboard.press("Enter")
