"""The archive of a case: whole, streamed, for its reader only, and checked by other programs."""

import json
import shutil
import subprocess
import tracemalloc
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from interventions.models import InterimTask, Visit
from organisations.models import User
from plans.models import Cause
from records.archive import ARCHIVED, LEFT_OUT, archive_of, name_of_archive
from records.contents import contents
from reports.layout import Document as TreeOfDocument
from reports.layout import Title
from reports.models import SynthesisCopy
from reports.pdf import write_pdf
from reports.word import write_document
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.pages.stage import set_stage

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

SECRET = "HEMLIGT-UTKAST"


def archive(cast: Cast, user: User) -> bytes:
    load_roles(user, TODAY)
    return b"".join(archive_of(cast.ours.collaboration, user, NOW))


def unpacked(cast: Cast, user: User, folder: Path) -> Path:
    with ZipFile(BytesIO(archive(cast, user))) as file:
        assert file.testzip() is None
        file.extractall(folder)
    return folder / name_of_archive(cast.ours.collaboration, NOW)


def rows(bag: Path, label: str) -> list[dict[str, object]]:
    lines = (bag / "data" / "data" / f"{label}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_other_programs_open_it_and_find_it_whole(cast: Cast, tmp_path: Path):
    """``sha256sum`` knows nothing of us, and neither does ``unzip``."""
    set_stage(cast.ours)
    (tmp_path / "case.zip").write_bytes(archive(cast, cast.ours.head_of_authority))
    if unzip := shutil.which("unzip"):
        subprocess.run([unzip, "-q", "case.zip"], cwd=tmp_path, check=True)
    else:
        shutil.unpack_archive(tmp_path / "case.zip", tmp_path)
    bag = tmp_path / name_of_archive(cast.ours.collaboration, NOW)
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "--quiet", "--strict", "-c", manifest], cwd=bag, check=True)
    listed = {line[66:] for line in (bag / "manifest-sha256.txt").read_text().splitlines()}
    present = {str(file.relative_to(bag)) for file in (bag / "data").rglob("*") if file.is_file()}
    assert listed == present
    assert (bag / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")
    info = dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text().splitlines())
    size = sum((bag / name).stat().st_size for name in present)
    assert info["Payload-Oxum"] == f"{size}.{len(present)}"
    assert info["External-Identifier"] == str(cast.ours.collaboration.pk)
    assert info["Bagging-Date"] == "2026-03-10"


def test_a_file_that_was_changed_is_found(cast: Cast, tmp_path: Path):
    bag = unpacked(cast, cast.ours.head_of_authority, tmp_path)
    (bag / "data" / "personer.json").write_text("[]")
    checked = subprocess.run(
        ["sha256sum", "-c", "manifest-sha256.txt"],
        cwd=bag,
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 1
    assert "data/personer.json: FAILED" in checked.stdout


def test_it_holds_documents_word_files_and_data(cast: Cast, tmp_path: Path):
    stage = set_stage(cast.ours)
    bag = unpacked(cast, cast.ours.head_of_authority, tmp_path)
    register = json.loads((bag / "data" / "register.json").read_text())
    files = {each["id"]: each["file"] for each in register}
    copy = (bag / "data" / files[str(stage.plan.pk)]).read_text()
    assert stage.planned_goal.text in copy
    assert {row["id"] for row in rows(bag, "plans.problem")} >= {str(stage.problem.pk)}
    people = json.loads((bag / "data" / "personer.json").read_text())
    assert "Rut Rektor" in {person["name"] for person in people}


def test_what_is_a_file_is_there_in_word_and_as_pdf_to_be_kept(cast: Cast, tmp_path: Path):
    """python-docx and pypdf, which have not written them, find the same title in both."""
    synthesis = set_stage(cast.ours).synthesis
    tree = TreeOfDocument("Lärdomar", "", "", [Title("Lärdomar")])
    SynthesisCopy.objects.create(
        synthesis=synthesis,
        file=write_document(tree),
        pdf=write_pdf(tree, made_at=NOW),
        frozen_at=NOW,
    )
    papers = unpacked(cast, cast.ours.head_of_authority, tmp_path) / "data" / "handlingar"
    words = {file.stem: Document(str(file)) for file in papers.glob("*.docx")}
    pdfs = {file.stem: PdfReader(file, strict=True) for file in papers.glob("*.pdf")}
    assert words.keys() == pdfs.keys()
    for part in ("underlag", "omgang-1", "analys"):
        assert any(part in name for name in words), words.keys()
    for name, pdf in pdfs.items():
        root: Any = pdf.trailer["/Root"]
        about = root["/Metadata"].get_data().decode()
        assert "<pdfaid:part>2<" in about
        assert "<pdfaid:conformance>A<" in about
        assert (root["/Lang"], len(root["/OutputIntents"])) == ("sv-SE", 1)
        assert pdf.metadata is not None
        assert pdf.metadata.title == words[name].core_properties.title


def test_it_holds_what_the_reader_may_see_and_no_more(cast: Cast, tmp_path: Path):
    side = cast.ours
    draft = factories.analysis(side.collaboration, side.school, text=SECRET)
    Cause.objects.filter(problem__analysis=draft).update(text=SECRET)
    Visit.objects.create(
        collaboration=side.collaboration,
        month=TODAY.replace(day=1),
        state="logged",
        takes_place_on=TODAY,
        log="OLÄST-LOGG",
        logged_by=side.team_leader,
    )
    factories.meeting(side.collaboration, state="held", minutes="FÖRSLAG-TILL-ANTECKNINGAR")
    factories.analysis(cast.theirs.collaboration, cast.theirs.school, text="DERAS-EGET")
    words = {SECRET, "OLÄST-LOGG", "FÖRSLAG-TILL-ANTECKNINGAR", "DERAS-EGET"}
    expected = {
        side.principal: {SECRET},
        side.head_of_authority: {SECRET},
        side.preschool_principal: set(),
        side.process_supporter: set(),
        side.team_leader: {"OLÄST-LOGG"},
    }
    for number, (person, seen) in enumerate(expected.items()):
        bag = unpacked(cast, person, tmp_path / str(number))
        text = "".join(file.read_text(errors="ignore") for file in bag.rglob("*.[jh]*"))
        assert {word for word in words if word in text} == seen, person


def test_all_content_is_in_the_archive_or_left_out_for_a_reason():
    archived = {each.model._meta.label for each in ARCHIVED}
    known = {content.model._meta.label for content in contents().values()}
    assert known - archived - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) - known == set(), "these are gone: strike them out"


def test_strangers_get_none(cast: Cast, client: Client):
    url = reverse("records:archive", args=[cast.ours.collaboration.pk])
    for person in (cast.theirs.head_of_authority, cast.outsider):
        client.force_login(person)
        assert client.get(url).status_code == 404


def test_thousands_of_objects_pass_through_a_little_memory(cast: Cast):
    """3,000 tasks with 1 kB of text each: neither they nor the file are ever there as a whole."""
    visit = factories.visit(cast.ours.collaboration, state="shared")
    with transaction.atomic():
        InterimTask.objects.bulk_create(
            InterimTask(
                collaboration=cast.ours.collaboration,
                visit=visit,
                unit=cast.ours.school,
                text=f"{number} " + "Pröva starten. " * 70,
                due_on=TODAY,
            )
            for number in range(3_000)
        )
    load_roles(cast.ours.head_of_authority, TODAY)
    list(archive_of(cast.theirs.collaboration, cast.ours.head_of_authority, NOW))  # warm caches
    tracemalloc.start()
    pieces = archive_of(cast.ours.collaboration, cast.ours.head_of_authority, NOW)
    largest, whole = 0, b""
    for piece in pieces:
        largest = max(largest, len(piece))
        whole += piece
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert largest < 1_000_000
    assert peak < 12_000_000
    with ZipFile(BytesIO(whole)) as file:
        name = next(n for n in file.namelist() if n.endswith("interventions.interimtask.jsonl"))
        assert len(file.read(name).splitlines()) == 3_000
