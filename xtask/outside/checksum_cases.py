"""Compares the checksums of our clients with those of botocore, over uploads and downloads drawn at random.

usage: checksum_cases.py [--cases N] [--seed S] PROGRAM

`cargo xtask outside --checksums` runs it. PROGRAM is `checksums` of the package `attache-tests`. The environment has awscrt,
with which botocore computes CRC32C, CRC64NVME and the hashes of the XXH family.

Headers about checksums, encodings and lengths must be the same, and so must the bytes of the body. There are two
differences that are meant, and they are checked in another way:

* Over plain HTTP, botocore reads a stream twice and signs its hash. Ours signs chunks; the script verifies the chain of their
  signatures, and the signature of the headers with botocore's signer.
* Over TLS without a checksum, botocore signs the hash of a stream, and ours sends it unsigned.
"""

import argparse
import base64
import hashlib
import hmac
import io
import json
import random
import subprocess
import sys
from collections import Counter
from datetime import datetime
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

import botocore.exceptions
import botocore.session
from botocore.auth import AUTH_TYPE_MAPS, S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.httpchecksum import _CHECKSUM_CLS

CASES = 1000
CHUNK = 1 << 20
SIZES = [0, 1, 2, 3, 100, 4096, 65535, 65536, 65537]
LARGE = [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 17]
SUPPORTED = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "XXHASH64", "XXHASH3", "XXHASH128"]
REFUSED = ["MD5"]
TIME = "2026-02-28T23:59:58Z"
LETTERS = {"Z", "a", "b", "c", "U", "V", "W", "X", "Y", "AE", "AF", "AG", "AH", "AI"}
NAMES = ("content-encoding", "content-md5", "x-amz-decoded-content-length", "x-amz-trailer")
PREFIXES = ("x-amz-checksum-", "x-amz-sdk-checksum-")
# With awscrt, botocore would sign with it, and it cannot read these files.
AUTH_TYPE_MAPS.update({"s3v4": S3SigV4Auth, "s3v4-query": S3SigV4QueryAuth})


class Stream(io.RawIOBase):
    """A file that cannot be read twice."""

    def __init__(self, content: bytes) -> None:
        self.content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self.content.read(size)


class Raw(io.BytesIO):
    """The body of a response as urllib3 hands it to botocore."""

    def stream(self, **_: Any) -> Any:
        yield self.read()


class Reference:
    """botocore, whose requests go nowhere."""

    def __init__(self) -> None:
        self.clients: dict[Any, Any] = {}
        self.sent: dict[str, Any] = {}
        self.response: tuple[dict[str, str], bytes] = ({}, b"")

    def client(self, case: dict[str, Any]) -> Any:
        key = (case["url"], case["request_when_required"], case["response_when_required"])
        if key not in self.clients:
            session = botocore.session.Session()
            session.set_credentials("AKID", "SECRET")
            word = {True: "when_required", False: "when_supported"}
            config = Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                request_checksum_calculation=word[case["request_when_required"]],
                response_checksum_validation=word[case["response_when_required"]],
            )
            client = session.create_client("s3", region_name="us-east-1", endpoint_url=case["url"], config=config)
            client.meta.events.register("before-send", self.before_send)
            self.clients[key] = client
        return self.clients[key]

    def before_send(self, request: Any, **_: Any) -> AWSResponse:
        body = request.body
        if hasattr(body, "read"):
            body = body.read()
        decoded = {name.lower(): value for name, value in request.headers.items()}
        headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in decoded.items()}
        self.sent = {"headers": headers, "body": body or b""}
        headers, content = self.response
        return AWSResponse(request.url, 200, headers, Raw(content))

    def put(self, case: dict[str, Any]) -> dict[str, Any]:
        content = base64.b64decode(case["body"])
        body: Any = content
        if case["pieces"] is not None:
            body = io.BytesIO(content) if case["states_length"] else Stream(content)
        self.response = ({}, b"")
        members = members_of(case["headers"])
        try:
            self.client(case).put_object(Bucket="bucket", Key="key", Body=body, **members)
        except (botocore.exceptions.FlexibleChecksumError, botocore.exceptions.UnsupportedSignatureVersionError) as error:
            return {"error": str(error)}
        except (io.UnsupportedOperation, AttributeError) as error:
            return {"unreadable": str(error)}
        return self.sent

    def get(self, case: dict[str, Any]) -> dict[str, Any]:
        self.response = (dict(case["response"]), base64.b64decode(case["body"]))
        try:
            read = self.client(case).get_object(Bucket="bucket", Key="key", **members_of(case["headers"]))["Body"].read()
        except botocore.exceptions.FlexibleChecksumError as error:
            return {"headers": self.sent["headers"], "error": str(error)}
        return {"headers": self.sent["headers"], "body": read}

    def url(self, case: dict[str, Any]) -> str:
        members = {"Bucket": "bucket", "Key": "key"} | members_of(case["headers"])
        url: str = self.client(case).generate_presigned_url("put_object", Params=members)
        return url


def members_of(headers: list[list[str]]) -> dict[str, str]:
    """The members with these headers."""
    names = {"x-amz-sdk-checksum-algorithm": "ChecksumAlgorithm", "content-encoding": "ContentEncoding"}
    names |= {"x-amz-checksum-mode": "ChecksumMode"}
    names |= {f"x-amz-checksum-{name.lower()}": f"Checksum{name}" for name in SUPPORTED[:2] + SUPPORTED[3:]}
    names["x-amz-checksum-crc64nvme"] = "ChecksumCRC64NVME"
    return {names[name]: value for name, value in headers}


def checksum(name: str, content: bytes) -> str:
    computed = _CHECKSUM_CLS[name.lower()]()
    computed.update(content)
    text: str = computed.b64digest()
    return text


def draw(source: random.Random) -> dict[str, Any]:
    size = source.choice(LARGE) if source.random() < 0.1 else source.choice([*SIZES, source.randrange(3000)])
    content = source.randbytes(size)
    headers = []
    pieces = None
    response = None
    if source.random() < 0.25:
        response = [stated(source, content) for _ in range(source.randrange(4))]
        response = [[name, value] for name, value in dict(response).items()] + [["content-length", str(size)]]
        if source.random() < 0.3:
            headers.append(["x-amz-checksum-mode", "ENABLED"])
    else:
        if source.random() < 0.6:
            name = source.choice(SUPPORTED if source.random() < 0.85 else REFUSED)
            headers.append(["x-amz-sdk-checksum-algorithm", source.choice([name, name, name.lower()])])
        if source.random() < 0.15:
            headers.append([f"x-amz-checksum-{source.choice(SUPPORTED[:5]).lower()}", "AAAAAA=="])
        if source.random() < 0.3:
            headers.append(["content-encoding", source.choice(["gzip", "br, gzip"])])
        if source.random() < 0.5:
            pieces = [source.randrange(1, 300_000) for _ in range(source.randrange(6))]
    return {
        "url": source.choice(["https://store.example.com", "http://store.example.com"]),
        "time": TIME,
        "request_when_required": source.random() < 0.3,
        "response_when_required": source.random() < 0.3,
        "headers": headers,
        "body": base64.b64encode(content).decode(),
        "pieces": pieces,
        "states_length": source.random() < 0.7,
        "response": response,
        "presigned": response is None and pieces is None and source.random() < 0.15,
    }


def stated(source: random.Random, content: bytes) -> tuple[str, str]:
    """A header with a checksum: a right one, a wrong one, or one of parts."""
    name = source.choice([*SUPPORTED, "MD5"])
    right = "AAAA" if name == "MD5" else checksum(name, content)
    value = source.choice([right, right, right + "-2", "AAAAAA=="])
    return f"x-amz-checksum-{name.lower()}", value


def about_checksums(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name in NAMES or name.startswith(PREFIXES)}


def letters(headers: dict[str, str]) -> set[str]:
    (metrics,) = [part for part in headers["user-agent"].split() if part.startswith("m/")]
    return set(metrics.removeprefix("m/").split(",")) & LETTERS


def compare_put(reference: Reference, case: dict[str, Any], answer: dict[str, Any]) -> tuple[str, list[str]]:
    theirs = reference.put(case)
    named = dict(case["headers"]).get("x-amz-sdk-checksum-algorithm", "").upper()
    has_own = any(name.startswith("x-amz-checksum-") for name, _ in case["headers"])
    if answer["error"] is not None:
        is_meant = named in REFUSED and not has_own and named in answer["error"].upper()
        return "refused", [] if is_meant and "error" in theirs else [f"ours says {answer['error']}, botocore {theirs}"]
    if "error" in theirs:
        return "refused", [f"botocore says {theirs['error']}, and ours sends it"]
    headers, body = dict(answer["headers"]), base64.b64decode(answer["body"])
    found = [] if answer["stated"] in (None, len(body)) else [f"{answer['stated']} bytes are stated, {len(body)} sent"]
    payload = headers["x-amz-content-sha256"]
    if payload.startswith("STREAMING-AWS4"):
        found += signed_chunks(case, headers, body)
        found += of_botocore(case, headers)
        return "signed chunks", found
    if "unreadable" in theirs:
        # A file that cannot be read twice, where botocore signs its hash.
        return "read once", found if payload == "UNSIGNED-PAYLOAD" else [*found, f"the payload is {payload}"]
    found += of_botocore(case, headers)
    ours_about, theirs_about = about_checksums(headers), about_checksums(theirs["headers"])
    if ours_about != theirs_about:
        found.append(f"ours has {ours_about}, botocore {theirs_about}")
    if body != theirs["body"]:
        found.append(f"the bodies differ: {body[:80]!r} of {len(body)}, {theirs['body'][:80]!r} of {len(theirs['body'])}")
    if payload != theirs["headers"]["x-amz-content-sha256"] and not (case["pieces"] is not None and payload == "UNSIGNED-PAYLOAD"):
        found.append(f"the payload is {payload} and {theirs['headers']['x-amz-content-sha256']}")
    if letters(headers) != letters(theirs["headers"]):
        found.append(f"user agents: {headers['user-agent']} and {theirs['headers']['user-agent']}")
    return "after the body" if "x-amz-trailer" in headers else "header or none", found


def signed_chunks(case: dict[str, Any], headers: dict[str, str], body: bytes) -> list[str]:
    """Reads the chunks, and verifies each signature with nothing of ours."""
    content = base64.b64decode(case["body"])
    date, scope = headers["x-amz-date"], f"{headers['x-amz-date'][:8]}/us-east-1/s3/aws4_request"
    key = b"AWS4SECRET"
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    previous = headers["authorization"].rpartition("Signature=")[2]
    rest, decoded = body, b""
    while True:
        head, rest = rest.split(b"\r\n", 1)
        length, signature = head.decode().split(";chunk-signature=")
        data = rest[: int(length, 16)]
        hashes = f"{hashlib.sha256(b'').hexdigest()}\n{hashlib.sha256(data).hexdigest()}"
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{date}\n{scope}\n{previous}\n{hashes}"
        previous = hmac.digest(key, text.encode(), "sha256").hex()
        if signature != previous:
            return [f"the signature of the chunk after {len(decoded)} bytes is wrong"]
        if not data:
            break
        if not rest[len(data) :].startswith(b"\r\n"):
            return ["a chunk does not end with a line break"]
        decoded, rest = decoded + data, rest[len(data) + 2 :]
    if decoded != content:
        return ["the chunks are not the body"]
    found = []
    if case["states_length"] and headers.get("x-amz-decoded-content-length") != str(len(content)):
        found.append("the length of the body is wrong")
    name = headers.get("x-amz-trailer")
    if name is None:
        return [*found, "something follows the chunks"] if rest != b"\r\n" else found
    value = checksum(name.removeprefix("x-amz-checksum-"), content)
    hashed = hashlib.sha256(f"{name}:{value}\n".encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256-TRAILER\n{date}\n{scope}\n{previous}\n{hashed}"
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    expected = f"{name}:{value}\r\nx-amz-trailer-signature:{signature}\r\n\r\n"
    return found if rest == expected.encode() else [*found, f"the trailers are {rest!r}, not {expected!r}"]


def of_botocore(case: dict[str, Any], headers: dict[str, str]) -> list[str]:
    """Whether botocore's signer makes the same signature of our headers."""
    names = headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    kept = {name: headers[name] for name in names if name not in ("host", "x-amz-date")}
    request = AWSRequest("PUT", case["url"] + "/bucket/key", kept, b"")
    signer = S3SigV4Auth(Credentials("AKID", "SECRET"), "s3", "us-east-1")
    # botocore would set it from the body.
    signer.payload = lambda _: headers["x-amz-content-sha256"]  # type: ignore[method-assign]
    with mock.patch("botocore.auth.get_current_datetime", lambda: datetime.fromisoformat(TIME)):
        signer.add_auth(request)
    theirs = request.headers["Authorization"]
    return [] if theirs == headers["authorization"] else [f"botocore signs {theirs}, ours {headers['authorization']}"]


def compare_get(reference: Reference, case: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    theirs = reference.get(case)
    found = []
    if about_checksums(dict(answer["headers"])) != about_checksums(theirs["headers"]):
        found.append(f"ours has {answer['headers']}, botocore {theirs['headers']}")
    if letters(dict(answer["headers"])) != letters(theirs["headers"]):
        found.append("the user agents differ")
    if (answer["error"] is None) != ("error" not in theirs):
        found.append(f"ours says {answer['error']}, botocore {theirs.get('error')}")
    elif answer["error"] is None and base64.b64decode(answer["body"]) != theirs["body"]:
        found.append("the bodies differ")
    return found


def compare_url(reference: Reference, case: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """Checksums of a URL: botocore moves headers into the query, and ours signs them where they are."""
    theirs = dict(parse_qsl(urlsplit(reference.url(case)).query, keep_blank_values=True))
    ours = dict(parse_qsl(urlsplit(answer["url"]).query, keep_blank_values=True)) | dict(answer["headers"])
    mine, other = about_checksums(ours), about_checksums(theirs)
    signed = theirs.get("X-Amz-SignedHeaders", "").split(";")
    other |= {name: mine.get(name, "") for name in signed if name in NAMES or name.startswith(PREFIXES)}
    return [] if mine == other else [f"ours has {mine}, botocore {other}"]


def main() -> int:
    arguments = argparse.ArgumentParser(description="Compares checksums with botocore.")
    arguments.add_argument("--cases", type=int, default=CASES)
    arguments.add_argument("--seed", default="0")
    arguments.add_argument("program")
    given = arguments.parse_args()
    source, counts, reference = random.Random(given.seed), Counter[str](), Reference()
    ours = subprocess.Popen([given.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert ours.stdin is not None and ours.stdout is not None
    for _ in range(given.cases):
        case = draw(source)
        ours.stdin.write(json.dumps(case) + "\n")
        ours.stdin.flush()
        answer = json.loads(ours.stdout.readline())
        if case["presigned"]:
            kind, found = "URL", compare_url(reference, case, answer)
        elif case["response"] is not None:
            kind, found = "response", compare_get(reference, case, answer)
            kind += " refused" if answer["error"] is not None else " read"
        else:
            kind, found = compare_put(reference, case, answer)
        counts[kind] += 1
        if found:
            counts["differ"] += 1
            if counts["differ"] <= 5:
                print(json.dumps(case | {"body": f"{len(case['body'])} characters"}), *found, sep="\n    ")
    print(f"seed {given.seed}: " + "; ".join(f"{counts[name]} {name}" for name in sorted(counts)))
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
