"""Intended differences from botocore, each with its reason.

An entry that matches no difference is an error, because it is out of date.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from messages import Case, Difference
from rendering import REQUEST_ID


@dataclass
class KnownDifference:
    """A difference that is meant."""

    reason: str
    applies: Callable[[Case, Difference], bool]
    met: int = 0


def is_of_a_proxy(case: Case) -> bool:
    """Whether botocore takes a response for one of something between it and the service."""
    return case.response.status >= 500 and not case.response.body.startswith(b"{")


def without_trailing_zeros(query: list[str]) -> list[str]:
    """A query whose timestamps have no zeros at their end."""
    return [re.sub(r"(\.\d+?)0+Z$", r"\1Z", parameter) for parameter in query]


# Members of responses that the overlay of Support gives the default `false`, which botocore's model does not have.
FALSE_BY_DEFAULT = re.compile(
    r"output\.(result|summaries\[\d+\]\.hasFlaggedResources|result\.flaggedResources\[\d+\]\.isSuppressed)"
)

KNOWN = [
    KnownDifference(
        "booleans of responses with the default `false`: ours has it where the service left it out, botocore nothing",
        lambda case, difference: case.service == "support"
        and FALSE_BY_DEFAULT.fullmatch(difference.place) is not None
        and difference.wanted == "(absent)"
        and difference.came is False,
    ),
    KnownDifference(
        "timestamps in a query: botocore writes six digits of a fraction, ours as many as it has (RFC 3339 has both)",
        lambda case, difference: difference.place == "query"
        and without_trailing_zeros(difference.wanted) == difference.came,
    ),
    KnownDifference(
        "the path of an endpoint before the path `/` of an operation: botocore leaves the `/` away; Smithy appends it",
        lambda case, difference: difference.place == "path"
        and case.settings.endpoint_url is not None
        and urlsplit(case.settings.endpoint_url).path == difference.wanted
        and difference.came == difference.wanted + "/",
    ),
    KnownDifference(
        "a response without a code: botocore makes the status one; ours has a status for that, and no code",
        lambda case, difference: difference.place == "error code"
        and difference.wanted == str(case.response.status)
        and difference.came is None,
    ),
    KnownDifference(
        "a response of a proxy: botocore makes HTTP's name of the status its message; ours has no message of the service",
        lambda case, difference: difference.place == "error message"
        and is_of_a_proxy(case)
        and difference.wanted == HTTPStatus(case.response.status).phrase
        and difference.came is None,
    ),
    KnownDifference(
        "a response of a proxy: botocore does not look for a request id there; ours gives the one that it holds",
        lambda case, difference: difference.place == "error request_id"
        and is_of_a_proxy(case)
        and difference.wanted is None
        and difference.came == REQUEST_ID,
    ),
]


def is_known(case: Case, difference: Difference) -> bool:
    """Whether a difference is meant; counts it."""
    for known in KNOWN:
        if known.applies(case, difference):
            known.met += 1
            return True
    return False
