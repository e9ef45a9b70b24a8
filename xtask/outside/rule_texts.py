"""Texts that endpoint rules look into: those that they compare with, ARNs, labels of hosts, names of buckets.

They are drawn at random, and the same seed draws the same ones.
"""

from random import Random

REGIONS = [
    "us-east-1", "us-west-2", "eu-central-1", "ap-south-2", "us-gov-west-1", "us-gov-east-1", "cn-north-1",
    "cn-northwest-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1",
    "aws-global", "aws-cn-global", "us-newregion-7", "somewhere", "not a region", "us_east_1", "",
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


class PlainTexts:
    """One text that is a label, a name of a bucket and an identifier, for calls whose parameters are not the point."""

    # How often a member that the endpoint rules read has such a text.
    share = 1.0

    def text(self, _: Random) -> str:
        return "example"


class RuleTexts:
    """The texts for a rule set. Another text than these is odd in another way."""

    share = 0.7

    def __init__(self, document: dict):
        self.texts = sorted(literals(document["rules"]))

    def text(self, choice: Random) -> str:
        kind = choice.random()
        if kind < 0.15 and self.texts:
            return choice.choice(self.texts)
        return choice.choice(LABELS) if kind < 0.5 else self.arn(choice)

    def arn(self, choice: Random) -> str:
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
