"""An answer to an invitation, as a file."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from meetings.invitations import LARGEST_REPLY, Reply, UnreadableReply, read_reply


class ReplyForm(forms.Form):
    file = forms.FileField(
        label=_("The answer as a file"),
        help_text=_("Usually named invite.ics, in the mail with the answer."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def clean_file(self) -> Reply:
        """Read no more than an answer can hold, however large the file is."""
        uploaded: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            return read_reply(uploaded.read(LARGEST_REPLY + 1))
        except UnreadableReply as fault:
            raise forms.ValidationError(str(fault), code="reply") from fault
