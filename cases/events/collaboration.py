"""The offer, the phases and the ways in which a collaboration stops."""

from django.utils.translation import gettext as _

from cases.reading import Key, Reader, choice, short
from cases.story import Story
from cases.vocabulary import PAST_GATES, REASON, Told, event
from sbs_workflow.actions import describe_collaboration, let_unit_leave
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration, Participation
from sbs_workflow.permissions import can_manage_collaboration


@event("offer", Key("channel", choice(Collaboration.OfferChannel), required=True))
def offer(story: Story, told: Told) -> None:
    story.take(story.collaboration.offer, told, offered_on=told.day, offer_channel=told["channel"])


@event("accept", Key("mandate", short(200), required=True))
def accept(story: Story, told: Told) -> None:
    story.take(story.collaboration.accept, told, mandate_reference=told["mandate"])


@event("decline", Key("why", choice(Collaboration.DeclineReason), required=True))
def decline(story: Story, told: Told) -> None:
    story.take(story.collaboration.decline, told, decline_reason=told["why"])


@event("start analysis", PAST_GATES)
def start_analysis(story: Story, told: Told) -> None:
    story.take_even_so(story.collaboration.start_analysis, told, analysis_starts_on=told.day)


@event("start planning", PAST_GATES)
def start_planning(story: Story, told: Told) -> None:
    story.take_even_so(story.collaboration.start_planning, told)


@event("match university")
def match(story: Story, told: Told) -> None:
    if story.university is None:
        raise TransitionRefused(_("Name the university under organisations."))
    by = story.somebody(can_manage_collaboration, story.collaboration, told)
    story.collaboration = describe_collaboration(
        collaboration=story.collaboration, university=story.university, by=by, now=story.now
    )


@event("agree", PAST_GATES)
def agree(story: Story, told: Told) -> None:
    story.take_even_so(story.collaboration.agree, told)


@event(
    "start interventions",
    Key("from", Reader.day),
    Key("to", Reader.day, required=True),
    PAST_GATES,
)
def start_interventions(story: Story, told: Told) -> None:
    story.take_even_so(
        story.collaboration.start_interventions,
        told,
        interventions_start_on=told["from"] or told.day,
        interventions_end_on=told["to"],
    )


@event("extend", Key("to", Reader.day, required=True), REASON)
def extend(story: Story, told: Told) -> None:
    story.take(
        story.collaboration.extend, told, reason=told["reason"], interventions_end_on=told["to"]
    )


@event("start reporting", PAST_GATES)
def start_reporting(story: Story, told: Told) -> None:
    story.take_even_so(story.collaboration.start_reporting, told)


@event("close", Key("seminar", Reader.day), PAST_GATES)
def close(story: Story, told: Told) -> None:
    story.take_even_so(
        story.collaboration.close, told, closing_seminar_on=told["seminar"] or told.day
    )


@event("follow up", REASON)
def follow_up(story: Story, told: Told) -> None:
    story.take(story.collaboration.follow_up, told, reason=told["reason"], followed_up_on=told.day)


@event("pause", Key("until", Reader.day, required=True), REASON)
def pause(story: Story, told: Told) -> None:
    story.take(story.collaboration.pause, told, reason=told["reason"], resume_on=told["until"])


@event("resume")
def resume(story: Story, told: Told) -> None:
    story.take(story.collaboration.resume, told)


@event("withdraw", REASON)
def withdraw(story: Story, told: Told) -> None:
    story.take(story.collaboration.withdraw, told, reason=told["reason"])


@event("terminate", REASON)
def terminate(story: Story, told: Told) -> None:
    story.take(story.collaboration.terminate, told, reason=told["reason"])


@event(
    "leave",
    Key("unit", Reader.one_unit, required=True),
    Key("reason", short(300), required=True),
)
def leave(story: Story, told: Told) -> None:
    """A unit leaves while the case goes on."""
    participation = Participation.objects.get(
        collaboration=story.collaboration, unit=story.units[told["unit"]]
    )
    by = story.somebody(can_manage_collaboration, story.collaboration, told)
    let_unit_leave(participation=participation, reason=told["reason"], by=by, now=story.now)
