"""Compares the generated client of any service with botocore, call by call: requests, answers and errors.

usage: differential.py [--cases N] [--seed S] --data DIR --overlay FILE --protocol NAME PROGRAM SERVICE OPERATION…

`cargo xtask outside --differential --service` runs it. DIR is the data folder of a botocore, FILE our overlay, NAME the protocol that our
client has, as botocore calls it, and PROGRAM the program of `tests/src/wire` with the client. Every difference is printed
with the parameters, both wires and the answer. The last line has the counts, as JSON.
"""

import argparse
import itertools
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.model import OperationModel

import bodies
import comparison
import reference
import rendering_any
import urls
from free_values import TEXT, XML_TEXT, FreeValues
from known import Known
from messages import Case, Exchange, Settings
from ours import Ours
from rule_texts import PlainTexts
from overlay import Overlay
from values import Fill

RANDOM_CASES = 6
# How many differing cases of an operation, and of a service, are shown in full.
SHOWN_EACH, SHOWN = 2, 12
LONGEST = 700
FILLS = [Fill.REQUIRED, Fill.EMPTY, Fill.FULL]
TIME = datetime(2026, 2, 28, 23, 59, 58, tzinfo=UTC)


def settings(token: str | None) -> Iterator[Settings]:
    """Settings that differ in what reaches a request, over and over. Botocore's clients are slow to make."""
    given = [
        Settings("us-east-1", TIME),
        Settings("eu-central-1", TIME, session_token="FwoGZXIvYXdzEBYaDH/+=="),
        Settings("us-east-1", TIME, account_id="123456789012"),
        Settings("us-west-2", TIME, endpoint_url="https://proxy.example.com:8443"),
        Settings("us-gov-west-1", TIME, use_fips=True),
        Settings("cn-north-1", TIME),
        Settings("eu-west-1", TIME, use_dual_stack=True, account_id="111122223333"),
        Settings("us-west-2", TIME, auth_scheme_preference="sigv4a,sigv4"),
        Settings("ap-south-1", TIME, auth_scheme_preference="unknown,sigv4,httpBearerAuth"),
        Settings("us-east-1", TIME, auth_scheme_preference="noAuth,sigv4a"),
    ]
    return itertools.cycle([replace(each, bearer_token=token) for each in given])


class Comparison:
    """The comparison of one service."""

    def __init__(self, ours: Ours, service: str, given: argparse.Namespace) -> None:
        self.ours, self.service, self.given = ours, service, given
        self.counts: Counter[str] = Counter()
        self.known = Known(service, given.protocol)
        self.overlay = Overlay(given.overlay)
        self.rules = reference.rule_texts(service)
        # A token would come before the credentials where both are accepted.
        is_signed = reference.service_model(service).metadata["signatureVersion"] != "bearer"
        self.turns = settings(None if is_signed else "token/+=")
        self.shown: Counter[str] = Counter()
        self.xml = given.protocol in ("query", "ec2", "rest-xml")

    def values(self, operation: OperationModel, kind: str) -> FreeValues:
        seed = f"{self.given.seed}{kind} {operation.name}"
        if kind == "request":
            # Of these protocols, only one has requests in XML.
            text = XML_TEXT if self.given.protocol == "rest-xml" else TEXT
            return FreeValues(seed, text, self.rules, reference.ruled_members(operation))
        # What a call sends is not the point here, so it is one that both clients send.
        return FreeValues(seed, XML_TEXT if self.xml else TEXT, PlainTexts(), reference.ruled_members(operation))

    def cases(self, operation: OperationModel) -> Iterator[tuple[str, Case]]:
        """The calls of an operation: parameters that differ, then answers, then errors."""
        fills = FILLS + [Fill.RANDOM] * self.given.cases
        source = self.values(operation, "request")
        least = self.values(operation, "least").message(operation.output_shape, Fill.REQUIRED)
        least_answer = rendering_any.output(operation, least)
        for number, fill in enumerate(fills):
            parameters = source.message(operation.input_shape, fill)
            yield "requests", self.case(operation, f"request {number}: {fill.value}", parameters, least_answer)
        parameters = self.values(operation, "plain").message(operation.input_shape, Fill.REQUIRED)
        source = self.values(operation, "answer")
        for number, fill in enumerate(fills):
            clutter = source.random if number % 2 else None
            answer = rendering_any.output(operation, source.message(operation.output_shape, fill), clutter)
            yield "answers", self.case(operation, f"answer {number}: {fill.value}", parameters, answer)
        source = self.values(operation, "error")
        for shape in operation.error_shapes:
            for spelling, fill in enumerate([Fill.FULL, Fill.RANDOM, Fill.REQUIRED]):
                clutter = source.random if spelling % 2 else None
                answer = rendering_any.error(operation, shape, source.message(shape, fill), spelling, clutter)
                yield "errors", self.case(operation, f"{shape.name}: {fill.value}", parameters, answer)
        for title, answer in rendering_any.unmodelled(operation):
            if title == "dry run":
                parameters = parameters | {"DryRun": True}
            yield "errors", self.case(operation, f"error, {title}", parameters, answer)

    def case(self, operation: OperationModel, title: str, parameters: dict[str, Any], answer: Any) -> Case:
        settings = next(self.turns)
        parameters = self.overlay.meant(operation, parameters, settings)
        return Case(self.service, operation.name, title, parameters, settings, answer)

    def compare(self, operation: OperationModel) -> None:
        """Makes all calls of an operation with both clients."""
        for kind, case in self.cases(operation):
            try:
                wanted = reference.call(case)
            except BotoCoreError as refused:
                # Botocore validates a request before it sends it, and cannot parse some answers.
                wanted = Exchange(None, refusal=f"{type(refused).__name__}: {refused}")
            came = self.ours.call(replace(case, parameters=self.overlay.ours(operation, case.parameters)))
            self.counts[kind] += 1
            found = [d for d in self.differences(operation, wanted, came, case) if not self.known.has(case, d)]
            if found:
                self.counts["differences"] += 1
                self.counts[f"differences in {kind}"] += 1
                self.show(case, wanted, came, found)

    def compare_urls(self, operation: OperationModel) -> None:
        """Makes presigned URLs of the operation with both clients."""
        source = self.values(operation, "request")
        seconds = itertools.cycle(urls.SECONDS)
        nothing = rendering_any.output(operation, {})
        for number, fill in enumerate(FILLS + [Fill.RANDOM] * self.given.cases):
            parameters = source.message(operation.input_shape, fill)
            case = self.case(operation, f"URL {number}: {fill.value}", parameters, nothing)
            found = urls.differences(self.ours, operation, case, next(seconds))
            self.counts["urls" if found is not None else "urls not compared"] += 1
            for difference in found or []:
                if self.known.has(case, difference):
                    continue
                self.counts["differences"] += 1
                self.counts["differences in urls"] += 1
                if self.counts["differences in urls"] <= SHOWN_EACH:
                    print(f"\n{case.service} {case.operation}, {case.title}: {difference.place}")
                    print(f"    botocore: {difference.wanted}\n    ours:     {difference.came}")

    def differences(
        self, operation: OperationModel, wanted: Exchange, came: Exchange, case: Case
    ) -> Iterator[comparison.Difference]:
        yield from comparison.outcomes(operation, wanted, came)
        if came.sent is not None and wanted.sent is not None:
            found = list(comparison.requests(wanted.sent, came.sent, bodies.reader(operation)))
            yield from found
            # What differs in a header or in the path differs in the signature; that of our own request is checked in any case.
            same = not any(difference.place.startswith(("header ", "path", "query", "host")) for difference in found)
            for difference in comparison.signatures(case, wanted.sent, came.sent, has_signed_payload(operation)):
                if same or difference.place == "authorization, signed again":
                    yield difference

    def show(self, case: Case, wanted: Exchange, came: Exchange, found: list[comparison.Difference]) -> None:
        """Prints a case that differs."""
        if self.shown[case.operation] >= SHOWN_EACH or self.shown.total() >= SHOWN:
            return
        self.shown[case.operation] += 1
        print(f"\n{case.service} {case.operation}, {case.title}")
        for difference in found[:6]:
            print(f"  {difference.place}\n    botocore: {cut(difference.wanted)}\n    ours:     {cut(difference.came)}")
        print(f"  parameters: {cut(case.parameters)}")
        for name, exchange in (("botocore", wanted), ("ours", came)):
            sent = exchange.sent
            print(f"  {name} sent: " + (f"{sent.method} {sent.url} {cut(sent.body)}" if sent else "nothing"))
        print(f"  answer: {case.response.status} {case.response.headers} {cut(case.response.body)}")


def has_signed_payload(operation: OperationModel) -> bool:
    return not operation.unsigned_payload and operation.auth_type != "v4-unsigned-body"


def cut(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def main() -> None:
    arguments = argparse.ArgumentParser(description="Compares a generated client with botocore, call by call.")
    arguments.add_argument("--cases", type=int, default=RANDOM_CASES)
    arguments.add_argument("--seed", default="")
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--overlay", type=Path, required=True)
    arguments.add_argument("--protocol", required=True)
    arguments.add_argument("program")
    arguments.add_argument("service")
    arguments.add_argument("operations", nargs="+")
    given = arguments.parse_args()
    reference.forget_the_environment()
    reference.use_data(given.data, given.service, given.protocol)
    model = reference.service_model(given.service)
    with Ours(given.program) as ours:
        made = Comparison(ours, given.service, given)
        for name in given.operations:
            operation = model.operation_model(name)
            made.compare(operation)
            if urls.has_urls(operation):
                made.compare_urls(operation)
    counts = dict(made.counts) | {"known": made.known.met(), "reasons": made.known.reasons(), "stale": made.known.stale()}
    counts.setdefault("differences", 0)
    print(json.dumps(counts))


if __name__ == "__main__":
    sys.exit(main())
