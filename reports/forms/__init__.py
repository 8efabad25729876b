from reports.forms.deviations import TakeUpForm
from reports.forms.files import FileForm, FormFileForm, HeadingsForm, TakeForm
from reports.forms.finance import ContactForm, InsatsMoneyForm, TakeMoneyForm, WorkbookForm
from reports.forms.history import HistoryForm, OldReportsForm
from reports.forms.rounds import ReplyForm, ReturnForm
from reports.forms.synthesis import PassageForm, SynthesisForm
from reports.forms.writing import SectionForm

__all__ = [
    "ContactForm",
    "FileForm",
    "FormFileForm",
    "HeadingsForm",
    "HistoryForm",
    "InsatsMoneyForm",
    "OldReportsForm",
    "PassageForm",
    "ReplyForm",
    "ReturnForm",
    "SectionForm",
    "SynthesisForm",
    "TakeForm",
    "TakeMoneyForm",
    "TakeUpForm",
    "WorkbookForm",
]
