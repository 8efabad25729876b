"""What this house stores: reminders, messages on their way out, and signs of life."""

from notifications.models.bounces import Bounce, UndeliverableAddress
from notifications.models.breaker import CircuitBreaker
from notifications.models.heartbeat import Heartbeat
from notifications.models.outbox import OutboxMessage
from notifications.models.reminders import Exemption, LeadTimes, MailChoice, Reminder

__all__ = [
    "Bounce",
    "CircuitBreaker",
    "Exemption",
    "Heartbeat",
    "LeadTimes",
    "MailChoice",
    "OutboxMessage",
    "Reminder",
    "UndeliverableAddress",
]
