"""Compares how our waiters and botocore's judge responses and errors.

usage: waiters.py [--cases=N] [--seed=S] --data DATA PROGRAM SERVICE...

PROGRAM reads a line of JSON for each case and prints what the waiter of the client says: success, failure, retry, or
error. Responses are drawn at random from the shapes of the model; what an acceptor compares with is drawn often. The
expected result is that of the acceptors that botocore makes of the same description (`botocore.waiter`). A function of
JMESPath that fails raises an error there; with us the acceptor does not match, so the next one is asked.
"""

import argparse
import json
import random
import subprocess
import sys

import botocore.loaders
import botocore.model
import botocore.waiter
import jmespath.exceptions

DEPTH = 6

# Waiters and errors that are judged differently, with the reason.
KNOWN = {
    ("rds TenantDatabaseDeleted", "DBInstanceNotFound"): "the waiter names the shape of the error, botocore looks for it "
    "among the codes",
}


def literals(config):
    """The strings that acceptors compare with, in their expressions, too."""
    found = set()
    for acceptor in config.acceptors:
        if isinstance(acceptor.expected, str):
            found.add(acceptor.expected)
        for part in (acceptor.argument or "").split("'")[1::2]:
            found.add(part)
    return sorted(found)


def value(shape, draw, texts, depth=0):
    kind = shape.type_name
    if kind == "structure":
        members = {}
        for name, member in shape.members.items():
            is_required = name in shape.required_members
            if depth >= DEPTH and not is_required:
                continue
            if is_required or draw.random() < 0.8:
                members[name] = value(member, draw, texts, depth + 1)
        if getattr(shape, "is_tagged_union", False):
            names = sorted(members)
            members = {name: members[name] for name in names[:1]}
        return members
    if kind == "list":
        count = 0 if depth >= DEPTH else draw.choice([0, 1, 1, 2, 3])
        return [value(shape.member, draw, texts, depth + 1) for _ in range(count)]
    if kind == "map":
        count = 0 if depth >= DEPTH else draw.choice([0, 1, 2])
        keys = [f"key{index}" for index in range(count)]
        return {key: value(shape.value, draw, texts, depth + 1) for key in keys}
    if kind == "boolean":
        return draw.random() < 0.5
    if kind in ("integer", "long", "short", "byte"):
        return draw.choice([0, 1, 1, 2])
    if kind in ("float", "double"):
        return draw.choice([0.5, 1.0, 1.5])
    if kind == "timestamp":
        return 1767225600
    if kind == "blob":
        return "eA=="
    if shape.serialization.get("jsonvalue"):
        return "{}"
    if texts and draw.random() < 0.8:
        return draw.choice(texts)
    return draw.choice(getattr(shape, "enum", None) or ["x", "other"])


def steer(shape, draw, texts):
    """A response; in half of the cases all its texts are one, so that acceptors of all elements match."""
    if texts and draw.random() < 0.5:
        texts = [draw.choice(texts)]
    return value(shape, draw, texts)


def judged(config, response):
    for acceptor in config.acceptors:
        try:
            matches = acceptor.matcher_func(response)
        except jmespath.exceptions.JMESPathError:
            matches = False
        if matches:
            return acceptor.state
    return "error" if "Error" in response else "retry"


def error_cases(config, operation, draw):
    """Codes with their statuses: those that acceptors name, those of the model, and one that no model has."""
    cases = [("SomethingElse", 400), ("SomethingElse", 404)]
    for acceptor in config.acceptors:
        if acceptor.matcher == "status" and acceptor.expected >= 300:
            cases.append(("SomethingElse", acceptor.expected))
    for shape in operation.error_shapes:
        error = shape.metadata.get("error", {})
        code = error.get("code", shape.name)
        cases.append((code, error.get("httpStatusCode", 400)))
    for acceptor in config.acceptors:
        if acceptor.matcher == "error" and isinstance(acceptor.expected, str):
            cases.append((acceptor.expected, 400))
    return cases


def cases(data, services, count, seed):
    loader = botocore.loaders.Loader(extra_search_paths=[data])
    for service in services:
        model = botocore.model.ServiceModel(loader.load_service_model(service, "service-2"))
        described = loader.load_service_model(service, "waiters-2")
        waiters = botocore.waiter.WaiterModel(described)
        for name in waiters.waiter_names:
            config = waiters.get_waiter(name)
            operation = model.operation_model(config.operation)
            draw = random.Random(f"{seed} {service} {name}")
            texts = literals(config)
            for _ in range(count if operation.output_shape else 0):
                response = steer(operation.output_shape, draw, texts)
                parsed = dict(response, ResponseMetadata={"HTTPStatusCode": 200})
                yield {"name": f"{service} {name}", "ok": response}, judged(config, parsed)
            for code, status in error_cases(config, operation, draw):
                parsed = {
                    "Error": {"Code": code, "Message": ""},
                    "ResponseMetadata": {"HTTPStatusCode": status},
                }
                case = {"name": f"{service} {name}", "error": code, "status": status}
                yield case, judged(config, parsed)


def may_be_left_out(data, services):
    """The waiters with a random expression, which may be of no type."""
    loader = botocore.loaders.Loader(extra_search_paths=[data])
    for service in services:
        for name, waiter in loader.load_service_model(service, "waiters-2")["waiters"].items():
            if waiter.get("description") == "random":
                yield f"{service} {name}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--seed", default="attache")
    parser.add_argument("--data", required=True)
    parser.add_argument("program")
    parser.add_argument("services", nargs="+")
    arguments = parser.parse_args()
    drawn = list(cases(arguments.data, arguments.services, arguments.cases, arguments.seed))
    lines = "".join(json.dumps(case) + "\n" for case, _ in drawn)
    ran = subprocess.run([arguments.program], input=lines, text=True, stdout=subprocess.PIPE, check=False)
    answers = ran.stdout.splitlines()
    if ran.returncode or len(answers) != len(drawn):
        sys.exit(f"the program stopped after {len(answers)} of {len(drawn)} cases")
    differ, states, waiters, left_out = 0, {}, set(), set()
    optional = set(may_be_left_out(arguments.data, arguments.services))
    for (case, expected), answer in zip(drawn, answers):
        if answer == "left out" and case["name"] in optional:
            left_out.add(case["name"])
            continue
        states[expected] = states.get(expected, 0) + 1
        waiters.add(case["name"])
        if answer != expected and (case["name"], case.get("error")) not in KNOWN:
            differ += 1
            if differ <= 20:
                print(f"{json.dumps(case)[:600]}\n  botocore: {expected}\n  ours:     {answer}")
    found = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    print(f"{len(waiters)} waiters, {len(drawn)} cases ({found}), {differ} differ")
    if left_out:
        print(f"{len(left_out)} of {len(optional)} random expressions are not compiled, because they have no type")
    missing = {"success", "failure", "retry", "error"} - states.keys()
    if missing:
        print(f"no case is expected to be {', '.join(sorted(missing))}")
    # Another status than that of an uncaught exception.
    sys.exit(3 if differ or missing else 0)


if __name__ == "__main__":
    main()
