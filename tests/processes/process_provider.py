"""A provider of electronic registered letters in a process of its own, that can be made
to behave badly. Run as a script it tells its port and serves until it is killed; the
tests talk to it as anybody does, and steer it by `/steer`.

What it is told to do next (`moods`, one per request, then "good"): good, broken (500),
locked (401), refusing (422), slow (takes the letter, answers too late), html (200),
hangup (closes the connection), list (the answer repeated in a list), mixed_up (the
reference of the letter before), forgetful (200, no reference), elsewhere (302), taken
(409), dripping (takes the letter, a byte of the answer now and then), echo (401, with
the key).
"""

import json
import subprocess
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SLOWNESS = 3
DRIP_SECONDS = 0.3


class Provider(ThreadingHTTPServer):
    """Takes letters, each once per key; remembers all that it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.moods = []
        self.letters = {}
        self.results = {}
        self.requests = []

    def take(self, key, letter):
        """Return the reference of a letter, the same one for the same key."""
        if key not in self.letters:
            reference = f"LRE-{len(self.letters) + 1:04d}"
            self.letters[key] = {"reference": reference, "letter": letter}
        return self.letters[key]["reference"]


class Handler(BaseHTTPRequestHandler):
    """What the provider says."""

    def log_message(self, *_arguments):
        """Say nothing: the tests read what they want to know."""

    def do_GET(self):
        if self.path == "/log":
            names = ("letters", "requests")
            return self._answer(
                200, {name: getattr(self.server, name) for name in names}
            )
        self._note("GET")
        answer = self.server.results.get(self.path.rpartition("/")[2], {})
        return self._behave(lambda: {"state": "pending", **answer})

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        content = json.loads(self.rfile.read(length))
        if self.path == "/steer":
            for name, value in content.items():
                setattr(self.server, name, value)
            return self._answer(200, {})
        self._note("POST")
        key = self.headers["Idempotency-Key"]
        return self._behave(lambda: {"id": self.server.take(key, content)})

    def _note(self, method):
        names = ("Authorization", "Idempotency-Key")
        headers = {name: self.headers[name] for name in names}
        self.server.requests.append({"method": method, "path": self.path, **headers})

    def _behave(self, work):
        mood = self.server.moods.pop(0) if self.server.moods else "good"
        match mood:
            case "broken":
                self._answer(500, {"error": "out of order"})
            case "locked":
                self._answer(401, {"error": "who are you?"})
            case "refusing":
                self._answer(422, {"error": "recipient_email is blocked"})
            case "elsewhere":
                self.send_response(302)
                self.send_header("Location", "/log")
                self.end_headers()
            case "taken":
                self._answer(409, {"error": "exists already"})
            case "echo":
                self._answer(401, {"error": self.headers["Authorization"]})
            case "dripping":
                self._drip(json.dumps(work()).encode())
            case "html":
                self._write(200, b"<html>Maintenance</html>", "text/html")
            case "hangup":
                self.connection.close()
            case "slow":
                answer = work()
                time.sleep(SLOWNESS)
                self._answer(200, answer)
            case "list":
                self._answer(200, [work()] * 2)
            case "mixed_up":
                work()
                self._answer(200, {"id": "LRE-0001"})
            case "forgetful":
                self._answer(200, {"id": None})
            case _:
                self._answer(200, work())

    def _drip(self, body):
        """Send an answer that is never silent for long, and never over."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body:
            self.wfile.write(bytes([byte]))
            time.sleep(DRIP_SECONDS)

    def _answer(self, status, content):
        self._write(status, json.dumps(content).encode(), "application/json")

    def _write(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class ProviderProcess:
    """The provider, seen from the tests."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdout=subprocess.PIPE, text=True
        )
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def close(self):
        self._process.kill()
        self._process.communicate()

    def steer(self, **values):
        self._ask("/steer", json.dumps(values).encode())

    def get_log(self):
        """Return what it took (`letters`) and was asked (`requests`)."""
        return self._ask("/log")

    def _ask(self, path, data=None):
        with urllib.request.urlopen(self.url + path, data, timeout=10) as answer:
            return json.load(answer)


if __name__ == "__main__":
    provider = Provider()
    sys.stdout.write(f"{provider.server_port}\n")
    sys.stdout.flush()
    provider.serve_forever()
