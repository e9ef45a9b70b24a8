"""The AWS CLI against the local services: a handful of calls, as people type them.

Arguments: the URL of the server, the access key id and the secret access key that it lets in.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from local_checks import same


class Cli:
    """The program beside this Python, with nothing of the user's configuration."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        self.url = url
        self.calls = 0
        settings = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.environment = settings | {
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        self.calls += 1
        program = Path(sys.executable).with_name("aws")
        return subprocess.run(
            [sys.executable, str(program), "--endpoint-url", self.url, "--output", "json", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def __call__(self, *arguments: str) -> Any:
        """What a call answers."""
        ended = self.run(*arguments)
        if ended.returncode != 0:
            raise AssertionError(f"aws {' '.join(arguments)}: {ended.stderr.strip()}")
        return json.loads(ended.stdout) if ended.stdout.strip() else None


def support(aws: Cli) -> None:
    files = json.dumps([{"fileName": "boot.log", "data": "cGFuaWM="}])
    made = aws("support", "add-attachments-to-set", "--attachments", files)
    case = aws(
        "support", "create-case", "--subject", "From the CLI", "--communication-body", "See the log.",
        "--attachment-set-id", made["attachmentSetId"],
    )  # fmt: skip
    found = aws("support", "describe-cases", "--case-id-list", case["caseId"])["cases"]
    same("subject", "From the CLI", found[0]["subject"])
    aws("support", "resolve-case", "--case-id", case["caseId"])
    ended = aws.run("support", "describe-communications", "--case-id", "case-1")
    same("error", True, ended.returncode != 0 and "(CaseIdNotFound)" in ended.stderr)


def security_ir(aws: Cli) -> None:
    case = aws(
        "security-ir", "create-case", "--title", "From the CLI", "--description", "A key has leaked.",
        "--engagement-type", "Investigation", "--resolver-type", "Self", "--watchers", "[]",
        "--reported-incident-start-date", "2026-01-01T00:00:00Z", "--impacted-accounts", "123456789012",
    )["caseId"]  # fmt: skip
    listed = aws("security-ir", "list-cases")["items"]
    same("cases", [case], [item["caseId"] for item in listed])
    aws("security-ir", "update-case-status", "--case-id", case, "--case-status", "Detection and Analysis")
    shown = aws("security-ir", "get-case", "--case-id", case)
    same("status", "Detection and Analysis", shown["caseStatus"])
    aws("security-ir", "tag-resource", "--resource-arn", shown["caseArn"], "--tags", "team=blue")
    tags = aws("security-ir", "list-tags-for-resource", "--resource-arn", shown["caseArn"])["tags"]
    same("tags", {"team": "blue"}, tags)


def main() -> int:
    aws = Cli(*sys.argv[1:])
    try:
        support(aws)
        security_ir(aws)
    except AssertionError as error:
        print(f"AWS CLI: {error}")
        return 1
    print(f"AWS CLI: {aws.calls} calls agreed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
