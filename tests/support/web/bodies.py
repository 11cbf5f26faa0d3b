"""A bare network connection to a test server."""

import socket

from tests.processes import LIMIT
from tests.web.conftest import Served


def opened(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=LIMIT)
