"""Each step that is recorded becomes a link of its case's chain, in the same transaction."""

from collections.abc import Sequence

from records import chain
from sbs_workflow.acting import on_record
from sbs_workflow.models import TransitionRecord


@on_record
def link_steps(records: Sequence[TransitionRecord]) -> None:
    chain.link(records)
