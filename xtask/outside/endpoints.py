"""Evaluates endpoint rules with botocore's own evaluator.

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

from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

REGIONS = [
    "us-east-1", "us-west-2", "eu-central-1", "ap-south-2", "us-gov-west-1", "us-gov-east-1", "cn-north-1",
    "cn-northwest-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1",
    "aws-global", "aws-cn-global", "us-newregion-7", "somewhere", "not a region", "us_east_1", "",
]
ENDPOINTS = [
    "https://example.com", "http://localhost:9000", "http://10.0.0.1:8080/base", "https://[::1]:8443",
    "https://beta.example.com/a/b", "https://control.vpce-1a2b3c4d-5e6f.s3.us-west-2.vpce.amazonaws.com",
    "https://s3-outposts.us-west-2.amazonaws.com", "https://example.com?x=y", "ftp://example.com", "no url",
]
LABELS = [
    "bucket", "my.bucket.name", "UPPER", "under_score", "a", "10.0.0.1", "-dash", "bucket--x-s3",
    "mybucket--usw2-az1--x-s3", "mybucket--usw2-az1--xa-s3", "mybucket--abcd-ab1--x-s3", "ap--usw2-az2--xa-s3",
    "bucket name", "mfzwi23gnjvgw.mrap", "myendpoint", "test-accessp-1234567890123456789012--op-s3",
    "test-accessp-o0b1d075431d83bebde8xz5w8ijx1qzlbp3i3kuse10--op-s3",
    "test-accessp-e0b1d075431d83bebde8xz5w8ijx1qzlbp3i3ebeta0--op-s3", "abc.mrap", "", "sp-1a2b3c", "x" * 64,
]
ACCOUNTS = ["123456789012", "111122223333", "", "bad account", "aws"]
PARTITIONS = ["aws", "aws-cn", "aws-us-gov", "aws-iso", "nowhere", ""]
TYPES = [
    "accesspoint", "outpost", "bucket_name", "stream", "channel", "queue", "table", "event-bus", "index", "endpoint",
    "key-value-store", "consumer", "bucket", "mrap", "",
]


class Service:
    """The rules of a service, and the texts that they mention."""

    def __init__(self, data: Path, name: str, partitions: dict):
        versions = [path for path in (data / name).iterdir() if any(path.glob("endpoint-rule-set-1.json*"))]
        document = load(max(versions) / "endpoint-rule-set-1.json")
        self.provider = EndpointProvider(document, partitions)
        self.parameters = document["parameters"]
        self.texts = sorted(literals(document["rules"]))

    def answer(self, parameters: dict) -> dict | None:
        try:
            endpoint = self.provider.resolve_endpoint(**parameters)
        except EndpointProviderError as error:
            message = error.kwargs.get("msg", str(error))
            if message.startswith("No endpoint found for parameters"):
                message = "no rule matched"
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
            return [self.text(choice) for _ in range(choice.randrange(4))]
        match parameter.get("builtIn"):
            case "AWS::Region":
                return choice.choice(REGIONS if choice.random() < 0.5 else REGIONS[:8])
            case "SDK::Endpoint":
                return choice.choice(ENDPOINTS)
            case "AWS::Auth::AccountId":
                return choice.choice(ACCOUNTS)
            case "AWS::Auth::AccountIdEndpointMode":
                return choice.choice(["preferred", "required", "disabled", "unknown"])
        return self.text(choice)

    def text(self, choice: random.Random) -> str:
        kind = choice.random()
        if kind < 0.15 and self.texts:
            return choice.choice(self.texts)
        return choice.choice(LABELS) if kind < 0.5 else self.arn(choice)

    def arn(self, choice: random.Random) -> str:
        services = [text for text in self.texts if text.isascii() and text.replace("-", "").isalnum()]
        service = choice.choice(["s3", "s3-outposts", "s3-object-lambda", "dynamodb", "kinesis", "events", *services])
        separator = choice.choice("/:")
        parts = [choice.choice(TYPES), choice.choice(LABELS)]
        parts += [choice.choice([*LABELS, *TYPES]) for _ in range(choice.choice([0, 0, 0, 1, 2, 2]))]
        region = choice.choice([*REGIONS[:8], ""])
        resource = separator.join(parts)
        return f"arn:{choice.choice(PARTITIONS[:3] if choice.random() < 0.8 else PARTITIONS)}:{service}:{region}:{choice.choice(ACCOUNTS)}:{resource}"


def literals(value) -> set[str]:
    """The texts that rules compare with."""
    if isinstance(value, dict):
        found = set().union(*(literals(each) for each in value.values()), set())
        if value.get("fn") == "stringEquals":
            found |= {text for text in value["argv"] if isinstance(text, str) and "{" not in text}
        return found
    if isinstance(value, list):
        return set().union(*(literals(each) for each in value), set())
    return set()


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
