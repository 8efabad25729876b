"""How far goals have come, in the eyes of a party."""

from typing import Any

from cases.nodes import Node
from cases.reading import Key, Reader, Row, choice, list_of, read_numbered
from cases.story import Story
from cases.vocabulary import Told, event
from organisations.models import Party
from plans.actions import rate_goal
from plans.models import Evidence, Level, Whose
from plans.permissions import RATES_FOR, can_rate

COLOUR = (
    Key("goal", read_numbered, required=True),
    Key("level", choice(Level), required=True),
    Key("why", Reader.text, required=True),
)


def read_evidence(reader: Reader, node: Node) -> dict[str, Any]:
    return reader.keys(
        node,
        Key("kind", choice(Evidence.Kind), required=True),
        Key("text", Reader.text, required=True),
    )


def read_colour(reader: Reader, node: Node) -> Row:
    """The colour that all agree on."""
    return Row(node, reader.keys(node, *COLOUR))


def read_rating(reader: Reader, node: Node) -> Row:
    return Row(node, reader.keys(node, *COLOUR, Key("evidence", read_evidence)))


@event(
    "rate goals", Key("party", choice(Party)), Key("ratings", list_of(read_rating), required=True)
)
def rate_goals(story: Story, told: Told) -> None:
    """For the party of the person who rates: the unit's own people where the file does not say."""
    may = RATES_FOR[Whose(told["party"])] if told["party"] else can_rate
    for row in told["ratings"]:
        goal, evidence = story.goal(row["goal"]), row["evidence"] or {}
        rate_goal(
            goal=goal,
            level=row["level"],
            justification=row["why"],
            evidence_kind=evidence.get("kind", ""),
            evidence=evidence.get("text", ""),
            by=story.somebody(may, goal, told),
            now=story.now,
        )
