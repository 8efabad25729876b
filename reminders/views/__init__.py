from reminders.views.coming import coming, leave_out
from reminders.views.mail import mail_choice, stop_mail
from reminders.views.operation import operation, settle_message
from reminders.views.rules import programme_rule, programme_rules, rule_of_case, rules_of_case
from reminders.views.to_do import ask_again, bell, snooze_duty, to_do, waive_duty

__all__ = [
    "ask_again",
    "bell",
    "coming",
    "leave_out",
    "mail_choice",
    "operation",
    "programme_rule",
    "programme_rules",
    "rule_of_case",
    "rules_of_case",
    "settle_message",
    "snooze_duty",
    "stop_mail",
    "to_do",
    "waive_duty",
]
