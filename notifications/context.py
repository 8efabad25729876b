"""A message's context as JSON that keeps dates and moments, so that templates can format them."""

import json
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


class ContextEncoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return {"__moment__": o.isoformat()}
        if isinstance(o, date):
            return {"__date__": o.isoformat()}
        return super().default(o)


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
