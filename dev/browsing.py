"""Browser controlled from Python, to take pictures of screens."""

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request

import websocket
from devstack.base import StackError, free_port

PROGRAMS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
SECONDS = 60
QUIET = """
    document.readyState === "complete"
    && !document.querySelector(".o_loading_indicator")
    && document.fonts.status === "loaded"
"""


class Browser:
    """Page of a headless Chromium, controlled by its DevTools protocol.

    :param width: of the page in CSS pixels
    :param height: likewise
    """

    def __init__(self, width, height):
        self.size = (width, height)
        self._resources = contextlib.ExitStack()
        self._number = 0

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._resources.close()
            raise
        return self

    def __exit__(self, *_details):
        self._resources.close()

    def open(self, url):
        """Open a page and wait until it has loaded."""
        self._ask("Page.navigate", url=url)
        self.wait_for("body")

    def set_cookie(self, url, name, value):
        """Set a cookie for the pages of an address."""
        self._ask("Network.setCookie", url=url, name=name, value=value)

    def wait_for(self, selector):
        """Wait until the page shows an element and has finished loading.

        :raise StackError: it does not
        """
        shown = f"!!document.querySelector({json.dumps(selector)})"
        deadline = time.monotonic() + SECONDS
        calm = 0
        while calm < 3:
            if time.monotonic() > deadline:
                raise StackError(f"The page does not show {selector}.")
            calm = calm + 1 if self.evaluate(f"{shown} && {QUIET}") else 0
            time.sleep(0.3)

    def click(self, selector):
        """Click on the first element of a selector, once it exists."""
        self.wait_for(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def evaluate(self, expression):
        """Return the value of a JavaScript expression on the page."""
        answer = self._ask("Runtime.evaluate", expression=expression)
        return answer["result"].get("value")

    def take_picture(self):
        """Return a picture of the page as the bytes of a PNG."""
        answer = self._ask("Page.captureScreenshot", format="png")
        return base64.b64decode(answer["data"])

    def _start(self):
        port = free_port()
        profile = self._resources.enter_context(tempfile.TemporaryDirectory())
        process = subprocess.Popen(
            [
                _find_program(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                f"--remote-debugging-port={port}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._resources.callback(process.wait)
        self._resources.callback(process.terminate)
        self._socket = websocket.create_connection(
            _find_page(port), timeout=SECONDS, suppress_origin=True
        )
        self._resources.callback(self._socket.close)
        for domain in ("Page", "Network", "Runtime"):
            self._ask(f"{domain}.enable")
        width, height = self.size
        # The inside of a window is smaller than the requested size.
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def _ask(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise StackError(f"{method}: {answer['error']['message']}")
                return answer["result"]


def _find_program():
    for name in PROGRAMS:
        if path := shutil.which(name):
            return path
    raise StackError("There is no Chromium: `make setup` installs one.")


def _find_page(port):
    """Return the address that controls the only page of a browser."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            with opener.open(f"http://127.0.0.1:{port}/json", timeout=5) as answer:
                pages = json.load(answer)
            for page in pages:
                if page["type"] == "page":
                    return page["webSocketDebuggerUrl"]
        time.sleep(0.2)
    raise StackError("The browser did not start.")
