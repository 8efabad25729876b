"""The sammanfattande analys of the huvudman."""

from typing import Any

from django.utils.translation import gettext as _

from cases.nodes import Node
from cases.reading import Key, Reader, Row, list_of
from cases.story import Story
from cases.vocabulary import Told, event
from organisations.models import User
from reports.actions import choose_sentence, write_passage, write_synthesis
from reports.models import CollaborationSynthesis
from reports.permissions import can_write_synthesis
from reports.queries import synthesis_said
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.queries import load_roles


def read_section(reader: Reader, node: Node) -> Row:
    """``section`` is the last part of the address of its page, such as ``tema-roles``."""
    values: dict[str, Any] = reader.keys(
        node,
        Key("section", Reader.text, required=True),
        Key("text", Reader.text),
        Key("sentences", list_of(Reader.text)),
    )
    return Row(node, values)


def _synthesis(story: Story) -> CollaborationSynthesis:
    found = CollaborationSynthesis.objects.filter(collaboration=story.collaboration).first()
    if found is None:
        raise TransitionRefused(_("There is no synthesis before the final reports."))
    return found


@event(
    "write synthesis",
    Key("introduction", Reader.text, required=True),
    Key("conclusion", Reader.text),
    Key("sections", list_of(read_section)),
)
def write(story: Story, told: Told) -> None:
    synthesis = _synthesis(story)
    by = story.somebody(can_write_synthesis, synthesis, told)
    write_synthesis(
        synthesis=synthesis,
        introduction=told["introduction"],
        conclusion=told["conclusion"] or "",
        by=by,
        now=story.now,
    )
    for row in told["sections"] or ():
        _write_section(story, synthesis, row, by)


def _write_section(story: Story, synthesis: CollaborationSynthesis, row: Row, by: User) -> None:
    load_roles(by, story.today)
    said = synthesis_said(synthesis, by)
    section = said.section(row["section"])
    if section is None:
        slugs = ", ".join(each.key.slug for each in said.sections)
        raise TransitionRefused(
            _("There is no section %(name)s. There are: %(slugs)s.")
            % {"name": row["section"], "slugs": slugs}
        )
    write_passage(
        synthesis=synthesis, section=section.key, text=row["text"] or "", by=by, now=story.now
    )
    by_text = {sentence.text: sentence.key for sentence in said.figures.sentences}
    for text in row["sentences"] or ():
        choose_sentence(
            synthesis=synthesis,
            section=section.key,
            key=by_text.get(text, ""),
            by=by,
            now=story.now,
        )


@event("share synthesis")
def share(story: Story, told: Told) -> None:
    story.take(_synthesis(story).share, told)


@event("publish synthesis")
def publish(story: Story, told: Told) -> None:
    story.take(_synthesis(story).publish, told)
