"""Files of incidents as a real integration handles them: boto3 for the calls, requests for the presigned URLs.

The steps, the headers and the judgement of answers are those of aws-samples/sample-aws-security-incident-response-integrations,
which runs against the real service: its client of Security IR and its Slack handler for uploads, its Slack client for
downloads. Further steps look at what the real storage refuses.

Arguments: the URL of the server, the access key id, the secret access key, and the headers that its URLs sign.
"""

import os
import sys
import traceback
from urllib.parse import parse_qs, urlsplit

import requests
from botocore.client import BaseClient

from local import client as client_of
from local_checks import eventually, same
from local_security_ir import one_case

CONTENT = bytes(range(256)) * 4096


def headers(content: bytes) -> dict[str, str]:
    """What the integration sends with every file."""
    return {
        "If-None-Match": "*",
        "Content-Length": str(len(content)),
        "Content-Type": "application/octet-stream",
    }


def upload_url(client: BaseClient, case: str, name: str, content: bytes) -> str:
    made = client.get_case_attachment_upload_url(caseId=case, fileName=name, contentLength=len(content))
    return made["attachmentPresignedUrl"]


def upload(client: BaseClient, case: str, name: str, content: bytes) -> bool:
    """The Slack handler's way with a file; whether it was uploaded."""
    existing = client.get_case(caseId=case).get("caseAttachments", [])
    if name in [attachment.get("fileName") for attachment in existing]:
        return False
    url = upload_url(client, case, name, content)
    result = requests.put(url, data=content, headers=headers(content))
    same("status of an upload", 200, result.status_code)
    client.create_case_comment(caseId=case, body=f"[Slack Update] Somebody uploaded file: {name}")
    return True


def verified(client: BaseClient, case: str) -> list[dict]:
    return eventually(
        "scan",
        lambda: client.get_case(caseId=case)["caseAttachments"],
        lambda files: files and all(file["attachmentStatus"] == "Verified" for file in files),
    )


def download(client: BaseClient, case: str, attachment: str) -> bytes:
    """The Slack client's way with a file."""
    answer = client.get_case_attachment_download_url(caseId=case, attachmentId=attachment)
    response = requests.get(answer.get("attachmentPresignedUrl"), timeout=30)
    response.raise_for_status()
    return response.content


def workflow(client: BaseClient, signed: str) -> None:
    case = one_case(client)
    same("uploaded", True, upload(client, case, "memory.dump", CONTENT))
    same("uploaded again", False, upload(client, case, "memory.dump", CONTENT))
    attachment = verified(client, case)[0]
    same("name", "memory.dump", attachment["fileName"])
    same("content", True, download(client, case, attachment["attachmentId"]) == CONTENT)
    comments = client.list_comments(caseId=case)["items"]
    same("comments", 1, len(comments))


def signature(client: BaseClient, signed: str) -> None:
    url = upload_url(client, one_case(client), "memory.dump", CONTENT)
    query = parse_qs(urlsplit(url).query)
    same("signed headers", [signed], query["X-Amz-SignedHeaders"])
    same("algorithm", ["AWS4-HMAC-SHA256"], query["X-Amz-Algorithm"])


def second_put(client: BaseClient, signed: str) -> None:
    case = one_case(client)
    url = upload_url(client, case, "memory.dump", CONTENT)
    same("first", 200, requests.put(url, data=CONTENT, headers=headers(CONTENT)).status_code)
    second = requests.put(url, data=CONTENT, headers=headers(CONTENT))
    same("second", 412, second.status_code)
    same("code", True, "<Code>PreconditionFailed</Code>" in second.text)
    same("attachments", 1, len(client.get_case(caseId=case)["caseAttachments"]))


def missing_headers(client: BaseClient, signed: str) -> None:
    case = one_case(client)
    demanded = "if-none-match" in signed
    for number, left_out in enumerate([["If-None-Match"], ["Content-Type"], ["If-None-Match", "Content-Type"]]):
        url = upload_url(client, case, f"{number}.dump", CONTENT)
        sent = {name: value for name, value in headers(CONTENT).items() if name not in left_out}
        refused = demanded and "If-None-Match" in left_out
        result = requests.put(url, data=CONTENT, headers=sent)
        same(f"without {left_out}", 403 if refused else 200, result.status_code)
        same(f"reason without {left_out}", refused, "SignatureDoesNotMatch" in result.text)


def further_headers(client: BaseClient, signed: str) -> None:
    url = upload_url(client, one_case(client), "memory.dump", CONTENT)
    sent = headers(CONTENT) | {"x-amz-server-side-encryption": "AES256"}
    result = requests.put(url, data=CONTENT, headers=sent)
    same("unsigned header of Amazon", 403, result.status_code)
    same("reason", True, "were not signed" in result.text)
    same("afterwards", 200, requests.put(url, data=CONTENT, headers=headers(CONTENT)).status_code)


STEPS = [workflow, signature, second_put, missing_headers, further_headers]


def main() -> int:
    url, key, secret, signed = sys.argv[1:]
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    client = client_of("security-ir", url, key, secret)
    failed = 0
    for step in STEPS:
        try:
            step(client, signed)
        except Exception:
            failed += 1
            print(f"integration ({signed}): {step.__name__} failed")
            traceback.print_exc(file=sys.stdout)
    print(f"integration ({signed}): {len(STEPS) - failed} of {len(STEPS)} steps as with the real service")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
