"""A server on a port of this machine that gives a test's own answers to POST requests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

#: A function that gets a request's path and body, and returns the answer's status, content type and
#: text.
Says = Callable[[str, bytes], tuple[int, str, bytes]]


@contextmanager
def answering(says: Says, port: int = 0) -> Iterator[int]:
    """Run a server whose answers `says` makes, on this port, or on a free port if `port` is 0;
    yield the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, kind, told = says(self.path, body)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
