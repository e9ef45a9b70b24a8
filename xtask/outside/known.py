"""The known differences of generated clients: `known.json`, each with its reason.

An entry has a `reason` and regular expressions, each of which must match all of: the `service`, the `protocol`, the
`operation`, the `title` of the case, the `place` of the difference, and `botocore` and `ours`, the values as Python writes
them. What an entry leaves out may be anything. `met_by` names a service that must meet the entry if all of its operations
are compared; an entry that it does not meet is out of date. With `same_after`, an expression and a replacement, both values
must be the same afterwards; with `same_float`, both must be one float of 32 bits.
"""

import json
import re
from collections import Counter
from ctypes import c_float
from pathlib import Path
from typing import Any

from messages import Case, Difference

FILE = Path(__file__).with_name("known.json")


class Known:
    """The known differences of a service, and how often each was met."""

    def __init__(self, service: str, protocol: str) -> None:
        self.counts: Counter[str] = Counter()
        self.service = service
        self.entries = [
            entry
            for entry in json.loads(FILE.read_text("utf-8"))
            if matches(entry, "service", service) and matches(entry, "protocol", protocol)
        ]

    def has(self, case: Case, difference: Difference) -> bool:
        """Whether a difference is known; counts it."""
        for entry in self.entries:
            if (
                matches(entry, "operation", case.operation)
                and matches(entry, "title", case.title)
                and matches(entry, "place", difference.place)
                and matches(entry, "botocore", difference.wanted)
                and matches(entry, "ours", difference.came)
                and same_after(entry, difference)
            ):
                self.counts[entry["reason"]] += 1
                return True
        return False

    def met(self) -> int:
        return self.counts.total()

    def stale(self) -> list[str]:
        """The entries that this service should have met."""
        due = (entry for entry in self.entries if entry["met_by"] == self.service)
        return [entry["reason"] for entry in due if not self.counts[entry["reason"]]]

    def reasons(self) -> dict[str, int]:
        return dict(self.counts)


def matches(entry: dict[str, Any], name: str, value: Any) -> bool:
    expression = entry.get(name)
    text = value if isinstance(value, str) else repr(value)
    return expression is None or re.fullmatch(expression, text, re.DOTALL) is not None


def same_after(entry: dict[str, Any], difference: Difference) -> bool:
    """Whether the two values are the same once they are written in one way, or as floats of 32 bits."""
    if entry.get("same_float"):
        wanted, came = difference.wanted, difference.came
        if not isinstance(wanted, float) or not isinstance(came, float):
            return False
        return wanted == c_float(wanted).value == c_float(came).value
    if "same_after" not in entry:
        return True
    expression, replacement = entry["same_after"]
    wanted, came = (re.sub(expression, replacement, repr(value)) for value in (difference.wanted, difference.came))
    return wanted == came
