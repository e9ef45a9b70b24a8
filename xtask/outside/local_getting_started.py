"""A first walk through AWS Support, as AWS's own example programs for beginners make it: look at what is offered, choose
among the first ten services, open a case, attach a file, read it again, resolve the case, and look for it by day.

Nothing is known beforehand but what the answers say.
"""

from datetime import datetime, timedelta, timezone
from typing import Any

from botocore.client import BaseClient

from local_checks import same

# How recorded answers write the times of cases; a fixed pattern fails where digits are left out.
CASE_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


def choices(client: BaseClient) -> list[tuple[str, str]]:
    """Every category of the first ten services."""
    services = client.describe_services(language="en")["services"]
    if len(services) < 30:
        raise AssertionError(f"an account has more than {len(services)} services")
    found = []
    for service in services[:10]:
        categories = service["categories"]
        if len(categories) < 2:
            raise AssertionError(f"{service['code']} has {len(categories)} categories")
        same("names", True, all(one["name"] and one["code"] for one in [service, *categories]))
        found += [(service["code"], category["code"]) for category in categories]
    return found


def listed(client: BaseClient, **filters: Any) -> list[dict[str, Any]]:
    pages = client.get_paginator("describe_cases").paginate(language="en", **filters)
    return [case for page in pages for case in page["cases"]]


def getting_started(client: BaseClient) -> None:
    found = choices(client)
    severities = [level["code"] for level in client.describe_severity_levels(language="en")["severityLevels"]]
    today = datetime.now(timezone.utc).date()
    # A day is a date alone; the end of today is the beginning of tomorrow.
    days = {"afterTime": str(today - timedelta(days=1)), "beforeTime": str(today + timedelta(days=1))}
    opened = []
    for number, (service, category) in enumerate(found):
        made = client.create_case(
            subject="A first case",
            serviceCode=service,
            severityCode=severities[number % len(severities)],
            categoryCode=category,
            communicationBody="It is only a test.",
            language="en",
            issueType="customer-service",
        )
        opened.append(made["caseId"])
    ours = [case for case in listed(client, **days) if case["caseId"] in opened]
    same("cases of today, oldest first", opened, [case["caseId"] for case in ours])
    same("what was chosen", found, [(case["serviceCode"], case["categoryCode"]) for case in ours])
    for case in ours:
        datetime.strptime(case["timeCreated"], CASE_TIME)
        for said in case["recentCommunications"]["communications"]:
            datetime.strptime(said["timeCreated"], CASE_TIME)
    one_file(client, opened[0])
    same("status", "resolved", client.resolve_case(caseId=opened[0])["finalCaseStatus"])
    still_open = {case["caseId"] for case in listed(client, **days)}
    same("open", set(opened[1:]), still_open & set(opened))
    resolved = [case for case in listed(client, includeResolvedCases=True, **days) if case["status"] == "resolved"]
    same("resolved", True, opened[0] in [case["caseId"] for case in resolved])


def one_file(client: BaseClient, case: str) -> None:
    file = {"data": b"Just a file.", "fileName": "attachment.txt"}
    made = client.add_attachments_to_set(attachments=[file])
    expires = datetime.strptime(made["expiryTime"], "%Y-%m-%dT%H:%M:%S.%f%z")
    same("about an hour", True, timedelta(minutes=55) < expires - datetime.now(timezone.utc) <= timedelta(hours=1))
    client.add_communication_to_case(
        caseId=case, communicationBody="With a file.", attachmentSetId=made["attachmentSetId"]
    )
    said = client.describe_communications(caseId=case)["communications"][0]
    read = client.describe_attachment(attachmentId=said["attachmentSet"][0]["attachmentId"])["attachment"]
    same("file", (file["fileName"], file["data"]), (read["fileName"], read["data"]))


def checks(client: BaseClient) -> None:
    """Every check has a result with a cell for each column, and a time without a fraction."""
    known = client.describe_trusted_advisor_checks(language="en")["checks"]
    same("checks", 104, len(known))
    for check in known:
        result = client.describe_trusted_advisor_check_result(checkId=check["id"], language="en")["result"]
        datetime.strptime(result["timestamp"], "%Y-%m-%dT%H:%M:%SZ")
        cells = {len(resource["metadata"]) for resource in result["flaggedResources"]}
        same(f"cells of {check['id']}", True, cells <= {len(check["metadata"])})


STEPS = [getting_started, checks]
