"""AWS Security Incident Response as boto3 sees the local one."""

from datetime import UTC, datetime

from botocore.client import BaseClient

from local_checks import eventually, get, put, same

BEGAN = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
CASE = {
    "title": "A key has leaked ☃",
    "description": "It was in a public repository.",
    "engagementType": "Security Incident",
    "resolverType": "Self",
    "reportedIncidentStartDate": BEGAN,
    "impactedAccounts": ["123456789012"],
    "watchers": [{"email": "watcher@example.com", "name": "Watcher"}],
    "impactedAwsRegions": [{"region": "eu-central-1"}],
    "impactedServices": ["Amazon S3"],
    "threatActorIpAddresses": [{"ipAddress": "192.0.2.1", "userAgent": "curl"}],
    "tags": {"team": "blue"},
}


def memberships(client: BaseClient) -> None:
    first = client.list_memberships()["items"][0]
    same("status", "Active", first["membershipStatus"])
    same("cancelled", first["membershipId"], client.cancel_membership(membershipId=first["membershipId"])["membershipId"])
    team = [
        {"name": name, "jobTitle": "responder", "email": f"{name}@example.com"} for name in ("one", "two")
    ]
    made = client.create_membership(
        membershipName="Second", incidentResponseTeam=team, optInFeatures=[{"featureName": "Triage", "isEnabled": True}]
    )["membershipId"]
    client.update_membership(
        membershipId=made,
        membershipName="Renamed",
        membershipAccountsConfigurationsUpdate={"organizationalUnitsToAdd": ["ou-abcd-12345678"]},
    )
    shown = client.get_membership(membershipId=made)
    same("name", "Renamed", shown["membershipName"])
    same("team", ["one", "two"], [one["name"] for one in shown["incidentResponseTeam"]])
    same("units", ["ou-abcd-12345678"], shown["membershipAccountsConfigurations"]["organizationalUnits"])
    same("region", "us-east-1", shown["region"])
    details = client.batch_get_member_account_details(
        membershipId=made, accountIds=["123456789012", "999999999999"]
    )
    same("known", ["123456789012"], [item["accountId"] for item in details["items"]])
    same("unknown", ["999999999999"], [error["accountId"] for error in details["errors"]])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    metrics = client.get_finding_metrics(membershipId=made, startDate=day, endDate=datetime(2026, 1, 3, tzinfo=UTC))
    same("triaged", 300, metrics["findingsTriaged"])


def cases(client: BaseClient) -> None:
    ids = [client.create_case(**CASE | {"title": f"Case {number}"})["caseId"] for number in range(27)]
    pages = client.get_paginator("list_cases").paginate(PaginationConfig={"PageSize": 10})
    listed = [item["caseId"] for page in pages for item in page["items"]]
    same("cases of all pages", ids[::-1], listed)
    once = client.create_case(**CASE, clientToken="the same")["caseId"]
    same("case of a token", once, client.create_case(**CASE, clientToken="the same")["caseId"])
    shown = client.get_case(caseId=once)
    for member in ("title", "impactedAwsRegions", "threatActorIpAddresses", "watchers", "impactedServices"):
        same(member, CASE[member], shown[member])
    same("began", BEGAN, shown["reportedIncidentStartDate"])


def one_case(client: BaseClient) -> str:
    return client.create_case(**CASE)["caseId"]


def life_of_a_case(client: BaseClient) -> None:
    case = one_case(client)
    client.update_case(
        caseId=case,
        title="Two keys have leaked",
        impactedAccountsToAdd=["210987654321"],
        impactedAccountsToDelete=["123456789012"],
        caseMetadata=[{"key": "ticket", "value": "42"}],
    )
    moved = client.update_case_status(caseId=case, caseStatus="Detection and Analysis")
    same("status", "Detection and Analysis", moved["caseStatus"])
    shown = client.get_case(caseId=case)
    same("accounts", ["210987654321"], shown["impactedAccounts"])
    same("metadata", [{"key": "ticket", "value": "42"}], shown["caseMetadata"])
    comment = client.create_case_comment(caseId=case, body="Both are disabled.")["commentId"]
    client.update_case_comment(caseId=case, commentId=comment, body="Both are deleted.")
    comments = client.list_comments(caseId=case)
    same("comments", ["Both are deleted."], [item["body"] for item in comments["items"]])
    taken = client.update_resolver_type(caseId=case, resolverType="AWS")
    same("resolver", "AWS", taken["resolverType"])
    actions = client.list_investigations(caseId=case, maxResults=1)
    same("actions", 1, len(actions["investigationActions"]))
    rest = client.list_investigations(caseId=case, nextToken=actions["nextToken"])
    same("further actions", 1, len(rest["investigationActions"]))
    result = rest["investigationActions"][0]["investigationId"]
    client.send_feedback(caseId=case, resultId=result, usefulness="USEFUL", comment="Thank you.")
    feedback = client.list_investigations(caseId=case)["investigationActions"][1]["feedback"]
    same("feedback", "Thank you.", feedback["comment"])
    closed = client.close_case(caseId=case)
    same("status", "Closed", closed["caseStatus"])
    edits = client.list_case_edits(caseId=case)
    same("edits", ("Case Closed", 7), (edits["items"][0]["action"], edits["total"]))


def tags(client: BaseClient) -> None:
    arn = client.get_case(caseId=one_case(client))["caseArn"]
    client.tag_resource(resourceArn=arn, tags={"cost": "none", "team": "red"})
    client.untag_resource(resourceArn=arn, tagKeys=["cost", "absent"])
    same("tags", {"team": "red"}, client.list_tags_for_resource(resourceArn=arn)["tags"])


def file(client: BaseClient) -> None:
    case = one_case(client)
    content = bytes(range(256)) * 4096
    url = client.get_case_attachment_upload_url(caseId=case, fileName="memory.dump", contentLength=len(content))
    same("status", 201, url["ResponseMetadata"]["HTTPStatusCode"])
    put(url["attachmentPresignedUrl"], content, {"If-None-Match": "*"})
    shown = eventually(
        "scan",
        lambda: client.get_case(caseId=case)["caseAttachments"],
        lambda files: files and files[0]["attachmentStatus"] != "Pending",
    )[0]
    same("scan", ("memory.dump", "Verified"), (shown["fileName"], shown["attachmentStatus"]))
    url = client.get_case_attachment_download_url(caseId=case, attachmentId=shown["attachmentId"])
    same("content", True, get(url["attachmentPresignedUrl"]) == content)


STEPS = [memberships, cases, life_of_a_case, tags, file]
