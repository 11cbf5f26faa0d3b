"""The product's own files: scripts, styles and the typeface. Nothing in them is about a person, so
a browser may keep them: without that each page brought a quarter of a megabyte to a phone again."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

#: Kept, and asked about each time: a new release is taken at once.
ASKED = "no-cache"
#: Kept for a week without a question.
A_WEEK = "max-age=604800"


class CachedFiles(StaticFiles):
    """Files that a browser keeps as `kept` says. Two releases are told apart by their content: a
    package may give each file of each release the same time, and the lengths may be equal."""

    def __init__(self, *, kept: str = ASKED, **given: Any) -> None:
        super().__init__(**given)
        self.kept = kept

    def file_response(
        self,
        full_path: PathLike,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        tag = _tag(os.fspath(full_path), stat_result.st_ino, stat_result.st_ctime_ns)
        answer = FileResponse(
            full_path,
            status_code=status_code,
            headers={"Cache-Control": self.kept, "ETag": tag},
            stat_result=stat_result,
        )
        if self.is_not_modified(answer.headers, Headers(scope=scope)):
            return NotModifiedResponse(answer.headers)
        return answer

    def is_not_modified(self, response_headers: Headers, request_headers: Headers) -> bool:
        """Whether the browser has the same content; the time of a file says nothing about that."""
        return "if-none-match" in request_headers and super().is_not_modified(
            response_headers, request_headers
        )


@lru_cache(maxsize=256)
def _tag(path: str, _inode: int, _changed: int) -> str:
    """The hash of a file's content, reckoned again where the disk says that the file changed."""
    return f'"{hashlib.sha256(Path(path).read_bytes()).hexdigest()}"'
