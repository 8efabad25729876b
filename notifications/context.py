"""A message's context as JSON that keeps dates and moments, so that templates can format them."""

import json
import re
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

# Text from a form or a Word file may hold control characters, which break headers and mail readers;
# PostgreSQL refuses NUL.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def without_controls(text: str) -> str:
    """Control characters other than tab and line feed become spaces."""
    return _CONTROLS.sub(" ", text)


class ContextEncoder(DjangoJSONEncoder):
    def encode(self, o: Any) -> str:
        return super().encode(_clean(o))

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return {"__moment__": o.isoformat()}
        if isinstance(o, date):
            return {"__date__": o.isoformat()}
        return super().default(o)


def _clean(value: Any) -> Any:
    match value:
        case str():
            return without_controls(value)
        case dict():
            return {key: _clean(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_clean(inner) for inner in value]
        case _:
            return value


class ContextDecoder(json.JSONDecoder):
    def __init__(self, **options: Any) -> None:
        super().__init__(object_hook=_revive, **options)


def _revive(value: dict[str, Any]) -> Any:
    match value:
        case {"__moment__": text}:
            return datetime.fromisoformat(text)
        case {"__date__": text}:
            return date.fromisoformat(text)
        case _:
            return value
