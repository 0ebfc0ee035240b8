"""A postal service on this machine: it answers as Odoo's does, in a process of its own.

Started with a port as its only argument. `POST /answer` sets what it answers from then
on (an error code, or null: sent), `GET /letters` tells what it received.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class PostalService(BaseHTTPRequestHandler):
    letters = []
    error = None

    def do_GET(self):
        self._answer(self.letters)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        content = json.loads(body)
        if self.path == "/answer":
            type(self).error = content
            self._answer(None)
        else:
            self._answer(self._print(content))

    def _print(self, call):
        documents = []
        for document in call["params"]["documents"]:
            self.letters.append({**document, "options": call["params"]["options"]})
            answer = {"letter_id": document["letter_id"], "sent": not self.error}
            answer |= {"error": self.error} if self.error else {"send_id": "PS-1"}
            documents.append(answer)
        result = {"request_code": 200, "request": {"documents": documents}}
        return {"jsonrpc": "2.0", "id": call["id"], "result": result}

    def _answer(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Keep the log of the tests clean."""


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), PostalService).serve_forever()
