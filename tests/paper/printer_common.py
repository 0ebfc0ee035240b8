"""Servers on this machine that record unwanted connections."""

import socket
import threading


class Listener:
    """Accept connections and record their requests; answer them, or never.

    :param is_mute: leave clients waiting
    """

    def __init__(self, is_mute=False):
        self.is_mute = is_mute
        self.requests = []
        self._connections = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self._is_open = True
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self):
        """Return the address of the server, without a slash at its end."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._is_open = False
        self._thread.join()
        for opened in (*self._connections, self._socket):
            opened.close()

    def _serve(self):
        while self._is_open:
            try:
                connection, _address = self._socket.accept()
            except TimeoutError:
                continue
            self._connections.append(connection)
            connection.settimeout(1)
            self.requests.append(self._read(connection))
            if not self.is_mute:
                connection.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")
                connection.close()

    def _read(self, connection):
        try:
            return connection.recv(4096).partition(b"\r\n")[0].decode(errors="replace")
        except OSError:
            return ""
