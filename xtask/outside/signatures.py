"""Holds our signatures against those of AWS's C library (awscrt) and of botocore, over requests drawn at random.

usage: signatures.py [--cases N] [--seed S] PROGRAM

`cargo xtask outside --signatures` runs it. PROGRAM is `signatures` of the package `attache-tests`. The environment has
awscrt, which botocore would use for its own signatures, so it is not that of the other comparisons.

An asymmetric signature of awscrt has a random nonce and cannot be compared. So the string that awscrt signed, which it
logs, is verified with the public key of our program: against the signature of awscrt, which shows that both derive the same
key, and against ours, which shows that both sign the same string.
"""

import argparse
import json
import os
import random
import select
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock
from urllib.parse import quote

from awscrt import auth, http, io
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

CASES = 2000
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
HOST = "example.amazonaws.com"
TEXT = "abcXYZ019-_.~ /%+&=?#:;,@!$'()*[]äé漢😀\t"
HEADERS = ["a", "a-b", "content-type", "x-amz-acl", "x-amz-meta-b", "z", "if-match"]
SEGMENTS = ["", ".", "..", "...", "a", "b%20c", "%2F", "%25", "d+e", "~"]
MARK = "] [AuthSigning] - ("


def text(source: random.Random, longest: int) -> str:
    return "".join(source.choices(TEXT, k=source.randrange(longest)))


def draw(source: random.Random) -> dict[str, Any]:
    """A request, and how it is to be signed."""
    segments = [
        source.choice(SEGMENTS) if source.random() < 0.5 else quote(text(source, 8), safe="-._~")
        for _ in range(source.randrange(5))
    ]
    if segments and segments[-1] in (".", ".."):
        # Clients send no such path, and the signers differ: RFC 3986 and AWS's signer in Rust, which ours follows, end it
        # in a slash, and awscrt and botocore do not.
        segments.append("end")
    pairs = [(quote(text(source, 6), safe="-._~"), quote(text(source, 8), safe="-._~")) for _ in range(source.randrange(4))]
    names = source.sample(HEADERS, source.randrange(len(HEADERS)))
    values = " abc,;=  \"'/"
    headers = [["host", HOST]]
    headers += [[name, "".join(source.choices(values, k=source.randrange(12))).strip() or "v"] for name in names]
    is_asymmetric = source.random() < 0.5
    signed_at = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=source.randrange(3_000_000_000))
    region = source.choice(["*", "us-east-1", "eu-*,us-west-2"]) if is_asymmetric else source.choice(["us-east-1", "eu-west-3"])
    return {
        "is_asymmetric": is_asymmetric,
        "seconds": source.choice([None, 1, 3600, 604800]),
        "method": source.choice(["GET", "PUT", "DELETE", "HEAD", "POST"]),
        "path": "/" + "/".join(segments),
        "query": "&".join(f"{name}={value}" for name, value in pairs if name),
        "headers": headers,
        "payload": source.choice([EMPTY, "UNSIGNED-PAYLOAD", "".join(source.choices("0123456789abcdef", k=64))]),
        "token": source.choice([None, "FwoGZXIvYXdzEBYaDH/+=="]),
        "id": "AKID" + "".join(source.choices("ABCDEFGH234567", k=source.randrange(17))),
        "secret": "".join(source.choices("abcdefghXYZ0123456789/+", k=source.randrange(1, 41))),
        "region": region,
        "service": source.choice(["s3", "execute-api", "security-ir"]),
        "time": signed_at.isoformat().replace("+00:00", "Z"),
        "keeps_segments": source.random() < 0.5,
        "encoded_once": source.random() < 0.5,
    }


class Official:
    """awscrt, with the log of what it signs."""

    def __init__(self) -> None:
        # A file would be written only when a buffer of awscrt is full. So its standard error is a pipe.
        self.pipe, end = os.pipe()
        sys.stderr = os.fdopen(os.dup(2), "w")
        os.dup2(end, 2)
        io.init_logging(io.LogLevel.Info, "stderr")

    def sign(self, case: dict[str, Any]) -> tuple[str, str]:
        """The header or the query, and the string that was signed."""
        asymmetric, presigned = case["is_asymmetric"], case["seconds"] is not None
        algorithm, kind = auth.AwsSigningAlgorithm, auth.AwsSignatureType
        config = auth.AwsSigningConfig(
            algorithm=algorithm.V4_ASYMMETRIC if asymmetric else algorithm.V4,
            signature_type=kind.HTTP_REQUEST_QUERY_PARAMS if presigned else kind.HTTP_REQUEST_HEADERS,
            credentials_provider=auth.AwsCredentialsProvider.new_static(case["id"], case["secret"], case["token"]),
            region=case["region"],
            service=case["service"],
            date=datetime.fromisoformat(case["time"]),
            use_double_uri_encode=not case["encoded_once"],
            should_normalize_uri_path=not case["keeps_segments"],
            signed_body_value=case["payload"],
            expiration_in_seconds=case["seconds"],
        )
        target = case["path"] + (f"?{case['query']}" if case["query"] else "")
        headers = http.HttpHeaders([(name, value) for name, value in case["headers"]])
        signed = auth.aws_sign_request(http.HttpRequest(case["method"], target, headers), config).result(10)
        string = self.logged()
        if presigned:
            return signed.path.split("?", 1)[1], string
        return dict(signed.headers)["Authorization"], string


    def logged(self) -> str:
        """The string to sign of the last signature, once its log is complete."""
        log = ""
        while "built final authorization value" not in log or not log.endswith("\n"):
            ready, _, _ = select.select([self.pipe], [], [], 10)
            assert ready, f"awscrt logs something else: {log}"
            log += os.read(self.pipe, 1 << 16).decode()
        (entry,) = [part for part in log.split(MARK) if "built string-to-sign" in part]
        # The first line says what follows; after the fourth one, the next entry begins.
        return "\n".join(entry.split("\n")[1:5])


def is_valid(public: list[str], string: str, signature: str) -> bool:
    numbers = ec.EllipticCurvePublicNumbers(int(public[0], 16), int(public[1], 16), ec.SECP256R1())
    try:
        numbers.public_key().verify(bytes.fromhex(signature), string.encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def parted(placed: str) -> tuple[list[str], str]:
    """What a header or a query says beside the signature, and the signature."""
    separator = ", " if placed.startswith("AWS4") else "&"
    parts = placed.split(separator)
    name = "Signature=" if separator == ", " else "X-Amz-Signature="
    (signature,) = [part for part in parts if part.startswith(name)]
    # awscrt writes a query in another order, which means nothing.
    return sorted(part for part in parts if part != signature), signature.removeprefix(name)


def compare(official: Official, case: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """What differs from awscrt."""
    theirs, string = official.sign(case)
    (their_parts, their_signature), (our_parts, our_signature) = parted(theirs), parted(answer["placed"])
    found = [] if their_parts == our_parts else [f"awscrt says {their_parts}, ours {our_parts}"]
    if not case["is_asymmetric"]:
        return found if their_signature == our_signature else [*found, "the signatures differ"]
    if not is_valid(answer["public"], string, their_signature):
        found.append("the signature of awscrt is not valid for our public key")
    if not is_valid(answer["public"], string, our_signature):
        found.append("our signature is not valid for the string that awscrt signs")
    return found


def compare_with_botocore(case: dict[str, Any], placed: str) -> list[str]:
    """What differs from botocore, whose signers are one for S3 and one for the others."""
    signer = S3SigV4Auth if case["keeps_segments"] else SigV4Auth
    url = f"https://{HOST}{case['path']}" + (f"?{case['query']}" if case["query"] else "")
    headers = {name: value for name, value in case["headers"] if name != "host"}
    request = AWSRequest(case["method"], url, headers, b"")
    request.context["payload_signing_enabled"] = True
    credentials = Credentials(case["id"], case["secret"], case["token"])
    now = datetime.fromisoformat(case["time"])
    with mock.patch("botocore.auth.get_current_datetime", lambda: now):
        signer(credentials, case["service"], case["region"]).add_auth(request)
    theirs = request.headers["Authorization"]
    return [] if theirs == placed else [f"botocore says {theirs}, ours {placed}"]


def for_botocore(case: dict[str, Any]) -> dict[str, Any] | None:
    """The same case as botocore's two signers sign it: a header, and the path as it is sent, or normalised."""
    if case["is_asymmetric"] or case["keeps_segments"] != case["encoded_once"]:
        return None
    headers = case["headers"]
    if case["keeps_segments"]:
        headers = [*headers, ["x-amz-content-sha256", EMPTY]]
    return case | {"seconds": None, "payload": EMPTY, "headers": headers}


class Ours:
    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, case: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


def main() -> int:
    arguments = argparse.ArgumentParser(description="Compares signatures with awscrt and botocore.")
    arguments.add_argument("--cases", type=int, default=CASES)
    arguments.add_argument("--seed", default="0")
    arguments.add_argument("program")
    given = arguments.parse_args()
    source, counts = random.Random(given.seed), Counter[str]()
    ours = Ours(given.program)
    official = Official()
    for _ in range(given.cases):
        case = draw(source)
        answer = ours.ask(case)
        found = compare(official, case, answer)
        kind = "SigV4A" if case["is_asymmetric"] else "SigV4"
        counts[f"{kind}, {'header' if case['seconds'] is None else 'query'}"] += 1
        if (other := for_botocore(case)) is not None:
            counts["botocore, " + ("S3" if case["keeps_segments"] else "others")] += 1
            found += compare_with_botocore(other, ours.ask(other)["placed"])
        if found:
            counts["differ"] += 1
            if counts["differ"] <= 5:
                print(json.dumps(case, ensure_ascii=False), *found, sep="\n    ")
    print(f"seed {given.seed}: " + "; ".join(f"{counts[name]} {name}" for name in sorted(counts)))
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
