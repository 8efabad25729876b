"""What the archive of a case consists of."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.models import Meeting
from organisations.models import User
from organisations.swedish import sort_key
from records.archive.bag import Entry, stream_bag
from records.archive.rows import ARCHIVED, Archived, lines_of
from records.contents import is_text
from records.documents import Paper
from records.queries import Entry as RegisterEntry
from records.queries import entries_of, own_authorities
from reports.brief import brief_document
from reports.layout import document_of
from reports.models import (
    CollaborationSynthesis,
    FinancialReport,
    SubmittedCopy,
    SynthesisCopy,
    WrittenReport,
)
from reports.pdf import write_pdf
from reports.queries import Content, brief_of
from reports.word import write_document
from sbs_workflow.models import Collaboration, WorkflowModel

Documents = list[tuple[Paper, list[RegisterEntry]]]


def name_of_archive(collaboration: Collaboration, now: datetime) -> str:
    """Such as ``samverkan-adalens-kommun-2026-03-10``; also the folder inside."""
    return f"samverkan-{slugify(collaboration.name) or collaboration.pk}-{now:%Y-%m-%d}"


def archive_of(collaboration: Collaboration, user: User, now: datetime) -> Iterator[bytes]:
    """The pieces of the ZIP file, with what this person may see.

    A fixed number of queries for each document, and one for each kind of row. It is written in
    Swedish, whoever asks for it.
    """
    with override(settings.LANGUAGE_CODE):
        documents = entries_of(collaboration, user, own_authorities(collaboration, user))
        facts = _facts(collaboration, user, documents)
    pieces = stream_bag(
        name_of_archive(collaboration, now),
        _entries(collaboration, user, documents, now),
        facts,
        now=now,
    )
    yield from _in_swedish(pieces)


def _in_swedish(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Each piece is made when it is asked for, and the language of a thread is anybody's then."""
    while True:
        with override(settings.LANGUAGE_CODE):
            piece = next(pieces, None)
        if piece is None:
            return
        if piece:
            yield piece


def _facts(collaboration: Collaboration, user: User, documents: Documents) -> dict[str, str]:
    numbers = {entry.number for _paper, entries in documents for entry in entries if entry.number}
    return {
        "Source-Organization": ", ".join(map(str, own_authorities(collaboration, user))),
        "External-Identifier": str(collaboration.pk),
        "External-Description": f"Samverkan för bästa skola: {collaboration.name}",
        "Internal-Sender-Identifier": ", ".join(sorted(numbers)),
        "Bag-Software-Agent": "Trepart",
        "Contact-Name": user.name,
    }


def _entries(
    collaboration: Collaboration, user: User, documents: Documents, now: datetime
) -> Iterator[Entry]:
    people: set[UUID] = set()
    yield Entry("register.json", _pretty(_register(documents)))
    for number, (paper, entries) in enumerate(documents, 1):
        name = f"handlingar/{number:04d}-{slugify(paper.name)[:60]}"
        yield Entry(f"{name}.html", _copy(paper, entries, user, now))
        yield from _as_files(paper, name, now)
    for archived in ARCHIVED:
        lines = lines_of(archived, collaboration, user, people)
        yield Entry(f"data/{archived.label}.jsonl", _json_lines(lines))
    yield Entry("personer.json", _pretty(_names(people)))


def _register(documents: Documents) -> list[dict[str, Any]]:
    return [
        {
            "machine": paper.kind.machine,
            "id": str(paper.instance.pk),
            "name": paper.name,
            "file": f"handlingar/{number:04d}-{slugify(paper.name)[:60]}.html",
            "state": str(paper.instance.state),
            "drawn_up_by": str(paper.drawn_up_by),
            "registered": [
                {
                    "authority": str(entry.authority),
                    "number": entry.number,
                    "kind": str(entry.kind),
                    "status": "official" if entry.is_official else "working_paper",
                    "date": entry.on.isoformat() if entry.on else None,
                    "secrecy": entry.secrecy,
                }
                for entry in entries
            ],
        }
        for number, (paper, entries) in enumerate(documents, 1)
    ]


def _names(people: Iterable[UUID]) -> list[dict[str, str]]:
    """Who the keys in the data stand for; of a protected identity only the role."""
    rows = User.objects.filter(pk__in=list(people)).values_list("pk", "name")
    named = [{"id": str(pk), "name": name} for pk, name in rows]
    return sorted(named, key=lambda row: sort_key(row["name"]))


# --- documents to read -----------------------------------------------------------------------


def _copy(paper: Paper, entries: list[RegisterEntry], user: User, now: datetime) -> Iterator[bytes]:
    """A page that needs nothing else to be read: no style, script or picture from elsewhere."""
    context = {
        "paper": paper,
        "entries": entries,
        "sections": list(_sections(paper.instance, user)),
        "now": now,
    }
    yield render_to_string("records/copy.html", context).encode()


def _sections(instance: WorkflowModel, user: User) -> Iterator[dict[str, Any]]:
    own = next(each for each in ARCHIVED if each.model is type(instance))
    yield {"heading": str(instance), "rows": [_facts_of(own, instance, user)]}
    if isinstance(instance, Collaboration):
        return
    for archived in ARCHIVED:
        if archived.is_part_of(type(instance)) and not issubclass(archived.model, SubmittedCopy):
            rows = [_facts_of(archived, row, user) for row in archived.of_object(instance, user)]
            if rows:
                name = str(archived.model._meta.verbose_name_plural)
                yield {"heading": name[:1].upper() + name[1:], "rows": rows}


def _facts_of(archived: Archived, row: Any, user: User) -> list[tuple[str, str]]:
    """What a row says, each with its label; keys of other rows say nothing to a reader."""
    instead = archived.instead(row, user)
    told = []
    for column in row._meta.concrete_fields:
        if column.is_relation or column.primary_key or not column.editable:
            continue
        value = instead.get(column.name, getattr(row, column.attname))
        if value in (None, "", []):
            continue
        show = getattr(row, f"get_{column.name}_display", None)
        words = str(show()) if show and not is_text(column) else str(value)
        label = str(column.verbose_name)
        told.append((label[:1].upper() + label[1:], words))
    return told


def _as_files(paper: Paper, name: str, now: datetime) -> Iterator[Entry]:
    """What is also a file: as it was submitted or published in Word, and the same as PDF/A."""
    match paper.instance:
        case Meeting() as meeting:
            document = brief_document(brief_of(meeting))
            pdf = write_pdf(document, made_at=now)
            yield from _twice(f"{name}-underlag", write_document(document), pdf)
        case WrittenReport() as report:
            for copy in report.copies.order_by("round").iterator(1):
                document = document_of(Content.read(copy.content))
                pdf = write_pdf(document, made_at=copy.frozen_at)
                yield from _twice(f"{name}-{slugify(_('round'))}-{copy.round}", copy.file, pdf)
        case FinancialReport() as account:
            for copy in account.copies.order_by("round").iterator(1):
                file = f"{name}-{slugify(_('round'))}-{copy.round}.xlsx"
                yield Entry(file, iter([bytes(copy.file)]))
        case CollaborationSynthesis() as synthesis:
            for copy in SynthesisCopy.objects.filter(synthesis=synthesis):
                yield from _twice(name, copy.file, copy.pdf)


def _twice(name: str, word: bytes, pdf: bytes) -> Iterator[Entry]:
    yield Entry(f"{name}.docx", iter([bytes(word)]))
    yield Entry(f"{name}.pdf", iter([bytes(pdf)]))


# --- data ------------------------------------------------------------------------------------


def _json_lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One row a line (https://jsonlines.org), so that a reader too needs no more than one."""
    for row in rows:
        yield (json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _pretty(value: Any) -> Iterator[bytes]:
    yield (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
