"""The local Support in the place of moto: moto's decorator in its server mode, and tests as its users write them.

Arguments: the URL of a server that is lenient and lets everybody in, and a key, which it does not look at.
"""

import os
import sys
import traceback
from collections.abc import Callable

URL = sys.argv[1]
# moto reads its settings when it is imported.
os.environ |= {
    "TEST_SERVER_MODE": "true",
    "TEST_SERVER_MODE_ENDPOINT": URL,
    "AWS_ACCESS_KEY_ID": "anybody",
    "AWS_SECRET_ACCESS_KEY": "anything",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}

import boto3  # noqa: E402
from botocore.client import BaseClient  # noqa: E402
from botocore.config import Config  # noqa: E402
from moto import mock_aws  # noqa: E402

from local_checks import refused, same  # noqa: E402

# Codes that no account has, and filters that no service understands.
MADE_UP = {
    "serviceCode": "made-up-service",
    "categoryCode": "made-up-category",
    "severityCode": "made-up-severity",
    "language": "made-up-language",
    "issueType": "made-up-issue",
    "attachmentSetId": "made-up-set",
}
NONSENSE = {"displayId": "no number", "afterTime": "no time", "beforeTime": "no time", "maxResults": 137}


def client() -> BaseClient:
    return boto3.client("support", region_name="us-east-1", config=Config(retries={"total_max_attempts": 1}))


def opened(support: BaseClient, **more: str) -> str:
    return support.create_case(subject="A subject", communicationBody="A body", **MADE_UP | more)["caseId"]


def what_was_sent_is_shown(support: BaseClient) -> None:
    case = opened(support)
    for _ in range(4):
        # Asking changes nothing, however often.
        shown = support.describe_cases(caseIdList=[case], nextToken="no token", **NONSENSE)["cases"][0]
        for member in ("serviceCode", "categoryCode", "severityCode", "language"):
            same(member, MADE_UP[member], shown[member])
    same("communications", ["A body"], [one["body"] for one in shown["recentCommunications"]["communications"]])
    shown = support.describe_cases(caseIdList=[case], includeCommunications=False)["cases"][0]
    same("without them", False, "recentCommunications" in shown)


def cases_come_in_their_order(support: BaseClient) -> None:
    cases = [opened(support, serviceCode=f"service-{number}") for number in range(3)]
    listed = support.describe_cases(caseIdList=cases, includeResolvedCases=True)["cases"]
    same("order", cases, [case["caseId"] for case in listed])
    same("resolved", "resolved", support.resolve_case(caseId=cases[1])["finalCaseStatus"])
    listed = support.describe_cases(caseIdList=cases)["cases"]
    same("open ones", [cases[0], cases[2]], [case["caseId"] for case in listed])


def everything_is_forgotten_in_between(support: BaseClient) -> None:
    same("cases of the steps before", [], support.describe_cases(includeResolvedCases=True)["cases"])
    case = opened(support)
    with mock_aws():
        # An inner decorator takes no state away.
        same("cases", [case], [one["caseId"] for one in support.describe_cases()["cases"]])


def any_check_is_refreshed(support: BaseClient) -> None:
    status = support.refresh_trusted_advisor_check(checkId="made-up")["status"]
    same("check", ("made-up", "enqueued"), (status["checkId"], status["status"]))
    known = support.describe_trusted_advisor_checks(language="en")["checks"]
    same("checks", 104, len({check["id"] for check in known}))


def what_does_not_exist_is_still_refused(support: BaseClient) -> None:
    with refused("CaseIdNotFound", 400):
        support.resolve_case(caseId="case-1")
    with refused("CaseIdNotFound", 400):
        support.describe_communications(caseId="case-1")


STEPS: list[Callable[[BaseClient], None]] = [
    what_was_sent_is_shown,
    cases_come_in_their_order,
    everything_is_forgotten_in_between,
    any_check_is_refreshed,
    what_does_not_exist_is_still_refused,
]


def main() -> int:
    agreed = True
    for step in STEPS:
        try:
            with mock_aws():
                step(client())
        except Exception:
            agreed = False
            print(f"in moto's place: {step.__name__} failed")
            traceback.print_exc(file=sys.stdout)
    print(f"in moto's place: {len(STEPS)} steps with moto's decorator")
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
