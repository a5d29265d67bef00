"""The applications on real sockets, as `flask serve` runs them, and somebody who visits them."""

import threading
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import waitress
from flask import Flask


def serve(app: Flask) -> int:
    """Answer for `app` until the process ends; returns the port."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=2)
    threading.Thread(target=server.run, daemon=True).start()
    return server.effective_port


class Answer:
    """What came back."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status, self.body = response.status, response.read()


class Visitor:
    """Keeps one connection and her cookies."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self.connection = HTTPConnection("127.0.0.1", port)
        self.cookies = dict(cookies or {})

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, form: Mapping[str, object]) -> Answer:
        return self._ask("POST", path, urlencode(form, doseq=True))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for line in response.headers.get_all("Set-Cookie", ()):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response)
