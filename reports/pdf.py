"""Word as PDF, through the LibreOffice of the machine where there is one.

The program that wrote the file is not the one that opens it: what LibreOffice shows is what
people see who have no Word.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60


class PdfNotMade(Exception):  # noqa: N818 - said to a person
    """There is no program for it, or it failed; the text says what to do."""


def program() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def write_pdf(word: bytes) -> bytes:
    """The PDF of a Word file. Raises PdfNotMade with words for whoever asked."""
    office = program()
    if office is None:
        raise PdfNotMade(
            _("This server has no LibreOffice. Take the Word file and save it as PDF there.")
        )
    with tempfile.TemporaryDirectory(prefix="trepart-pdf-") as folder:
        source = Path(folder) / "redovisning.docx"
        source.write_bytes(word)
        command = [
            office,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            str(source),
        ]
        made = source.with_suffix(".pdf")
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
            return made.read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise PdfNotMade(_("The PDF could not be made. Take the Word file instead.")) from error
