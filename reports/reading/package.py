"""Opening a Word file that a stranger may have made: what is refused, and within which bounds.

At most 20 MB are taken, 40 MB of text are unpacked, and nothing outside the file is ever fetched.
Every refusal says what a person can do about it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_TEXT = 40 * MEGABYTE
MOST_PARTS = 3_000
OLE, PDF, ZIP = b"\xd0\xcf\x11\xe0", b"%PDF", b"PK"
MAIN_PARTS = ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml")
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
CHANGED = "{http://purl.org/dc/terms/}modified"
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class NotReadable(Exception):  # noqa: N818 - said to a person
    """The file is no report that can be read; the text says why and what to do."""


@dataclass(frozen=True)
class WordFile:
    """The parts of a file that are read. ``links`` are addresses by relationship id.

    ``changed_on`` is the day on which the file says that it was last changed, if it does.
    """

    document: Any
    styles: Any
    numbering: Any
    links: dict[str, str]
    identifier: str
    changed_on: date | None


def open_word(file: bytes) -> WordFile:
    """The parts of a Word file. Raises NotReadable with words for whoever sent it."""
    _refuse_what_is_no_package(file)
    try:
        with zipfile.ZipFile(BytesIO(file)) as package:
            return _read_parts(package)
    except BROKEN as error:
        raise NotReadable(
            _("The file is damaged. Open it in Word, save it again as .docx and send that.")
        ) from error


def _refuse_what_is_no_package(file: bytes) -> None:
    if len(file) > LARGEST_FILE:
        raise NotReadable(
            _("The file is larger than 20 MB. Take out the pictures, and send it again.")
        )
    if file.startswith(PDF):
        raise NotReadable(_("This is a PDF. Send the Word file that it was made from."))
    if file.startswith(OLE):
        raise NotReadable(
            _(
                "The file is protected by a password or saved in the old format .doc."
                " Take the password away, or save it as .docx, and send it again."
            )
        )
    if not file.startswith(ZIP):
        raise NotReadable(_not_word())


def _not_word() -> str:
    return _("This is no Word file. Save it as .docx in Word and send that.")


def _read_parts(package: zipfile.ZipFile) -> WordFile:
    entries = package.infolist()
    if len(entries) > MOST_PARTS:
        raise NotReadable(_("The file has far more parts than a report. Make a new one."))
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise NotReadable(_("The file is protected by a password. Take it away and send it again."))
    parts = _Parts(package, {entry.filename for entry in entries})
    main = parts.main_part()
    _refuse_what_is_alive(parts)
    found = list(parts.relationships(main))
    _refuse_what_lies_outside([*found, *parts.relationships("word/settings.xml")])
    return WordFile(
        document=parts.xml(main),
        styles=parts.related(main, found, "styles"),
        numbering=parts.related(main, found, "numbering"),
        links={each.id: each.target for each in found if each.kind == "hyperlink"},
        **parts.properties(),
    )


@dataclass(frozen=True)
class _Relationship:
    id: str
    kind: str
    target: str
    is_external: bool


class _Parts:
    """The parts of a package, unpacked within one bound for them all."""

    def __init__(self, package: zipfile.ZipFile, names: set[str]) -> None:
        self.package, self.names = package, names
        self.left = LARGEST_TEXT
        self.parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )

    def content(self, name: str) -> bytes:
        """What is really in a part: what the file says of its size is not believed."""
        with self.package.open(name) as part:
            content = part.read(self.left + 1)
        self.left -= len(content)
        if self.left < 0:
            raise NotReadable(
                _("The file unpacks to more than 40 MB of text. No report is that long.")
            )
        return content

    def xml(self, name: str) -> Any:
        content = self.content(name)
        # No entity is declared outside of a DOCTYPE.
        if b"<!DOCTYPE" in content or _is_wide(content):
            raise NotReadable(
                _("The file holds definitions that no word processor writes. Make a new one.")
            )
        return etree.fromstring(content, self.parser)

    def main_part(self) -> str:
        """The document itself. Raises NotReadable for a spreadsheet and for macros."""
        if "[Content_Types].xml" not in self.names:
            raise NotReadable(_not_word())
        kinds = {
            str(each.get("PartName", "")).lstrip("/"): str(each.get("ContentType", ""))
            for each in self.xml("[Content_Types].xml").iter("{*}Override")
        }
        if any("macroEnabled" in kind for kind in kinds.values()):
            raise NotReadable(_macros())
        for name, kind in kinds.items():
            if kind.endswith(MAIN_PARTS) and name in self.names:
                return name
        raise NotReadable(_not_word())

    def relationships(self, part: str) -> Iterator[_Relationship]:
        folder, _slash, file = part.rpartition("/")
        name = f"{folder}/_rels/{file}.rels"
        if name not in self.names:
            return
        for each in self.xml(name).iter(RELATIONSHIP):
            yield _Relationship(
                each.get("Id", ""),
                each.get("Type", "").rpartition("/")[2],
                each.get("Target", ""),
                each.get("TargetMode") == "External",
            )

    def related(self, main: str, found: list[_Relationship], kind: str) -> Any:
        """The part of that kind, or None where there is none."""
        folder = main.rpartition("/")[0]
        for each in found:
            target = each.target
            name = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            if each.kind == kind and not each.is_external and name in self.names:
                return self.xml(name)
        return None

    def properties(self) -> dict[str, Any]:
        """What the file says of itself: which report it is, and when it was changed."""
        if "docProps/core.xml" not in self.names:
            return {"identifier": "", "changed_on": None}
        core = self.xml("docProps/core.xml")
        changed = re.match(r"\d{4}-\d\d-\d\d", core.findtext(CHANGED) or "")
        return {
            "identifier": str(core.findtext(IDENTIFIER) or ""),
            "changed_on": _day(changed[0]) if changed else None,
        }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_wide(content: bytes) -> bool:
    """UTF-16 or UTF-32, in which a declaration would not be seen: Word writes UTF-8."""
    return b"\x00" in content[:200]


def _macros() -> str:
    return _("The file holds macros. Save it as a Word document without macros (.docx).")


def _other_file() -> str:
    return _("The file holds another file. Paste its text instead, and send again.")


def _refuse_what_is_alive(parts: _Parts) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in parts.names):
        raise NotReadable(_macros())
    if any("/embeddings/" in name or "/activeX/" in name for name in parts.names):
        raise NotReadable(
            _("The file holds an embedded object. Paste it as a picture, and send the file again.")
        )


def _refuse_what_lies_outside(found: list[_Relationship]) -> None:
    for each in found:
        if each.kind == "aFChunk":
            raise NotReadable(_other_file())
        if not each.is_external or each.kind == "hyperlink":
            continue
        if each.kind == "attachedTemplate" and not _is_on_the_net(each.target):
            continue
        raise NotReadable(
            _(
                "The file fetches something from outside, such as a template or a picture."
                " Copy its content into a new document, and send that."
            )
        )


def _is_on_the_net(target: str) -> bool:
    """Not the path of a template on the own disk, as Word notes it by itself."""
    path = target.lower().replace("\\", "/")
    local = path.removeprefix("file:///")
    return "://" in local or local.startswith("//") or path.startswith("file:////")
