"""Evaluates endpoint rules with botocore's own evaluator, in which a tree of rules ends the evaluation (see TerminalTree).

endpoints.py answer DATA            answers the questions of the standard input
endpoints.py draw DATA SEED N NAME… prints N questions about each service, with parameters drawn at random

A question is a line of JSON: the service and its parameters. An answer is a line with `endpoint` or `error`; `null` stands
for a question that botocore's evaluator cannot evaluate, because it raised another error than that of a rule.
"""

import gzip
import json
import random
import sys
from pathlib import Path

from botocore import endpoint_provider
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError, EndpointResolutionError

from rule_texts import ACCOUNTS, REGIONS, RuleTexts

ENDPOINTS = [
    "https://example.com", "http://localhost:9000", "http://10.0.0.1:8080/base", "https://[::1]:8443",
    "https://beta.example.com/a/b", "https://control.vpce-1a2b3c4d-5e6f.s3.us-west-2.vpce.amazonaws.com",
    "https://s3-outposts.us-west-2.amazonaws.com", "https://example.com?x=y", "ftp://example.com", "no url",
]


NO_MATCH = "no rule matched"


class TerminalTree(endpoint_provider.TreeRule):
    """A tree of rules that ends the evaluation if its conditions match, as the Smithy specification says.

    botocore goes on with the next rule if no rule of the tree matches.
    """

    def evaluate(self, scope_vars, rule_lib):
        scope = scope_vars.copy()
        found = super().evaluate(scope, rule_lib)
        if found is None and self.evaluate_conditions(scope_vars.copy(), rule_lib):
            raise EndpointResolutionError(msg=NO_MATCH)
        return found


endpoint_provider.RuleCreator.tree = TerminalTree


class Service:
    """The rules of a service, and the texts that they mention."""

    def __init__(self, data: Path, name: str, partitions: dict):
        versions = [path for path in (data / name).iterdir() if any(path.glob("endpoint-rule-set-1.json*"))]
        document = load(max(versions) / "endpoint-rule-set-1.json")
        self.provider = EndpointProvider(document, partitions)
        self.parameters = document["parameters"]
        self.texts = RuleTexts(document)

    def answer(self, parameters: dict) -> dict | None:
        try:
            endpoint = self.provider.resolve_endpoint(**parameters)
        except EndpointProviderError as error:
            message = error.kwargs.get("msg", str(error))
            if message.startswith("No endpoint found for parameters"):
                message = NO_MATCH
            missing = "Cannot find value for required parameter "
            if message.startswith(missing):
                name = message.removeprefix(missing)
                message = f"the endpoint parameter `{name}` is required, but not set"
            return {"error": message}
        except Exception:  # noqa: BLE001: the evaluator fails in many ways on values that a rule did not expect
            return None
        found = {"url": endpoint.url, "headers": dict(endpoint.headers), "properties": dict(endpoint.properties)}
        return {"endpoint": found}

    def draw(self, choice: random.Random) -> dict:
        drawn = {}
        for name, parameter in self.parameters.items():
            is_needed = parameter.get("required") and "default" not in parameter
            # Most drawn sets are like those of a client; the others test what the rules refuse.
            likely = {"AWS::Region": 0.95, "SDK::Endpoint": 0.15}.get(parameter.get("builtIn"), 0.6)
            if choice.random() < (0.98 if is_needed else likely):
                drawn[name] = self.value(choice, name, parameter)
        return drawn

    def value(self, choice: random.Random, name: str, parameter: dict):
        kind = parameter["type"].lower()
        if kind == "boolean":
            return choice.random() < 0.25
        if kind == "stringarray":
            return [self.texts.text(choice) for _ in range(choice.randrange(4))]
        match parameter.get("builtIn"):
            case "AWS::Region":
                return choice.choice(REGIONS if choice.random() < 0.5 else REGIONS[:8])
            case "SDK::Endpoint":
                return choice.choice(ENDPOINTS)
            case "AWS::Auth::AccountId":
                return choice.choice(ACCOUNTS)
            case "AWS::Auth::AccountIdEndpointMode":
                return choice.choice(["preferred", "required", "disabled", "unknown"])
        return self.texts.text(choice)


def load(path: Path) -> dict:
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    with gzip.open(f"{path}.gz", "rt", encoding="utf-8") as file:
        return json.load(file)


def main() -> None:
    task, data, *rest = sys.argv[1:]
    data = Path(data)
    partitions = load(data / "partitions.json")
    services: dict[str, Service] = {}

    def service(name: str) -> Service:
        if name not in services:
            services[name] = Service(data, name, partitions)
        return services[name]

    if task == "draw":
        seed, count, *names = rest
        for name in names:
            choice = random.Random(f"{seed} {name}")
            for _ in range(int(count)):
                print(json.dumps({"service": name, "parameters": service(name).draw(choice)}))
        return
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(service(question["service"]).answer(question["parameters"])))


if __name__ == "__main__":
    main()
