"""The list of the addresses of the screens and of the API, with the module of each, is in
web/site/addresses.txt.

`python -m tests.web.addresses` writes it.
"""

from starlette.routing import Route

from web.app import PARTS
from web.site.screen_routes import ADDRESSES


def written() -> str:
    """Return the list of addresses for today's program."""
    return "".join(
        f"{part.module}: {pattern}\n"
        for part in PARTS
        for pattern in dict.fromkeys(
            route.path for route in part.routes if isinstance(route, Route)
        )
    )


if __name__ == "__main__":
    ADDRESSES.write_text(written(), "utf-8")
