from reports.models.answers import Answer, Question
from reports.models.copies import FrozenCopy
from reports.models.report import (
    COMPLETE_WITHIN,
    READ_WITHIN,
    ROUNDS_AT_MOST,
    WRITERS,
    Report,
    ReportKind,
    ReportState,
)
from reports.models.templates import ReportTemplate, TemplateField

__all__ = [
    "COMPLETE_WITHIN",
    "READ_WITHIN",
    "ROUNDS_AT_MOST",
    "WRITERS",
    "Answer",
    "FrozenCopy",
    "Question",
    "Report",
    "ReportKind",
    "ReportState",
    "ReportTemplate",
    "TemplateField",
]
