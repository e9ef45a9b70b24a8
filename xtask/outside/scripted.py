"""Compares endpoint discovery and request compression with botocore.

usage: scripted.py [--cases=N] [--seed=S] --data DATA PROGRAM "SERVICE OPERATION MEMBER"...

PROGRAM reads a line of JSON for each case and prints what the client sent. The network of both clients is a script: what the
operation that names endpoints gets, and what other operations get; no connection, an error, or a response. Time passes
between calls. Compared are the requests with their hosts, and whether each call succeeded.

Where an operation can do without a discovered endpoint, some answers are judged differently, as decision 0075 says; they are
not drawn, or counted: an error of the service as the answer to a search, and a refusal by the endpoint of the rules, which
botocore sends again.

A body is compressed from a length on. The bodies of the two clients are not the same bytes, so that length is set to the one
that each client's body has without compression, one more, one less.
"""

import argparse
import gzip
import io
import json
import random
import subprocess
import sys
import types
from urllib.parse import urlsplit

import botocore.discovery
import botocore.endpoint
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

import bodies
import cbor

BEGIN = 1767225600
DEFAULT_MINIMUM = 10240
BODIES = {
    "ListScheduledQueries": {"ScheduledQueries": []},
    "ListDatabases": {"Databases": []},
    "ListTables": {"TableNames": []},
}
LOST = {"status": 0, "body": ""}


class Raw(io.BytesIO):
    def stream(self, **_):
        yield self.getvalue()


class Network:
    """The script, and what was sent."""

    def __init__(self, case):
        self.searches, self.calls = list(case["searches"]), list(case["calls"])
        self.sent = []
        self.refused_by_rules = False
        self.found = set()

    def answer(self, request, **_):
        headers = {name.lower(): as_text(value) for name, value in request.headers.items()}
        target, host = headers.get("x-amz-target", ""), urlsplit(request.url).hostname
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        self.sent.append({"target": target, "host": host, "headers": headers, "body": body})
        answers = self.searches if target.endswith(".DescribeEndpoints") else self.calls
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer["status"] == 0:
            raise EndpointConnectionError(endpoint_url=request.url)
        if answers is self.searches:
            self.found |= {one["Address"].split("//")[-1] for one in json.loads(answer["body"])["Endpoints"]}
        elif is_refusal(answer) and host not in self.found:
            self.refused_by_rules = True
        return AWSResponse(request.url, answer["status"], {}, Raw(answer["body"].encode()))


def as_text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def is_refusal(answer):
    return answer["status"] == 421 or "InvalidEndpoint" in answer["body"]


def called(session, case, member):
    """What botocore sends, and how its calls end."""
    service, operation = case["name"].split()
    now = [BEGIN]
    botocore.discovery.time = types.SimpleNamespace(time=lambda: now[0])
    botocore.endpoint.time = types.SimpleNamespace(sleep=lambda _: None)
    settings = {} if case["minimum"] is None else {"request_min_compression_size_bytes": case["minimum"]}
    client = session.create_client(
        service,
        region_name="us-east-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=Config(
            endpoint_discovery_enabled=case["discovery"],
            retries={"mode": "standard", "total_max_attempts": 3},
            disable_request_compression=case["disabled"],
            parameter_validation=False,
            **settings,
        ),
    )
    network = Network(case)
    client.meta.events.register("before-send", network.answer)
    method = getattr(client, next(name for name, it in client.meta.method_to_api_mapping.items() if it == operation))
    outcomes = []
    for step in case["steps"]:
        now[0] += step["advance"]
        try:
            method(**{member: step["text"]})
            outcomes.append("ok")
        except (ClientError, BotoCoreError):
            outcomes.append("error")
    return network, outcomes


def endpoints(draw, number):
    found = []
    for index in range(draw.choice([0, 1, 1, 1, 2])):
        address = f"{'https://' if draw.random() < 0.2 else ''}e{number}-{index}.example.com"
        found.append({"Address": address, "CachePeriodInMinutes": draw.randint(1, 3)})
    return {"status": 200, "body": json.dumps({"Endpoints": found})}


def refused(draw):
    if draw.random() < 0.5:
        return {"status": 421, "body": json.dumps({"__type": "Misdirected"})}
    return {"status": 400, "body": json.dumps({"__type": "InvalidEndpointException", "message": "gone"})}


def discovery_case(draw, name):
    operation = name.split()[1]
    searches = [LOST if draw.random() < 0.4 else endpoints(draw, number) for number in range(30)]
    calls = []
    # Refusals by the endpoint of the rules cannot be compared.
    refusals = 0.06 if operation == "ListTables" else 0.25
    for _ in range(40):
        # The limit of attempts ends refusals here, and nothing in botocore.
        if draw.random() < refusals and not (calls and is_refusal(calls[-1])):
            calls.append(refused(draw))
        elif draw.random() < 0.1:
            calls.append({"status": 400, "body": json.dumps({"__type": "ValidationException", "message": "no"})})
        else:
            calls.append({"status": 200, "body": json.dumps(BODIES[operation])})
    calls.append({"status": 200, "body": json.dumps(BODIES[operation])})
    pauses = [0, 1, 29, 59, 60, 61, 119, 120, 121, 180, 200]
    steps = [{"advance": draw.choice(pauses), "text": "t"} for _ in range(draw.randint(1, 8))]
    settings = ["auto", "true", "true", "false"] if operation == "ListTables" else ["auto", "true", "false"]
    return dict(base(name), discovery=draw.choice(settings), searches=searches, calls=calls, steps=steps)


def base(name):
    ok = {"status": 200, "body": "{}"}
    settings = {"discovery": "auto", "minimum": None, "disabled": False}
    return {"name": name, **settings, "searches": [ok], "calls": [ok], "steps": []}


def ran(program, cases):
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    process = subprocess.run([program], input=lines, text=True, stdout=subprocess.PIPE, check=False)
    answers = [json.loads(line) for line in process.stdout.splitlines()]
    if process.returncode or len(answers) != len(cases):
        sys.exit(f"the program stopped after {len(answers)} of {len(cases)} cases")
    for answer in answers:
        for sent in answer["sent"]:
            sent["headers"] = dict(sent["headers"])
            sent["body"] = bytes.fromhex(sent["body"])
    return answers


def compare_discovery(session, program, names, count, seed):
    draw = random.Random(f"discovery {seed}")
    cases = [(discovery_case(draw, name), member) for name, member in names for _ in range(count)]
    differ, known, requests, hosts, ends = 0, 0, 0, set(), {}
    for (case, member), ours in zip(cases, ran(program, [case for case, _ in cases])):
        network, outcomes = called(session, case, member)
        if network.refused_by_rules:
            known += 1
            continue
        keys = ("target", "host")
        wanted = [[sent[key] for key in keys] + [sent["headers"].get("x-amz-api-version")] for sent in network.sent]
        came = [[sent[key] for key in keys] + [sent["headers"].get("x-amz-api-version")] for sent in ours["sent"]]
        requests += len(wanted)
        hosts |= {sent["host"] for sent in network.sent}
        for outcome in outcomes:
            ends[outcome] = ends.get(outcome, 0) + 1
        if (wanted, outcomes) != (came, ours["outcomes"]):
            differ += 1
            if differ <= 5:
                print(f"{case['name']} {case['discovery']} {case['steps']}\n  {case['searches'][:6]}\n  {case['calls'][:6]}")
                print(f"  botocore: {wanted} {outcomes}\n  ours:     {came} {ours['outcomes']}")
    print(
        f"discovery: {len(cases)} cases, {requests} requests to {len(hosts)} hosts, {ends.get('ok', 0)} calls succeed and "
        f"{ends.get('error', 0)} fail; {known} cases are known to differ, {differ} others differ"
    )
    return differ or set(ends) != {"ok", "error"}


def compression_case(draw, name, length, minimum=None, disabled=False):
    text = "".join(draw.choice("abcdefgh") for _ in range(length))
    return dict(base(name), steps=[{"advance": 0, "text": text}], minimum=minimum, disabled=disabled)


def packed(sent):
    """Whether a body is compressed, and the body without that."""
    is_packed = sent["headers"].get("content-encoding") == "gzip"
    return is_packed, gzip.decompress(sent["body"]) if is_packed else sent["body"]


def read(sent):
    """The members of a body, whatever its protocol."""
    return (cbor.decode if "cbor" in sent["headers"]["content-type"] else bodies.unique_json)(sent["body"])


def own(sent):
    """What a compressed body changes, and what it must not."""
    length = sent["headers"].get("content-length")
    return sent["headers"].get("content-encoding"), length in (None, str(len(sent["body"])))


def compare_compression(session, program, name, member, count, seed):
    draw = random.Random(f"compression {seed}")
    lengths = [draw.randint(1, 4000) for _ in range(count)] + [DEFAULT_MINIMUM - draw.randint(0, 200) for _ in range(count)]
    plain = [compression_case(draw, name, length, disabled=True) for length in lengths]
    differ, packs, total = 0, 0, 0
    for case, ours in zip(plain, ran(program, plain)):
        wanted, came = called(session, case, member)[0].sent[0], ours["sent"][0]
        if packed(wanted)[0] or packed(came)[0] or read(wanted) != read(came):
            differ += 1
            print(f"{name}: without compression: {wanted['headers']} {came['headers']}")
        for delta in (-100, -1, 0, 1, 100, None):
            results = []
            for body, send in ((wanted["body"], theirs), (came["body"], our)):
                minimum = None if delta is None else max(len(body) + delta, 0)
                sent = send(session, program, dict(case, disabled=False, minimum=minimum), member)
                least = DEFAULT_MINIMUM if minimum is None else minimum
                is_packed, content = packed(sent)
                results.append((is_packed, content == body, is_packed == (len(body) >= least), own(sent)))
            total += 1
            packs += results[0][0]
            # The bodies may be different by a few bytes, so that only one is as long as the default.
            if results[0][1:3] != (True, True) or (results[0] != results[1] and delta is not None) or not all(results[1][1:3]):
                differ += 1
                print(f"{name} {len(case['steps'][0]['text'])} {delta}: botocore {results[0]}, ours {results[1]}")
    print(f"compression: {total} bodies around the least length, {packs} compressed, {differ} differ")
    return differ or packs in (0, total)


def theirs(session, _, case, member):
    return called(session, case, member)[0].sent[0]


def our(_, program, case, __):
    return ran(program, [case])[0]["sent"][0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--seed", default="attache")
    parser.add_argument("--data", required=True)
    parser.add_argument("program")
    parser.add_argument("calls", nargs="+")
    arguments = parser.parse_args()
    calls = [call.rsplit(" ", 1) for call in arguments.calls]
    session = botocore.session.Session()
    discovered = [call for call in calls if call[0].split()[1] in BODIES]
    compressed = [call for call in calls if call not in discovered]
    differs = compare_discovery(session, arguments.program, discovered, arguments.cases, arguments.seed)
    for name, member in compressed:
        count = max(arguments.cases // 10, 1)
        differs |= bool(compare_compression(session, arguments.program, name, member, count, arguments.seed))
    # Another status than that of an uncaught exception.
    sys.exit(3 if differs else 0)


if __name__ == "__main__":
    main()
