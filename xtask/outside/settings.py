"""Compares what our clients and botocore make of an environment and its profile files.

Both make a client in the same made-up machine and call an operation. What they send tells the rest: the endpoint, the
region, FIPS and dual stack from the URL and the scope of the signature, the access key, how often a request may be sent,
the retry mode, the application id.

Two things are made equal before: botocore knows no AWS_REGION, which goes before AWS_DEFAULT_REGION for ours; and an
empty variable, which botocore takes for a value, is none for ours, as for the other SDKs.

usage: settings.py [--cases N] [--seed S] PROGRAM

PROGRAM is the binary `settings` of the package `attache-tests`. It prints every difference, and exits with 1 if there is
any.
"""

import argparse
import builtins
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

import botocore.exceptions
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.loaders import Loader

from environments import HOME, Machine, Maker
from settings_differences import KNOWN, Outcome

CASES = 600
SHOWN = 20
TIME = "2026-02-28T23:59:58Z"
OPERATIONS = {"support": "describe_services", "security-ir": "list_cases"}
# What botocore fails with where it does not expect what it finds.
FAILURES = (ValueError, KeyError, TypeError, AttributeError, OverflowError, FileNotFoundError)
MODES = {"E": "standard", "F": "adaptive", "D": "legacy"}


class Silence(BytesIO):
    """The body of a response as urllib3 hands it to botocore."""

    def stream(self, **_: Any) -> Any:
        yield b"{}"


LOADER = Loader()
LOADER.search_paths.append(botocore.session.Session().get_component("data_loader").BUILTIN_DATA_PATH)


def as_botocore_knows_it(machine: Machine, home: Path) -> dict[str, str]:
    """The variables with real paths, and with the two things that are made equal."""
    variables = {name: value for name, value in machine.variables.items() if value}
    if region := variables.pop("AWS_REGION", None):
        variables["AWS_DEFAULT_REGION"] = region
    variables = {name: value.replace(HOME, str(home)) for name, value in variables.items()}
    return variables | {"HOME": str(home), "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"}


def reference(machine: Machine) -> Outcome:
    """What botocore sends, or the name of its error."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for path, text in machine.files.items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_text(text, encoding="utf-8")
        unreadable = {str(home / path) for path in machine.unreadable}
        variables = mock.patch.dict(os.environ, as_botocore_knows_it(machine, home), clear=True)
        with variables, mock.patch("builtins.open", refusing(unreadable)):
            try:
                return call_botocore(machine.service)
            except (botocore.exceptions.BotoCoreError, *FAILURES) as error:
                return {"error": f"{type(error).__name__}: {error}"}


def refusing(unreadable: set[str]) -> Any:
    """`open` for a user who may not read these files. Modes of files would not do: an administrator may read all."""
    usual = builtins.open

    def opened(path: Any, *arguments: Any, **named: Any) -> Any:
        if os.path.normpath(str(path)) in unreadable:
            raise PermissionError(13, "Permission denied", path)
        return usual(path, *arguments, **named)

    return opened


def call_botocore(service: str) -> Outcome:
    session = botocore.session.Session()
    session.register_component("data_loader", LOADER)
    client = session.create_client(service)
    sent: list[AWSPreparedRequest] = []

    def keep(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, {}, Silence(b"{}"))

    client.meta.events.register("before-send", keep)
    getattr(client, OPERATIONS[service])()
    headers = {name.lower(): text(value) for name, value in sent[0].headers.items()}
    outcome = described(
        sent[0].url,
        headers["authorization"],
        headers.get("x-amz-security-token", ""),
        headers["user-agent"],
        headers["amz-sdk-request"],
    )
    return outcome | {"retry mode": client.meta.config.retries["mode"]}


def text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def described(url: str, authorization: str, token: str, user_agent: str, attempts: str) -> Outcome:
    """What a request tells."""
    scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", authorization)
    assert scope is not None, authorization
    application = re.search(r" app/(\S+)", user_agent)
    # botocore's old mode reports no reason.
    most = re.search(r"max=(\d+)", attempts)
    return {
        # A path of an endpoint that ends the URL is compared call by call elsewhere.
        "url": url.rstrip("/"),
        "key": scope[1],
        "region": scope[2],
        "token": token,
        "attempts": most[1] if most else "",
        "application": application[1] if application else "",
    }


class Ours:
    """The program `settings`, as long as it runs."""

    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def outcome(self, machine: Machine) -> Outcome:
        question = {
            "service": machine.service,
            "variables": machine.variables | {"HOME": HOME, "AWS_EC2_METADATA_DISABLED": "true"},
            "files": {f"{HOME}/{path}": text for path, text in machine.files.items()},
            "unreadable": [f"{HOME}/{path}" for path in machine.unreadable],
            "time": TIME,
        }
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"our program ended at {machine}")
        answer = json.loads(line)
        if "error" in answer:
            return {"error": answer["error"]}
        sent = answer["sent"]
        features = re.search(r" m/(\S+)", sent["user_agent"])
        letters = features[1].split(",") if features else []
        modes = [MODES[letter] for letter in letters if letter in MODES]
        return described(**sent) | {"retry mode": modes[0] if modes else ""}

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)


def agree(machine: Machine, wanted: Outcome, came: Outcome) -> bool:
    """Whether both come to the same, or differ as they are meant to."""
    if wanted == came or ("error" in wanted and "error" in came):
        return True
    for known in KNOWN:
        if known.applies(machine, wanted, came):
            known.met += 1
            return True
    return False


def show(machine: Machine, wanted: Outcome, came: Outcome) -> None:
    print(f"\n{machine.service}, {machine.variables}")
    for path, contents in machine.files.items():
        note = ", which may not be read" if path in machine.unreadable else ""
        print(f"--- {path}{note}\n{contents}", end="")
    for place in sorted(wanted.keys() | came.keys()):
        if wanted.get(place) != came.get(place):
            print(f"  {place}: botocore {wanted.get(place)!r}, ours {came.get(place)!r}")


def main() -> int:
    arguments = argparse.ArgumentParser(description="Compares what clients make of an environment.")
    arguments.add_argument("--cases", type=int, default=CASES)
    arguments.add_argument("--seed", default="")
    arguments.add_argument("program")
    given = arguments.parse_args()
    maker = Maker(given.seed)
    ours = Ours(given.program)
    counts: Counter[str] = Counter()
    for _ in range(given.cases):
        machine = maker.machine()
        wanted, came = reference(machine), ours.outcome(machine)
        counts["refused by both"] += "error" in wanted and "error" in came
        counts["sent by both"] += "error" not in wanted and "error" not in came
        if not agree(machine, wanted, came):
            counts["differing"] += 1
            if counts["differing"] <= SHOWN:
                show(machine, wanted, came)
    ours.end()
    print(
        f"{given.cases} environments: {counts['sent by both']} sent by both, {counts['refused by both']} refused by both, "
        f"{counts['differing']} differing"
    )
    for known in KNOWN:
        print(f"meant, met {known.met} times: {known.reason}")
    unmet = given.cases >= CASES and any(known.met == 0 for known in KNOWN)
    if unmet:
        print("a known difference that is never met must go from settings_differences.py")
    return 1 if counts["differing"] or unmet else 0


if __name__ == "__main__":
    sys.exit(main())
