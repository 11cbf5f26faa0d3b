"""In the demo, the answer to an access request is in plain English throughout."""

import html
import re

from tests.web.client import Client
from tests.web.showcase import Showcase
from web.app import make_app

#: A pattern of text that only a program would print: literals of the code, times in ISO 8601, and
#: ids.
PRINTED = re.compile(
    r"\bNone\b|\bTrue\b|\bFalse\b|\(\)|\[\]|\{|\bUUID\b|\bdatetime\b|frozenset|\(an item\)"
    r"|\d{4}-\d\d-\d\d|[0-9a-f]{8}-[0-9a-f]{4}"
)
TEXT = re.compile(r'<textarea[^>]* name="text"[^>]*>(.*?)</textarea>', re.DOTALL)


def test_no_program_speaks_in_the_answer(shown: Showcase) -> None:
    client = Client(make_app(shown.office.system))
    client.post("/sign-in", data={"name": "do.marsh"})
    address, texts = shown.address("/requests/{asked}"), list[str]()
    while address:
        page = client.get(address).text
        texts += map(html.unescape, TEXT.findall(page))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = html.unescape(following[1]) if following else ""
    assert len(texts) > 40, "the demo's request has items"
    assert not [text for text in texts if PRINTED.search(text)]
