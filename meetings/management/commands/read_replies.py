"""Read what guests' calendars have answered; see docs/running.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from meetings.actions.replies import receive_reply
from meetings.invitations import UnreadableReply
from meetings.mailbox import reply_in, unread_mail
from notifications import clock
from sbs_workflow.engine import TransitionRefused


class Command(BaseCommand):
    help = "Reads answers to invitations from the mailbox that REPLIES_URL names."

    def handle(self, **_options: Any) -> None:
        if not settings.REPLIES_URL:
            raise CommandError("REPLIES_URL is not set, so there is no mailbox to read.")
        kept = passed_over = 0
        for mail in unread_mail():
            try:
                sender, reply = reply_in(mail)
                receive_reply(reply=reply, sender=sender, now=clock.now())
                kept += 1
            except (UnreadableReply, TransitionRefused) as why:
                passed_over += 1
                self.stderr.write(f"passed over: {why}")
        self.stdout.write(f"kept: {kept}\npassed over: {passed_over}")
