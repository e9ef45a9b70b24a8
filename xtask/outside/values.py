"""Makes values for the shapes of a model: the least, the emptiest, the fullest and random ones, all of them legal.

Values are what botocore takes and gives: structures are dictionaries, blobs bytes, timestamps `datetime` in UTC. Which
ones come out depends on the seed alone, so that a difference can be looked at again.
"""

import re
from datetime import UTC, datetime, timedelta
from enum import Enum
from random import Random
from typing import Any

import rstr
from botocore.model import Shape, StructureShape

# Every character that JSON, a URL or a header must treat with care, and some that need two and four bytes.
HOSTILE = "\"\\/\b\f\n\r\t\x00\x1f\x7f %+&=?#:;@~!*'()<>[]{}|^`é漢\u2028\ufeff😀aZ09-._"
# Those of them that the patterns of identifiers may let through.
HOSTILE_IN_IDENTIFIERS = ":/ %+?#&=é漢😀~'*"
LONGEST_TEXT = 60
LONGEST_LIST = 3
DEEPEST = 8
# Shapes whose patterns hold anchors in their middle, which nothing can generate from.
EXAMPLES = {
    "PrincipalId": ["AWS Responder", "123456789012", "arn:aws:iam::123456789012:role/path/name"],
}


class Fill(Enum):
    """How much of a structure is given."""

    REQUIRED = "required members only"
    EMPTY = "every member, as empty as is legal"
    FULL = "every member"
    RANDOM = "random members"


class Values:
    """A source of values."""

    def __init__(self, seed: str, sparse_lists: frozenset[str] = frozenset()) -> None:
        self.random = Random(seed)
        self.text = rstr.Rstr(self.random)
        self.sparse_lists = sparse_lists

    def structure(self, shape: StructureShape | None, fill: Fill, depth: int = 0) -> dict[str, Any]:
        """The members of a structure."""
        if shape is None:
            return {}
        return {
            name: self.value(member, fill, depth + 1)
            for name, member in shape.members.items()
            if name in shape.required_members or self._is_given(fill, depth)
        }

    def value(self, shape: Shape, fill: Fill, depth: int = 0) -> Any:
        """A value of any shape."""
        match shape.type_name:
            case "structure":
                return self.structure(shape, fill, depth)
            case "list":
                return self._list(shape, fill, depth)
            case "map":
                keys = {self._string(shape.key, fill) for _ in range(self._length(shape, fill, LONGEST_LIST))}
                return {key: self.value(shape.value, fill, depth + 1) for key in sorted(keys)}
            case "string":
                return self._string(shape, fill)
            case "integer" | "long":
                return self._integer(shape, fill)
            case "float" | "double":
                return self.random.choice([0.0, -0.5, 1e-7, 123456.789, 1e21, self.random.random()])
            case "boolean":
                return fill is Fill.FULL or (fill is Fill.RANDOM and self.random.random() < 0.5)
            case "timestamp":
                return self._timestamp(fill)
            case "blob":
                return self.random.randbytes(self._length(shape, fill, LONGEST_TEXT))
            case other:
                raise NotImplementedError(f"no values for {other} ({shape.name})")

    def _is_given(self, fill: Fill, depth: int) -> bool:
        if fill is Fill.RANDOM:
            return depth < DEEPEST and self.random.random() < 0.6
        return fill is not Fill.REQUIRED and depth < DEEPEST

    def _length(self, shape: Shape, fill: Fill, longest: int) -> int:
        least = shape.metadata.get("min", 0)
        most = max(least, min(shape.metadata.get("max", longest), longest))
        match fill:
            case Fill.EMPTY:
                return least
            case Fill.FULL:
                return most
            case _:
                return self.random.randint(least, most)

    def _list(self, shape: Shape, fill: Fill, depth: int) -> list[Any]:
        elements: list[Any] = []
        for _ in range(self._length(shape, fill, LONGEST_LIST)):
            element = self.value(shape.member, fill, depth + 1)
            # A list may want its elements to differ; botocore's models do not say which do.
            if element not in elements:
                elements.append(element)
        if shape.name in self.sparse_lists and fill in (Fill.FULL, Fill.RANDOM):
            elements.insert(self.random.randint(0, len(elements)), None)
        return elements

    def _string(self, shape: Shape, fill: Fill) -> str:
        if shape.enum:
            return self.random.choice(list(shape.enum))
        pattern = shape.metadata.get("pattern")
        if pattern is not None:
            return self._matching(shape, pattern)
        # A path label cannot be empty, whatever its shape says.
        in_path = shape.serialization.get("location") == "uri"
        length = max(self._length(shape, fill, LONGEST_TEXT), 1 if in_path else 0)
        return "".join(self.random.choice(HOSTILE) for _ in range(length))

    def _matching(self, shape: Shape, pattern: str) -> str:
        least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 4096)

        def fits(text: str) -> bool:
            return least <= len(text) <= most and re.fullmatch(pattern, text, re.ASCII) is not None

        if shape.name in EXAMPLES:
            return self.random.choice(EXAMPLES[shape.name])
        # Endless runs of a class would mostly be longer than the shape allows.
        bounded = re.sub(r"(\\[wd])\+\??", r"\1{1,12}", pattern)
        for _ in range(1000):
            text = self.text.xeger(bounded)
            # A pattern that ends in `.*` grows beyond the limit more often than not.
            text = text if fits(text) else text[:most]
            if fits(text):
                spiced = self._spice(text)
                return spiced if fits(spiced) else text
        raise ValueError(f"{shape.name}: found no text for {pattern}; give it one in EXAMPLES")

    def _spice(self, text: str) -> str:
        """Replaces the last characters with hostile ones, for the patterns that let them through."""
        ending = "".join(self.random.choice(HOSTILE_IN_IDENTIFIERS) for _ in range(6))
        return text[: max(0, len(text) - len(ending))] + ending

    def _integer(self, shape: Shape, fill: Fill) -> int:
        bits = 31 if shape.type_name == "integer" else 63
        least = shape.metadata.get("min", -(2**bits))
        most = shape.metadata.get("max", 2**bits - 1)
        match fill:
            case Fill.EMPTY:
                return min(max(0, least), most)
            case Fill.FULL:
                return most
            case _:
                return self.random.choice([least, most, self.random.randint(least, most)])

    def _timestamp(self, fill: Fill) -> datetime:
        start = datetime(1970, 1, 1, tzinfo=UTC)
        if fill is Fill.EMPTY:
            return start
        seconds = self.random.randint(0, 4_000_000_000)
        fraction = self.random.choice([0, 500_000, 123_000, 1, 999_999])
        return start + timedelta(seconds=seconds, microseconds=fraction)
