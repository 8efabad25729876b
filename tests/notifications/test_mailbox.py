"""The mail server of demo and tests: what it says arrived must have arrived."""

import smtplib
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest

from scripts.mailbox import Fault, Mailbox

pytestmark = pytest.mark.portable


@pytest.fixture
def box(tmp_path):
    server = Mailbox(tmp_path, http_port=0).start()
    yield server
    server.stop()


def send(box, subject="Hej", text="Hej\n.\n..två\n", html="<p>Hej <script>x</script></p>"):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@a.example", "å <b@b.example>", subject
    mail["Message-ID"] = "<one@a.example>"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", box.port, timeout=5) as client:
        client.send_message(mail)


def read(box, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{box.http_port}{path}", timeout=5) as answer:
        return answer.read().decode(), answer.headers


def test_the_journal_knows_what_arrived(box):
    send(box)
    (entry,) = box.deliveries()
    assert (entry["message_id"], entry["recipient"]) == ("<one@a.example>", "b@b.example")
    assert box.lookup("<one@a.example>") == 1
    assert box.lookup("<two@a.example>") == 0
    text = box.message(1).get_body(("plain",)).get_content()
    assert text.replace("\r\n", "\n") == "Hej\n.\n..två\n"


def test_it_remembers_after_a_restart(box, tmp_path):
    send(box)
    again = Mailbox(tmp_path).start()
    try:
        send(again)
        assert [it["number"] for it in again.deliveries()] == [1, 2]
    finally:
        again.stop()


def test_the_page_lists_and_shows_mail(box):
    assert "No mail has arrived yet" in read(box, "/")[0]
    send(box, subject="<b>Åtgärdsplan</b>")
    assert "&lt;b&gt;Åtgärdsplan&lt;/b&gt;" in read(box, "/")[0]
    shown, headers = read(box, "/1")
    assert "..två" in shown
    assert "<script>" not in shown
    assert "sandbox" in shown
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "<script>" in read(box, "/1/html")[0]
    for path in ("/2", "/0", "/../journal"):
        with pytest.raises(urllib.error.HTTPError):
            read(box, path)


def test_faults_follow_their_seed(tmp_path):
    def strikes(folder):
        box = Mailbox(tmp_path / folder, faults=[Fault.parse("rcpt:4xx:0.5")], seed=7)
        return [box.fault_at("rcpt") for _ in range(50)]

    assert strikes("one") == strikes("two")
    assert {"ok", "4xx"} == set(strikes("three"))


def test_the_first_that_strikes_decides(tmp_path):
    box = Mailbox(tmp_path, faults=[Fault.parse("rcpt:ok"), Fault.parse("rcpt:4xx")])
    assert box.fault_at("rcpt") == "ok"


@pytest.mark.parametrize("text", ["nowhere:drop", "rcpt:dance", "rcpt"])
def test_unknown_faults_are_refused(text):
    with pytest.raises(ValueError, match=r"fault|unpack"):
        Fault.parse(text)
