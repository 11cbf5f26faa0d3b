"""Sends a page in parts: its beginning at once, and its contents when they are computed.

Each request computes its own contents, so a server of several processes needs no shared state, and
a browser without scripts shows the result, too.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from fastapi.responses import Response, StreamingResponse
from markupsafe import Markup, escape

from installation.problems import problem_of
from web.site.request_context import Visit

#: A mark in a page. The part of the page before the mark is sent at once.
_CUT = Markup("<!-- the contents follow -->")
#: The beginning of the contents of every page.
_HEADING = "<h1 "

Progress = Callable[[str], object]


def page_in_parts(
    visit: Visit,
    template: str,
    waiting: str,
    compute: Callable[[Progress], Mapping[str, object]],
    **values: Any,
) -> Response:
    """Return a page whose beginning, with the sentence `waiting`, is sent at once. `compute`
    returns the other values of the template. During its work, `compute` may call the function that
    it gets as its argument with sentences about its progress, which are added to the page. If
    `compute` fails, the page shows the message of the error.
    """
    begun = visit.page(template, wait_message=waiting, cut=_CUT, **values)
    beginning, _, _ = bytes(begun.body).decode().partition(_CUT)
    progress = SimpleQueue[str | None]()

    def parts() -> Iterator[str]:
        yield beginning
        with ThreadPoolExecutor(1) as pool:
            computed = pool.submit(compute, progress.put)
            computed.add_done_callback(lambda _: progress.put(None))
            for sentence in iter(progress.get, None):
                yield f"<p>{escape(sentence)}</p>"
            try:
                rest = _rest(visit, template, {**values, **computed.result()})
            except Exception as error:
                problem = problem_of(error)
                if problem is None:  # the answer breaks off, as its beginning is already sent
                    raise
                rest = _rest(visit, "site/problem.html", {"problem": problem, "kept": []})
        yield "</div>" + rest

    answer = StreamingResponse(parts(), begun.status_code, media_type="text/html")
    kept = [
        pair for pair in begun.raw_headers if pair[0] not in (b"content-length", b"content-type")
    ]
    answer.raw_headers.extend(kept)
    return answer


def _rest(visit: Visit, template: str, values: Mapping[str, object]) -> str:
    """Return the part of a page from its heading on, after recording the items in it in the access
    log."""
    page = visit.rendered(template, **values)
    rest = page[page.index(_HEADING) :]
    visit.consulted(rest.encode())
    return rest
