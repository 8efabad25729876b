from reports.models.answers import Answer, Question, UniversityAnswer, WrittenAnswer
from reports.models.copies import FrozenCopy, SubmittedCopy, UniversityCopy
from reports.models.finance import (
    ACCOUNTANTS,
    SIGNATORY,
    Cost,
    CostKind,
    FinancialCopy,
    FinancialInsats,
    FinancialReport,
)
from reports.models.report import (
    SENDERS,
    WRITERS,
    Report,
    ReportState,
)
from reports.models.submitted import READ_WITHIN, SubmittedReport
from reports.models.synthesis import (
    PASSAGE_LENGTH,
    SYNTHESIS_WRITERS,
    CollaborationSynthesis,
    Excerpt,
    Passage,
    SectionKind,
    SynthesisCopy,
    SynthesisState,
)
from reports.models.templates import ReportTemplate, TemplateField
from reports.models.university import UNIVERSITY_WRITERS, UniversityReport
from reports.models.written import FormKind, ReportKind, WrittenReport

__all__ = [
    "ACCOUNTANTS",
    "PASSAGE_LENGTH",
    "READ_WITHIN",
    "SENDERS",
    "SIGNATORY",
    "SYNTHESIS_WRITERS",
    "UNIVERSITY_WRITERS",
    "WRITERS",
    "Answer",
    "CollaborationSynthesis",
    "Cost",
    "CostKind",
    "Excerpt",
    "FinancialCopy",
    "FinancialInsats",
    "FinancialReport",
    "FormKind",
    "FrozenCopy",
    "Passage",
    "Question",
    "Report",
    "ReportKind",
    "ReportState",
    "ReportTemplate",
    "SectionKind",
    "SubmittedCopy",
    "SubmittedReport",
    "SynthesisCopy",
    "SynthesisState",
    "TemplateField",
    "UniversityAnswer",
    "UniversityCopy",
    "UniversityReport",
    "WrittenAnswer",
    "WrittenReport",
]
