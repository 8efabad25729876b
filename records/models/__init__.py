"""What this house stores: the trail, the register, how long what is kept, and safe names."""

from records.models.people import PersonDecision, ProtectedIdentity
from records.models.register import Registration
from records.models.retention import (
    LegalHold,
    RetentionRule,
    Thinned,
    ThinningDecision,
    ThinningDone,
)
from records.models.trail import AppendOnlyError, ContentChange, ReadRecord, TrailLink

__all__ = [
    "AppendOnlyError",
    "ContentChange",
    "LegalHold",
    "PersonDecision",
    "ProtectedIdentity",
    "ReadRecord",
    "Registration",
    "RetentionRule",
    "Thinned",
    "ThinningDecision",
    "ThinningDone",
    "TrailLink",
]
