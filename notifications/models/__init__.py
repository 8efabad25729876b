"""What this house stores: reminders, messages on their way out, and signs of life."""

from notifications.models.heartbeat import Heartbeat
from notifications.models.outbox import OutboxMessage
from notifications.models.reminders import Exemption, LeadTimes, MailChoice, Reminder

__all__ = ["Exemption", "Heartbeat", "LeadTimes", "MailChoice", "OutboxMessage", "Reminder"]
