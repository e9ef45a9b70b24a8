"""Compares our clients with botocore, call by call: requests, signatures, responses and errors.

Every call is compared whole: its request, its signature and what came of it. Those that vary the parameters count as
requests in the table, those that vary the response as outputs and errors.

usage: wire.py [--cases N] [--seed S] PROGRAM SERVICE…

N random requests and N random responses an operation are made from the seed S; the same seed makes the same ones.
PROGRAM is the binary `wire` of the package `attache-tests`. It prints a table, one row a service, and every
difference; it exits with 1 if there is any.
"""

import argparse
import itertools
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.model import OperationModel

import comparison
import reference
import rendering
from known_differences import KNOWN, is_known
from messages import Case, Response, Settings
from ours import Ours
from values import Fill, Values

# How often each operation gets random parameters and random outputs, unless the caller says otherwise.
RANDOM_CASES = 8
# How many differences are shown in full.
SHOWN = 40
START = datetime(2026, 2, 28, 23, 59, 58, tzinfo=UTC)
# The lists of which members may be null; botocore's models do not say which, and its parser gives the nulls on.
SPARSE_LISTS = frozenset({"StringList"})


@dataclass(frozen=True)
class Plan:
    """How many random cases an operation gets, and from which seed."""

    cases: int
    seed: str

    def fills(self) -> list[Fill]:
        """How the values of the cases are filled, one after the other."""
        return [Fill.REQUIRED, Fill.EMPTY, Fill.FULL] + [Fill.RANDOM] * self.cases


def settings() -> Iterator[Settings]:
    """Settings that differ in everything that reaches a request, over and over."""
    regions = itertools.cycle(["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "ap-southeast-2"])
    tokens = itertools.cycle([None, "FwoGZXIvYXdzEBYaDH/+=="])
    endpoints = itertools.cycle([None, None, None, "https://proxy.example.com:8443/a%20prefix/v2", None, None, None])
    for number in itertools.count():
        yield Settings(
            region=next(regions),
            # A few moments are enough, and botocore's clients can be kept.
            time=START + timedelta(seconds=37 * (number % 3)),
            session_token=next(tokens),
            endpoint_url=next(endpoints),
        )


def request_cases(operation: OperationModel, turns: Iterator[Settings], plan: Plan) -> Iterator[Case]:
    """Calls that differ in their parameters; the response is the least there is."""
    source = Values(f"{plan.seed}request {operation.name}")
    for number, fill in enumerate(plan.fills()):
        parameters = source.structure(operation.input_shape, fill)
        yield case(operation, f"request {number}: {fill.value}", parameters, turns, least(operation))


def least(operation: OperationModel) -> Response:
    return rendering.output(operation, Values("least").structure(operation.output_shape, Fill.REQUIRED))


def response_cases(operation: OperationModel, turns: Iterator[Settings], plan: Plan) -> Iterator[Case]:
    """Calls that differ in their responses."""
    source = Values(f"{plan.seed}response {operation.name}", SPARSE_LISTS)
    parameters = source.structure(operation.input_shape, Fill.REQUIRED)
    for number, fill in enumerate(plan.fills()):
        clutter = source.random if number % 2 else None
        response = rendering.output(operation, source.structure(operation.output_shape, fill), clutter)
        yield case(operation, f"response {number}: {fill.value}", parameters, turns, response)
    nothing = rendering.output(operation, {})
    yield case(operation, "response: no members at all", parameters, turns, nothing)
    no_body = Response(nothing.status, nothing.headers, b"")
    yield case(operation, "response: no body", parameters, turns, no_body)


def error_cases(operation: OperationModel, turns: Iterator[Settings], plan: Plan) -> Iterator[Case]:
    """Calls that are answered with errors: each modelled one in every spelling, and some that no model knows."""
    source = Values(f"{plan.seed}error {operation.name}")
    parameters = source.structure(operation.input_shape, Fill.REQUIRED)
    for shape in operation.error_shapes:
        for spelling, fill in enumerate([Fill.FULL, Fill.RANDOM, Fill.REQUIRED, Fill.EMPTY, Fill.FULL]):
            clutter = source.random if spelling % 2 else None
            members = source.structure(shape, fill)
            response = rendering.error(operation, shape, members, spelling, clutter)
            yield case(operation, f"{shape.name}: {fill.value}", parameters, turns, response)
    for title, status, body in [
        ("unheard of", 418, b'{"__type":"ns#UnheardOfException","message":"no model has it"}'),
        ("unheard of, Message", 400, b'{"__type":"UnheardOfException","Message":"capital letter"}'),
        ("throttled, in no model", 400, b'{"__type":"RequestLimitExceeded","message":"slow down"}'),
        ("several codes", 400, b'{"code":"ns#Second","Code":"Third","__type":"ns#First:x","message":"which?"}'),
        ("two messages", 400, b'{"__type":"First","Message":"capital letter","message":"small letter"}'),
        ("no code", 500, b"{}"),
        ("no body", 503, b""),
        ("no JSON", 502, b"<html>Bad Gateway</html>"),
    ]:
        response = Response(status, [("x-amzn-RequestId", rendering.REQUEST_ID)], body)
        yield case(operation, f"error, {title}", parameters, turns, response)


def case(
    operation: OperationModel,
    title: str,
    parameters: dict[str, Any],
    turns: Iterator[Settings],
    response: Response,
) -> Case:
    return Case(operation.service_model.service_name, operation.name, title, parameters, next(turns), response)


def compare(ours: Ours, case: Case, operation: OperationModel) -> None:
    """Makes one call with both clients and notes the differences in the case."""
    wanted, came = reference.call(case), ours.call(case)
    differences = [comparison.outcomes(operation, wanted, came)]
    # Without a request of ours there is a refusal, which is a difference of outcomes.
    if came.sent is not None:
        differences.append(comparison.requests(wanted.sent, came.sent))
        differences.append(comparison.signatures(case, wanted.sent, came.sent))
    case.differences += [
        difference for difference in itertools.chain(*differences) if not is_known(case, difference)
    ]


def compare_service(ours: Ours, service: str, plan: Plan) -> tuple[Counter[str], list[Case]]:
    """Makes all calls of a service."""
    model = reference.service_model(service)
    turns = settings()
    counts: Counter[str] = Counter()
    differing = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        before = len(differing)
        for kind, cases in [("requests", request_cases), ("outputs", response_cases), ("errors", error_cases)]:
            for made in cases(operation, turns, plan):
                compare(ours, made, operation)
                counts[kind] += 1
                counts[f"{kind} agreed"] += not made.differences
                if made.differences:
                    differing.append(made)
        counts["operations"] += 1
        counts["operations agreed"] += len(differing) == before
    return counts, differing


def report(counts: dict[str, Counter[str]], differing: list[Case]) -> None:
    """Prints the table and the differences."""
    kinds = ["operations", "requests", "outputs", "errors"]
    print(f"{'agreed / compared':<18}" + "".join(f"{kind:>14}" for kind in kinds))
    for service, count in counts.items():
        cells = [f"{count[f'{kind} agreed']} / {count[kind]}" for kind in kinds]
        print(f"{service:<18}" + "".join(f"{cell:>14}" for cell in cells))
    shown = [(made, difference) for made in differing for difference in made.differences]
    for made, difference in shown[:SHOWN]:
        print(f"\n{made.service} {made.operation}, {made.title}: {difference.place}")
        print(f"  botocore: {difference.wanted!r}")
        print(f"  ours:     {difference.came!r}")
    if len(shown) > SHOWN:
        print(f"\nand {len(shown) - SHOWN} differences more")


def main() -> int:
    arguments = argparse.ArgumentParser(description="Compares our clients with botocore, call by call.")
    arguments.add_argument("--cases", type=int, default=RANDOM_CASES)
    arguments.add_argument("--seed", default="")
    arguments.add_argument("program")
    arguments.add_argument("services", nargs="+")
    given = arguments.parse_args()
    plan = Plan(given.cases, given.seed)
    reference.forget_the_environment()
    counts: dict[str, Counter[str]] = {}
    differing: list[Case] = []
    with Ours(given.program) as ours:
        for service in given.services:
            counts[service], found = compare_service(ours, service, plan)
            differing += found
    report(counts, differing)
    unmet = [known for known in KNOWN if known.met == 0]
    for known in KNOWN:
        print(f"\nmeant, met {known.met} times: {known.reason}")
    if unmet:
        print("\na known difference that is never met must go from known_differences.py")
    return 1 if differing or unmet else 0


if __name__ == "__main__":
    sys.exit(main())
