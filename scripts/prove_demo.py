"""Proves with real requests that a running demo works: log-in, start page, a step, a reminder.

    python -m scripts.prove_demo SITE MAIL_FOLDER

Exit code 0, or a sentence that says what failed.
"""

import json
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes, policy
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path

import django

django.setup()
from cases.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD  # noqa: E402 - once Django is set up

# The scheduler wakes the planner each minute.
REMINDED_WITHIN_SECONDS = 150
STEP = re.compile(r'href="(/steg/[^"]+)"')
COLLABORATION = re.compile(r'href="(/samverkan/[0-9a-f-]{36}/)"')


def main(site: str, mail_folder: str) -> None:
    people = [account.email for account in DEMO_ACCOUNTS if account.role]
    visitors = [log_in(site, person) for person in people]
    # Before any step: one that pauses a collaboration would silence its reminders.
    wait_for_reminder(Path(mail_folder), people)
    require(any(map(take_some_step, visitors)), "Nobody could take a step.")


def log_in(site: str, person: str) -> "Visitor":
    visitor = Visitor(site)
    login = visitor.get("/").form_with("password")
    start = visitor.submit(login, login=person, password=DEMO_PASSWORD)
    require(start.path == "/", f"{person} could not log in, and came to {start.path}.")
    require("<h1" in start.html, f"{person} has an empty start page.")
    print(f"           {person} logs in and sees the start page")
    return visitor


def take_some_step(visitor: "Visitor") -> bool:
    """Takes the first step that needs nothing but plain answers, and finds it in the history."""
    for collaboration in dict.fromkeys(COLLABORATION.findall(visitor.get("/samverkan/").html)):
        history = f"{collaboration}historik/"
        before = visitor.get(history).html
        for step in STEP.findall(visitor.get(collaboration).html):
            page = visitor.get(step)
            after = visitor.submit(page.form_with("seen_state"))
            if not after.path.startswith("/steg/"):
                require(visitor.get(history).html != before, f"{step} left no trace in {history}.")
                print(f"           takes the step {step}, which {history} tells")
                return True
    return False


def wait_for_reminder(folder: Path, people: list[str]) -> None:
    print("           waits for the scheduler to plan a reminder and the worker to deliver it")
    journal = folder / "journal"
    gives_up_at = time.monotonic() + REMINDED_WITHIN_SECONDS
    while time.monotonic() < gives_up_at:
        for delivery in map(json.loads, journal.read_text().splitlines()):
            if delivery["recipient"] in people:
                content = (folder / f"{delivery['number']}.eml").read_bytes()
                subject = message_from_bytes(content, policy=policy.default)["Subject"]
                print(f"           {delivery['recipient']} is reminded: {subject}")
                return
        time.sleep(0.5)
    sys.exit(f"No reminder was delivered within {REMINDED_WITHIN_SECONDS} seconds.")


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    path: str
    html: str

    def form_with(self, name: str) -> Form:
        for form in FormReader.forms(self.html):
            if name in form.fields:
                return form
        sys.exit(f"{self.path} has no form with the field {name}.")


class Visitor:
    """A browser without a screen: cookies, redirects and forms."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self._path = "/"

    def get(self, path: str) -> Page:
        return self._ask(path, None)

    def submit(self, form: Form, **answers: str) -> Page:
        content = urllib.parse.urlencode(form.fields | answers).encode()
        return self._ask(form.action or self._path, content)

    def _ask(self, path: str, content: bytes | None) -> Page:
        address = urllib.parse.urljoin(self.site, path)
        try:
            response = self._opener.open(address, content, timeout=30)
        except urllib.error.HTTPError as error:
            # 422 is a form that wants better answers; anything else is a fault.
            require(error.code == 422, f"{path} answered {error.code} {error.reason}.")
            response = error
        with response:
            self._path = urllib.parse.urlsplit(response.geturl()).path
            return Page(self._path, response.read().decode())


class FormReader(HTMLParser):
    """Reads the forms of a page, with plain answers where nothing is filled in."""

    ANSWERS = {"date": date.today().isoformat(), "number": "1", "time": "09:00"}  # noqa: DTZ011

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""

    @classmethod
    def forms(cls, html: str) -> Iterator[Form]:
        reader = cls()
        reader.feed(html)
        yield from reader.found

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        name, kind = values.get("name", ""), values.get("type", "text")
        if tag == "form":
            self.found.append(Form(values.get("action", "")))
        if not self.found:
            return
        fields = self.found[-1].fields
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and values.get("value"):
            fields.setdefault(self._select, values["value"])
        elif tag == "textarea" and name:
            fields[name] = "Prövat av dev.py."
        elif tag == "input" and kind == "radio":
            fields.setdefault(name, values.get("value", "on"))
        elif tag == "input" and name and kind != "checkbox":
            fields[name] = values.get("value") or self.ANSWERS.get(kind, "Prövat av dev.py.")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(otherwise)


if __name__ == "__main__":
    main(*sys.argv[1:])
