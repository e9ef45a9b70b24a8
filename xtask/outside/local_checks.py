"""What the walks through the local services check with."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from collections.abc import Iterator
from typing import Any

import urllib3
from botocore.exceptions import ClientError

HTTP = urllib3.PoolManager(retries=False)
# Longer than any file is looked at by the server, even on a busy machine.
PATIENCE_SECONDS = 30


def same(what: str, wanted: Any, came: Any) -> None:
    """Fails where a value is not the wanted one."""
    if wanted != came:
        raise AssertionError(f"{what}: wanted {wanted!r}, got {came!r}")


@contextmanager
def refused(code: str, status: int | None = None) -> Iterator[dict[str, Any]]:
    """Fails unless the service refuses with this code; gives what it said."""
    said: dict[str, Any] = {}
    try:
        yield said
    except ClientError as error:
        said.update(error.response)
        same("code", code, error.response["Error"]["Code"])
        if status is not None:
            same("status", status, error.response["ResponseMetadata"]["HTTPStatusCode"])
        if not error.response["Error"]["Message"]:
            raise AssertionError(f"{code} has no message") from error
        # Which class boto3 makes of it says whether it knows the error.
        said["class"] = type(error).__name__
        return
    raise AssertionError(f"the service should have refused with {code}")


def eventually(what: str, ask: Callable[[], Any], done: Callable[[Any], bool]) -> Any:
    """Asks until the answer is the wanted one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = ask()
        if done(answer):
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: it stays {answer!r}")
        time.sleep(0.05)


def put(url: str, body: bytes, headers: dict[str, str] | None = None) -> str:
    """Sends a file to a presigned URL, and gives its ETag."""
    response = HTTP.request("PUT", url, body=body, headers=headers)
    same("status of PUT", 200, response.status)
    return response.headers["ETag"]


def get(url: str) -> bytes:
    """The file behind a presigned URL."""
    response = HTTP.request("GET", url)
    same("status of GET", 200, response.status)
    return response.data
