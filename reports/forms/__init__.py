from reports.forms.files import FileForm, FormFileForm, TakeForm
from reports.forms.rounds import ReplyForm, ReturnForm
from reports.forms.writing import SectionForm

__all__ = ["FileForm", "FormFileForm", "ReplyForm", "ReturnForm", "SectionForm", "TakeForm"]
