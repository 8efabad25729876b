"""Mapping the capacity to improve."""

from typing import Any

from assessments.actions import write_mapping
from assessments.models import CapacityMapping, Dimension
from assessments.permissions import can_write_mapping
from cases.nodes import Node
from cases.reading import Key, Reader, Row, choice, list_of, whole_number
from cases.story import Story, numbered
from cases.vocabulary import Told, event


def read_part(reader: Reader, node: Node) -> Row:
    values: dict[str, Any] = reader.keys(
        node,
        Key("part", choice(Dimension), required=True),
        Key("level", whole_number(1, 4), required=True),
        Key("why", Reader.text, required=True),
    )
    return Row(node, values)


@event(
    "map capacity",
    Key("round", whole_number(1, 2), required=True),
    Key("method", Reader.text, required=True),
    Key("parts", list_of(read_part), required=True),
)
def map_capacity(story: Story, told: Told) -> None:
    """Begun, written and shared on one day, as where all sit around one table."""
    owed = CapacityMapping.objects.filter(collaboration=story.collaboration)
    mapping = numbered(owed, told["round"], told.node, field="round")
    begun = story.take(mapping.begin, told)
    write_mapping(
        mapping=begun,
        mapped_on=story.today,
        method=told["method"],
        said={row["part"]: (row["level"], row["why"]) for row in told["parts"]},
        by=story.somebody(can_write_mapping, begun, told),
        now=story.now,
    )
    story.take(begun.finish, told)
