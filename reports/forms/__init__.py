from reports.forms.files import FileForm, FormFileForm, TakeForm
from reports.forms.rounds import ReplyForm, ReturnForm
from reports.forms.synthesis import PassageForm, SynthesisForm
from reports.forms.writing import SectionForm

__all__ = [
    "FileForm",
    "FormFileForm",
    "PassageForm",
    "ReplyForm",
    "ReturnForm",
    "SectionForm",
    "SynthesisForm",
    "TakeForm",
]
