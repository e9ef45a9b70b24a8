"""Values for the shapes of any service: within what botocore checks, and otherwise as odd as the wire can hold.

Patterns are not followed: neither client checks them here, and texts that break them are the better test. What a place
cannot hold is left out: control characters in headers and XML, all but letters and digits in a host name.
"""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.model import Shape, StructureShape

from rule_texts import REGIONS, PlainTexts, RuleTexts
from values import LONGEST_LIST, LONGEST_TEXT, Fill, Values

TEXT = "\"\\/\b\f\n\r\t\x01\x1f\x7f %+&=?#:;@~!*'()<>[]{}|^`,é漢\u2028😀aZ09-._"
XML_TEXT = "".join(letter for letter in TEXT if letter >= " " or letter in "\t\n\r")
# Names of headers, in lower case: the two clients may not agree on the case, which means nothing.
HEADER_NAME = "abz09-._"
HEADER_TEXT = "aZ09-._/+%&=?#:;@~!*'()<>[]{}|^`\"\\"
LABEL = "abcxyz0189"
# How many members a value may have before only required ones are given.
BUDGET = 150
DEEPEST = 6
# botocore makes the host of a presigned URL of this member, and fails if that is none.
SOURCE_REGION = "SourceRegion"
PLACES_WITH_TEXT = ("uri", "label", "header", "headers")
FLOATS = [0.0, -0.5, 123456.75, 1.0, 2.0**-20, 16777215.0]
DOUBLES = [*FLOATS, 1e-7, 123456.789, 1e21, 1.7976931348623157e308, 5e-324]
SPECIAL = [math.nan, math.inf, -math.inf]
DOCUMENTS: list[Any] = [
    {"a": [1, -2.5, None, True, "é\"\\"], "": {}},
    "text",
    [],
    {"nested": {"list": [[], [{}]]}},
    12,
]


class FreeValues(Values):
    """A source of values; `text` is the alphabet of texts in bodies, and `rules` has texts for the members `ruled`, into
    which the endpoint rules look."""

    def __init__(
        self, seed: str, text: str, rules: RuleTexts | PlainTexts | None = None, ruled: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(seed)
        self.alphabet = text
        self.rules, self.ruled, self.is_ruled = rules, ruled, False
        self.place: str | None = None
        self.left = BUDGET

    def message(self, shape: StructureShape | None, fill: Fill) -> dict[str, Any]:
        """The members of a request, an answer or an error."""
        self.left = BUDGET
        return self.structure(shape, fill)

    def structure(self, shape: StructureShape | None, fill: Fill, depth: int = 0) -> dict[str, Any]:
        if shape is None:
            return {}
        if getattr(shape, "is_document_type", False):
            return self.random.choice(DOCUMENTS)
        if getattr(shape, "is_tagged_union", False):
            return self._union(shape, fill, depth)
        members = {}
        for name, member in shape.members.items():
            if getattr(member, "event_stream_output", False) or member.serialization.get("eventstream"):
                continue
            in_path = member.serialization.get("location") == "uri"
            if name in shape.required_members or in_path or self._is_given(fill, depth):
                if depth == 0:
                    self.is_ruled = name in self.ruled
                    self.place = "label" if member.serialization.get("hostLabel") else member.serialization.get("location")
                if self.place == "statusCode":
                    members[name] = self.random.choice([200, 201, 202, 206])
                elif name == SOURCE_REGION:
                    members[name] = self.random.choice(REGIONS[:8])
                else:
                    members[name] = self.value(member, fill, depth + 1)
        self.place = None if depth == 0 else self.place
        return members

    def _union(self, shape: StructureShape, fill: Fill, depth: int) -> dict[str, Any]:
        names = list(shape.members)
        flat = [name for name in names if shape.members[name].type_name not in ("structure", "list", "map")]
        name = self.random.choice(flat if flat and depth >= DEEPEST else names)
        return {name: self.value(shape.members[name], fill, depth + 1)}

    def _is_given(self, fill: Fill, depth: int) -> bool:
        if self.left <= 0 or depth >= DEEPEST:
            return False
        if fill is Fill.RANDOM and self.random.random() < 0.5 or fill is Fill.REQUIRED:
            return False
        self.left -= 1
        return True

    def _length(self, shape: Shape, fill: Fill, longest: int) -> int:
        least = shape.metadata.get("min", 0)
        if shape.type_name in ("list", "map"):
            # An empty list in a header cannot be told from an absent one.
            least = max(least, 1) if self.place in ("header", "headers") else least
            if self.left <= 0 and fill is not Fill.EMPTY:
                return least
        return min(super()._length(shape, fill, longest), max(least, longest))

    def _list(self, shape: Shape, fill: Fill, depth: int) -> list[Any]:
        return [
            self.value(shape.member, fill, depth + 1)
            for _ in range(self._length(shape, fill, LONGEST_LIST))
        ]

    def value(self, shape: Shape, fill: Fill, depth: int = 0) -> Any:
        match shape.type_name:
            case "string" if shape.serialization.get("jsonvalue"):
                return json.dumps({"key": ["a", 1, None]})
            case "float" | "double":
                choices = FLOATS if shape.type_name == "float" else DOUBLES
                bounded = "min" in shape.metadata or "max" in shape.metadata
                if fill is Fill.RANDOM and not bounded and self.random.random() < 0.2:
                    return self.random.choice(SPECIAL)
                return self._within(shape, self.random.choice(choices))
            case "map" if self.place == "headers":
                keys = {self._header_name() for _ in range(self._length(shape, fill, LONGEST_LIST))}
                return {key: self.value(shape.value, fill, depth + 1) for key in sorted(keys)}
            case "byte" | "short":
                return self.random.randint(-128, 127)
            case "character":
                return "a"
            case _:
                return super().value(shape, fill, depth)

    def _within(self, shape: Shape, value: float) -> float:
        least, most = shape.metadata.get("min", -math.inf), shape.metadata.get("max", math.inf)
        return min(max(value, float(least)), float(most))

    def _string(self, shape: Shape, fill: Fill) -> str:
        if shape.enum and self.random.random() < 0.9:
            return self.random.choice(list(shape.enum))
        if self.is_ruled and self.rules is not None and self.random.random() < self.rules.share:
            text = self.rules.text(self.random)
            if len(text) >= shape.metadata.get("min", 0) and (text or self.place not in PLACES_WITH_TEXT):
                return text
        alphabet = {"label": LABEL, "header": HEADER_TEXT, "headers": HEADER_TEXT}.get(self.place or "", self.alphabet)
        least = 1 if self.place in PLACES_WITH_TEXT else 0
        length = max(self._length(shape, fill, 20 if self.place == "label" else LONGEST_TEXT), least)
        return "".join(self.random.choice(alphabet) for _ in range(length))

    def _header_name(self) -> str:
        return "".join(self.random.choice(HEADER_NAME) for _ in range(self.random.randint(1, 20)))

    def _timestamp(self, fill: Fill) -> datetime:
        start = datetime(1970, 1, 1, tzinfo=UTC)
        if fill is Fill.EMPTY:
            return start
        seconds = self.random.choice([self.random.randint(0, 4_000_000_000), self.random.randint(-2_000_000_000, -1)])
        fraction = self.random.choice([0, 0, 500_000, 123_000])
        return start + timedelta(seconds=seconds, microseconds=fraction)
