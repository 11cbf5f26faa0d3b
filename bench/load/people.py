"""The users that the load tool plays: workers, sergeants and programs, each with a browser of their
own.

`python -m bench.load` starts a store and a server and then runs this module.
"""

import os
import random
from pathlib import Path
from typing import Any
from uuid import uuid4

from locust import HttpUser, between, task

#: The file to which each user appends the ids of the commands that the server acknowledged.
ACKNOWLEDGED = Path(os.environ.get("LOAD_ACKNOWLEDGED", os.devnull))
SAID = (
    "Baz was in Mill Lane again in a silver Corsa PK95 ABC",
    "she came home at four with a new phone, 07700 900123",
    "a man called Tel waits at the school gate of Town A",
)
SOUGHT = ("baz", "corsa", "PK95", "mill lane", "900123", "tel", "school gate")


class Somebody(HttpUser):
    """A user who reads a page, waits for a moment, and opens the next page."""

    abstract = True
    wait_time = between(1, 3)

    def on_start(self) -> None:
        self.items: list[str] = []
        self.people: list[str] = []
        self.client.post("/sign-in", data={"name": f"{type(self).__name__}.{random.random():.6f}"})
        self.csrf = self.client.get("/session").json()["csrf"]
        self.told: dict[str, str] = {"X-CSRF-Token": self.csrf}

    def read(self, path: str, name: str | None = None, **asked: Any) -> Any:
        return self.client.get(path, name=f"read {name or path}", params=asked)

    def write(self, path: str, name: str, given: dict[str, Any], **headers: str) -> Any:
        """Send a request that records something, up to five times with the same command id, until
        the server acknowledges it; return the answer, or None.
        """
        command = str(uuid4())
        for _ in range(5):
            answer = self.client.post(
                path,
                json=given | ({"command_id": command} if path == "/record" else {}),
                name=f"write {name}",
                headers=self.told | {"Idempotency-Key": command} | headers,
            )
            if answer.status_code in (200, 201):
                with ACKNOWLEDGED.open("a") as file:
                    file.write(f"{command}\n")
                return answer.json()
        return None


class Worker(Somebody):
    """A parent support worker, who records entries and looks at what became of them."""

    weight = 5

    @task(4)
    def record(self) -> None:
        fields = {"words": f"{random.choice(SAID)}, {random.random()}", "how_known": "child-told"}
        if made := self.write("/record", "record", fields):
            self.items.append(made["id"])

    @task(3)
    def mine(self) -> None:
        self.read("/mine")

    @task(2)
    def receipt(self) -> None:
        if self.items:
            self.read(f"/receipt/{random.choice(self.items)}", "/receipt/…")

    @task(1)
    def form(self) -> None:
        self.read("/record")


class Sergeant(Somebody):
    """A detective sergeant, who opens the queue, an item, a search and the map."""

    weight = 4

    @task(4)
    def queue(self) -> None:
        page = self.read("/queue").text
        self.items = [piece[:36] for piece in page.split('href="/items/')[1:]] or self.items

    @task(3)
    def item(self) -> None:
        if self.items:
            self.read(f"/items/{random.choice(self.items)}", "/items/…")

    @task(3)
    def search(self) -> None:
        hits = self.read("/search", "/search", q=random.choice(SOUGHT)).text
        self.people = [piece[:36] for piece in hits.split('href="/people/')[1:]] or self.people

    @task(2)
    def map(self) -> None:
        if self.people:
            who = random.choice(self.people)
            self.read(f"/map/{who}/data", "/map/…/data", hops=1, min_grade="any")

    @task(1)
    def person(self) -> None:
        if self.people:
            self.read(f"/people/{random.choice(self.people)}", "/people/…")


class Program(Somebody):
    """Another system of the force, which reads the queue page by page, records decisions, and
    records entries.
    """

    weight = 1

    def on_start(self) -> None:
        self.told = {"X-Continuum-User": f"rms.{random.random():.6f}"}

    @task(3)
    def queue(self) -> None:
        parameters = {"limit": 50}
        answer = self.client.get(
            "/api/v1/queue", name="read /api/v1/queue", params=parameters, headers=self.told
        )
        self.items = [row["id"] for row in answer.json()["rows"]]

    @task(2)
    def record(self) -> None:
        fields = {"words": f"{random.choice(SAID)}, {random.random()}"}
        self.write("/api/v1/observations", "/api/v1/observations", fields)

    @task(1)
    def decide(self) -> None:
        if self.items:
            item = random.choice(self.items)
            reason = f"who saw it? {random.random()}"
            fields = {"outcome": "more-needed", "reason": reason, "looked": True}
            self.write(
                f"/api/v1/observations/{item}/triage", "/api/v1/observations/…/triage", fields
            )
