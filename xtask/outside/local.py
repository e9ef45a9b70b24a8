"""Walks all operations of both local services with boto3: what it sends and gets must make sense to it.

Arguments: the URL of the server, the access key id and the secret access key that it lets in.
"""

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config

import local_getting_started
import local_refusals
import local_security_ir
import local_support

Walk = Callable[[BaseClient], None]


def client(service: str, url: str, key: str, secret: str) -> BaseClient:
    """A client of a local service, which takes nothing from the environment."""
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )


def walk(service: str, steps: list[Walk], made: BaseClient) -> bool:
    """Takes the steps, and says which operations they left out."""
    answered: set[str] = set()

    def after_call(model: Any, http_response: Any, **_: Any) -> None:
        if http_response.status_code < 300:
            answered.add(model.name)

    made.meta.events.register(f"after-call.{service}", after_call)
    agreed = True
    for step in steps:
        try:
            step(made)
        except Exception:
            agreed = False
            print(f"{service}: {step.__name__} failed")
            traceback.print_exc(file=sys.stdout)
    names = set(made.meta.service_model.operation_names)
    print(f"{service}: {len(answered)} of {len(names)} operations answered, {len(steps)} steps")
    for name in sorted(names - answered):
        agreed = False
        print(f"{service}: {name} was never answered")
    return agreed


def main() -> int:
    url, key, secret = sys.argv[1:]
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    walks = {
        "support": local_support.STEPS + local_getting_started.STEPS + local_refusals.SUPPORT,
        "security-ir": local_security_ir.STEPS + local_refusals.SECURITY_IR,
    }
    results = [
        walk(service, steps, client(service, url, key, secret)) for service, steps in walks.items()
    ]
    results.append(local_refusals.strangers(url, key, secret, client))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
