"""What the product sends by itself tells nobody a word of the other side.

A module of its own, because what is sent has been committed, and the theatre never is.
"""

from email.message import EmailMessage

import pytest
from django.db import transaction

from notifications import clock, ticks
from notifications.delivery import drain
from scripts.mailbox import Mailbox
from tests.cast import NOW, build_cast
from tests.pages.canaries import OURS, THEIRS, release
from tests.pages.stage import set_stage


@pytest.mark.django_db(transaction=True)
def test_mail_tells_each_side_its_own_only(tmp_path, settings):
    with transaction.atomic():
        cast = build_cast()
        release(cast.ours, set_stage(cast.ours), OURS)
        release(cast.theirs, set_stage(cast.theirs), THEIRS)
    mailbox = Mailbox(tmp_path / "mail").start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
    try:
        ticks.run(NOW)
        drain(clock.now)
        letters = [(str(letter["to"]), whole(letter)) for letter in mailbox.messages()]
    finally:
        mailbox.stop()
    sides = {"adalen.example": (OURS, THEIRS), "osterby.example": (THEIRS, OURS)}
    assert {address.split("@")[1].rstrip(">") for address, _text in letters} >= sides.keys()
    for address, text in letters:
        if cast.agency_manager.email in address:  # who leads both
            continue
        own, foreign = sides[address.split("@")[1].rstrip(">")]
        assert own in text
        assert foreign not in text


def whole(letter: EmailMessage) -> str:
    """Its headers and every body: plain, HTML and the calendar's file, however it is encoded."""
    bodies = [str(part.get_content()) for part in letter.walk() if not part.is_multipart()]
    return "\n".join((str(letter["subject"]), *bodies))
