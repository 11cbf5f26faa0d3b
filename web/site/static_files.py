"""The program's own files: scripts, styles and the typeface. They contain nothing about people, so
a browser may cache them. Otherwise each page would load a quarter of a megabyte again.
"""

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

#: The browser caches the file and checks it with the server each time, so that a new release takes
#: effect at once.
ASKED = "no-cache"
#: The browser caches the file for a week without checking it.
A_WEEK = "max-age=604800"


class CachedFiles(StaticFiles):
    """Serves files with the header value `kept`, which says how long a browser may cache them. A
    changed file is recognised by its content, because the files of two releases may have the
    same time and length."""

    def __init__(self, *, cache_control: str = ASKED, **given: Any) -> None:
        super().__init__(**given)
        self.kept = cache_control

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
        """Return whether the browser's copy has the same content as the file. Times of files are
        not compared."""
        return "if-none-match" in request_headers and super().is_not_modified(
            response_headers, request_headers
        )


@lru_cache(maxsize=256)
def _tag(path: str, _inode: int, _changed: int) -> str:
    """Return the hash of a file's content, computed again if the file changed."""
    return f'"{hashlib.sha256(Path(path).read_bytes()).hexdigest()}"'
