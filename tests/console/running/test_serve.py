"""`serve` opens the sockets on which the server's processes listen."""

import socket

from console.running.serve import listening_on


def test_an_answer_waits_for_no_acknowledgement() -> None:
    """The server sends each small page at once: its sockets switch off Nagle's algorithm, which had
    delayed each page by 44 ms."""
    with (
        listening_on("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        served, _ = listening.accept()
        with served:
            assert served.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
