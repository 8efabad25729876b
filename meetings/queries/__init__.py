from meetings.queries.rules import new_meeting, rule_for, rules_for

__all__ = ["new_meeting", "rule_for", "rules_for"]
