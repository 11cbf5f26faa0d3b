"""Functions that read the tokens of forms, and the cookies, from a page."""

import re
from typing import Any


def token(client: Any) -> str:
    return str(client.cookies.get("continuum"))


def carried(page: Any) -> str:
    found = re.search(r'name="unsent" value="([^"]+)"', page.text)
    assert found
    return found[1]
