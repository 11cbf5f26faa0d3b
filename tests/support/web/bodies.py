"""A connection to a test server, over which a test sends its own bytes."""

import socket

from tests.processes import LIMIT
from tests.web.conftest import Served


def opened(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=LIMIT)
