"""Answers to invitations, as guests' calendars send them to the mailbox of the sender."""

from datetime import datetime
from email.message import Message
from email.utils import parseaddr

from meetings.actions.replies import receive_reply
from meetings.invitations import Reply, UnreadableReply, read_reply
from notifications.mailbox import PassedOver, reads_mail
from sbs_workflow.engine import TransitionRefused


@reads_mail
def answered_invitation(mail: Message, now: datetime) -> bool:
    """A calendar's answer; one that does not count is passed over with the reason."""
    try:
        found = reply_in(mail)
        if found is None:
            return False
        sender, reply = found
        receive_reply(reply=reply, sender=sender, now=now)
    except (UnreadableReply, TransitionRefused) as why:
        raise PassedOver(str(why)) from why
    return True


def reply_in(mail: Message) -> tuple[str, Reply] | None:
    """The sender's address and the answer; UnreadableReply when a calendar is there, but none."""
    sender = parseaddr(str(mail.get("From", "")))[1]
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            return sender, read_reply(bytes(part.get_payload(decode=True) or b""))
    return None
