"""The statements that write, as Django's own compilers build them, and what their parameters say.

It reads no other SQL. What a statement does not say itself is left to a question to the database.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import DateTimeField, DecimalField, JSONField
from django.utils.timezone import is_naive, make_aware

INSERT = re.compile(r'INSERT (OR IGNORE )?INTO "(\w+)" \(([^)]*)\) ')
UPDATE = re.compile(r'UPDATE "(\w+)" SET ')
DELETE = re.compile(r'DELETE FROM "(\w+)"(?: WHERE )?')
PLAIN_ROWS = re.compile(
    r"VALUES \(%s(?:, %s)*\)(?:, \(%s(?:, %s)*\))*(?: (?:ON CONFLICT|RETURNING) .*)?"
)
PLAIN_CONDITION = re.compile(r'"\w+"\."(\w+)" (= %s|IN \(%s(?:, %s)*\)|IS (?:NOT )?NULL)')
COLUMN = re.compile(r'"(\w+)"')
SET = re.compile(r'(?:^|, )"(\w+)" = (%s(?=, |$)|NULL(?=, |$))?')
TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[()]| WHERE |%s")


@dataclass(frozen=True)
class Statement:
    """A statement that writes.

    ``values`` stand beside the columns that an UPDATE sets: ``%s``, ``NULL``, or "" for what the
    database works out. ``set_parameters`` is the number of parameters before the condition.
    ``may_skip`` is an INSERT that leaves out the rows that are there already.
    """

    verb: str
    table: str
    columns: tuple[str, ...] = ()
    where: str = ""
    values: tuple[str, ...] = ()
    set_parameters: int = 0
    is_plain: bool = False
    is_unnested: bool = False
    may_skip: bool = False

    def condition(self, parameters: Sequence[Any]) -> list[Any]:
        """The parameters of the condition."""
        return list(parameters[self.set_parameters :])

    def only(self, column: str, parameters: Sequence[Any]) -> Any:
        """The one value that the condition allows ``column``; None when it asks otherwise."""
        place = self.places.get(column)
        return None if place is None else self.condition(parameters)[place]

    @cached_property
    def places(self) -> dict[str, int]:
        """The columns that must have one value, each with the place of it among the parameters."""
        found, place = {}, 0
        is_whole = self.where.startswith("(") and self.where.endswith(")")
        for condition in (self.where[1:-1] if is_whole else self.where).split(" AND "):
            match = PLAIN_CONDITION.fullmatch(condition)
            if match is None:
                return {}
            if match[2] in ("= %s", "IN (%s)"):
                found[match[1]] = place
            place += condition.count("%s")
        return found

    def written(self, parameters: Sequence[Any]) -> dict[str, Any] | None:
        """What an UPDATE sets each column to; None when only the database knows."""
        if not all(self.values):
            return None
        plain = iter(parameters)
        values = [next(plain) if value == "%s" else None for value in self.values]
        return dict(zip(self.columns, values, strict=True))

    def inserted(self, parameters: Sequence[Any]) -> list[dict[str, Any]] | None:
        """The rows that an INSERT names; None when only the database knows."""
        if self.is_unnested:
            rows = list(zip(*parameters, strict=True))
        elif self.is_plain:
            width = len(self.columns)
            rows = [tuple(parameters[at : at + width]) for at in range(0, len(parameters), width)]
        else:
            return None
        return [dict(zip(self.columns, row, strict=True)) for row in rows]


@lru_cache(maxsize=1024)
def read_statement(sql: str) -> Statement | None:
    """None for what writes nothing, or is not built by a compiler of Django."""
    if match := INSERT.match(sql):
        rest = sql[match.end() :]
        return Statement(
            "INSERT",
            match[2],
            tuple(COLUMN.findall(match[3])),
            is_plain=bool(PLAIN_ROWS.fullmatch(rest)),
            is_unnested=rest.startswith("SELECT * FROM UNNEST("),
            may_skip=bool(match[1]) or " ON CONFLICT " in rest,
        )
    if match := UPDATE.match(sql):
        assignments, parameters, where = _split(sql[match.end() :])
        found = SET.findall(assignments)
        return Statement(
            "UPDATE",
            match[1],
            tuple(column for column, _value in found),
            where,
            tuple(value for _column, value in found),
            set_parameters=parameters,
        )
    if sql.endswith(";"):
        return None  # ``flush`` empties the tables, the trail with them
    if match := DELETE.match(sql):
        return Statement("DELETE", match[1], where=sql[match.end() :])
    return None


def _split(rest: str) -> tuple[str, int, str]:
    """The assignments without what stands in parentheses, their parameters, and the condition."""
    depth, parameters, outside, last = 0, 0, "", 0
    for token in TOKEN.finditer(rest):
        word = token[0]
        if depth == 0:
            outside += rest[last : token.start()]
        last = token.end()
        if word == " WHERE " and depth == 0:
            return outside, parameters, rest[token.end() :]
        if depth == 0 and word not in "()":
            outside += word
        depth += {"(": 1, ")": -1}.get(word, 0)
        parameters += word == "%s"
    return outside + rest[last:], parameters, ""


def as_stored(field: Any, parameter: Any, connection: Any) -> Any:
    """A parameter of a statement as the field would be read from the database afterwards."""
    if parameter is None:
        return None
    if isinstance(field, JSONField):
        # SQLite is given the text, PostgreSQL the value in a wrapping of its driver.
        written = parameter if isinstance(parameter, str) else json.dumps(parameter.obj)
        return json.loads(written, cls=field.decoder)
    value = field.to_python(parameter)
    if isinstance(field, DateTimeField) and is_naive(value):
        return make_aware(value, connection.timezone)
    if isinstance(field, DecimalField):
        return value.quantize(Decimal(1).scaleb(-field.decimal_places))
    return value
