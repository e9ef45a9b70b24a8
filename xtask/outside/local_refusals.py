"""What the local services refuse, and whether boto3 knows what they say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest import mock

from botocore.client import BaseClient

from local_checks import HTTP, put, refused, same
from local_security_ir import CASE, one_case


def unknown_ids(client: BaseClient) -> None:
    with refused("CaseIdNotFound", 400) as said:
        client.describe_communications(caseId="case-1")
    same("class", "CaseIdNotFound", said["class"])
    with refused("AttachmentIdNotFound"):
        client.describe_attachment(attachmentId="attachment-1")
    with refused("AttachmentSetIdNotFound"):
        client.create_case(subject="s", communicationBody="b", attachmentSetId="set-1")
    with refused("UploadIdNotFound"):
        client.describe_attachment_upload_status(uploadId="upload-1")
    with refused("InvalidParameterValueException"):
        client.refresh_trusted_advisor_check(checkId="0t121N1Ty3")


def too_much(client: BaseClient) -> None:
    file = {"fileName": "a.log", "data": b"a"}
    with refused("AttachmentSetSizeLimitExceeded"):
        client.add_attachments_to_set(attachments=[file] * 4)
    with refused("AttachmentSetSizeLimitExceeded"):
        client.add_attachments_to_set(attachments=[file | {"data": bytes((5 << 20) + 1)}])
    client.add_attachments_to_set(attachments=[file | {"data": bytes(5 << 20)}])
    with refused("ValidationException") as said:
        client.create_case(subject="s", communicationBody="b" * 8001)
    same("message", True, "between 1 and 8000" in said["Error"]["Message"])


def dry_run(client: BaseClient) -> None:
    before = len(client.describe_cases(includeResolvedCases=True)["cases"])
    with refused("DryRunOperationException") as said:
        client.create_case(subject="s", communicationBody="b", dryRun=True)
    same("class", "DryRunOperationException", said["class"])
    same("cases", before, len(client.describe_cases(includeResolvedCases=True)["cases"]))
    with refused("CaseIdNotFound"):
        client.resolve_case(caseId="case-1", dryRun=True)


def wrong_part(client: BaseClient) -> None:
    links = client.get_attachment_upload_links(fileName="a.log", fileSizeBytes=10)
    url = links["uploadUrls"][0]["url"]
    for body, status, code in ((b"123456789", 400, b"EntityTooSmall"), (b"12345678901", 400, b"EntityTooLarge")):
        response = HTTP.request("PUT", url, body=body)
        same("answer", (status, True), (response.status, code in response.data))
    same("forged", 403, HTTP.request("PUT", url.replace("Expires=900", "Expires=901"), body=b"1234567890").status)
    put(url, b"1234567890")
    with refused("InvalidParameterValueException"):
        client.complete_attachment_upload(
            uploadId=links["uploadId"], completedUploads=[{"partIndex": 1, "eTag": "another"}]
        )
    with refused("InvalidParameterValueException"):
        client.create_case(subject="s", communicationBody="b", uploadIds=[links["uploadId"]])


def validation(client: BaseClient) -> None:
    with refused("ValidationException", 400) as said:
        client.create_case(**CASE | {"resolverType": "Nobody", "impactedAccounts": ["twelve chars"]})
    same("class", "ValidationException", said["class"])
    same("reason", "FIELD_VALIDATION_FAILED", said["reason"])
    names = [field["name"] for field in said["fieldList"]]
    same("fields", True, names and all(name == "/impactedAccounts/0" for name in names))
    with refused("ValidationException") as said:
        client.create_case(**CASE | {"resolverType": "Nobody"})
    same("fields", ["/resolverType"], [field["name"] for field in said["fieldList"]])


def not_there(client: BaseClient) -> None:
    with refused("ResourceNotFoundException", 404) as said:
        client.get_case(caseId="9999999999")
    same("class", "ResourceNotFoundException", said["class"])
    with refused("ResourceNotFoundException"):
        client.list_tags_for_resource(resourceArn="arn:aws:security-ir:us-east-1:123456789012:case/9999999999")


def against_the_rules(client: BaseClient) -> None:
    case = one_case(client)
    with refused("ValidationException"):
        client.update_case_status(caseId=case, caseStatus="Post-incident Activities")
    client.update_resolver_type(caseId=case, resolverType="AWS")
    with refused("ValidationException"):
        client.update_resolver_type(caseId=case, resolverType="Self")
    client.close_case(caseId=case)
    with refused("ConflictException", 409) as said:
        client.update_case(caseId=case, title="Too late")
    same("resource", (case, "case"), (said["resourceId"], said["resourceType"]))
    with refused("ConflictException"):
        client.create_membership(membershipName="Third", incidentResponseTeam=CASE_TEAM)
    client.create_case(**CASE, clientToken="taken")
    with refused("ConflictException"):
        client.create_case(**CASE | {"title": "Another"}, clientToken="taken")


CASE_TEAM = [{"name": name, "jobTitle": "responder", "email": f"{name}@example.com"} for name in ("one", "two")]
SUPPORT = [unknown_ids, too_much, dry_run, wrong_part]
SECURITY_IR = [validation, not_there, against_the_rules]


def strangers(url: str, key: str, secret: str, client: Callable[[str, str, str, str], BaseClient]) -> bool:
    """A request with another key, another secret or another time is refused."""
    calls = {
        "support": lambda made: made.describe_severity_levels(),
        "security-ir": lambda made: made.list_cases(),
    }
    try:
        for service, call in calls.items():
            with refused("UnrecognizedClientException", 403):
                call(client(service, url, "AKIDNOBODY", secret))
            with refused("InvalidSignatureException", 403):
                call(client(service, url, key, "another secret"))
            late = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=6)
            with mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: late):
                with refused("InvalidSignatureException", 403):
                    call(client(service, url, key, secret))
    except AssertionError as error:
        print(f"{service}: {error}")
        return False
    print("strangers: refused")
    return True
