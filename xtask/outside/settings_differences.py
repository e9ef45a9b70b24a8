"""Intended differences between our clients and botocore in reading an environment, each with its reason.

An entry that matches no difference is an error, because it is out of date.
"""

from collections.abc import Callable
from dataclasses import dataclass

from environments import Machine

Outcome = dict[str, str]


@dataclass
class KnownDifference:
    """A difference that is meant: the machine, botocore's outcome, ours."""

    reason: str
    applies: Callable[[Machine, Outcome, Outcome], bool]
    met: int = 0


def says(*parts: str) -> Callable[[Machine, Outcome, Outcome], bool]:
    """Whether ours refuses with these words what botocore takes."""
    return lambda _machine, wanted, came: "error" not in wanted and all(
        part in came.get("error", "") for part in parts
    )


KNOWN = [
    KnownDifference(
        "a flag that is neither `true` nor `false`: botocore takes it for `false`; ours names it, because it may have "
        "been meant as `true`",
        says("must be `true` or `false`"),
    ),
    KnownDifference(
        "the retry mode `legacy`: botocore still has it; ours has no such mode and says so",
        says("the retry mode must be `standard` or `adaptive`"),
    ),
    KnownDifference(
        "an application id of more than 50 characters: botocore warns and sends it; ours refuses",
        says("the application id (AWS_SDK_UA_APP_ID) must have at most 50 characters"),
    ),
    KnownDifference(
        "a secret key without its id in the variables: botocore looks elsewhere; ours names the half that is missing, "
        "before the call is signed for another identity",
        says("AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not"),
    ),
    KnownDifference(
        "a line break behind a key in a variable, as files have it that variables are filled from: botocore signs with "
        "it, and the header cannot be sent; ours takes it off",
        lambda _machine, wanted, came: wanted.get("key", "").endswith("\n")
        and came.get("key") == wanted["key"].strip(),
    ),
    KnownDifference(
        "a comment behind an access key id in a file, which is a part of it: botocore signs with it, and the service "
        "cannot read the header; ours names the blank",
        says("the access key id holds a blank"),
    ),
    KnownDifference(
        "keys in variables, and a profile whose `sso_session` does not exist: botocore looks at the session for tokens of "
        "its own although it needs none, and refuses; ours has found what it needs",
        lambda _machine, wanted, came: "SSO token provider" in wanted.get("error", "")
        and came.get("key") == "VARIABLE",
    ),
    KnownDifference(
        "blanks around the name of a section: for botocore such a section is none of a profile, without a word; ours "
        "takes them off, as the AWS SDKs for Rust and Java do",
        lambda machine, _wanted, _came: any("[ default ]" in text for text in machine.files.values()),
    ),
    KnownDifference(
        "FIPS or dual stack with an endpoint of one's own: the service's rules refuse it, and so does ours; botocore "
        "drops what variables and profiles say of the two before it asks the rules",
        says("custom endpoint are not supported"),
    ),
    KnownDifference(
        "Support without a region: botocore refuses, or takes `aws-global` for a part of the host; ours asks the rules "
        "about us-east-1, as the answer is the same everywhere",
        lambda machine, wanted, came: machine.service == "support"
        and ("NoRegionError" in wanted.get("error", "") or "aws-global" in wanted.get("url", ""))
        and came.get("region") == "us-east-1",
    ),
    KnownDifference(
        "Support with FIPS or dual stack: the endpoint rules of botocore 1.44.6 and newer, which ours has, give the host of "
        "the partition's region; those of the botocore that is compared, 1.44.5, give the host of any region, and none with "
        "FIPS in us-gov-west-1",
        lambda machine, wanted, came: machine.service == "support"
        and "error" not in wanted
        and any(part in came.get("url", "") for part in ("support-fips.", ".api.aws", ".api.amazonwebservices"))
        and {key for key in wanted.keys() | came.keys() if wanted.get(key) != came.get(key)} <= {"url", "region"},
    ),
]
