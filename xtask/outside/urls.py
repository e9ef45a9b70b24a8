"""Holds presigned URLs of our client against those of botocore."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from botocore.exceptions import BotoCoreError
from botocore.model import OperationModel

import reference
from comparison import ABSENT
from messages import Case, Difference, Request
from ours import Ours

METHODS = {"GET", "PUT", "HEAD", "DELETE"}
# One second, an hour and the longest time.
SECONDS = [1, 3600, 604800]
SIGNATURE = "X-Amz-Signature"


def has_urls(operation: OperationModel) -> bool:
    """Whether URLs of an operation can be compared.

    Where the payload is not signed, botocore forgets that in a URL and signs an empty one.
    """
    is_unsigned = operation.auth_type == "v4-unsigned-body" or operation.unsigned_payload
    return operation.http["method"] in METHODS and not is_unsigned


def differences(ours: Ours, operation: OperationModel, case: Case, seconds: int) -> list[Difference] | None:
    """Compares one URL; nothing where botocore has none."""
    try:
        wanted = reference.presigned(case, seconds)
    except (BotoCoreError, ValueError, KeyError):
        # It refuses the parameters, or it cannot move a body into the query, where no service would read it, or its
        # handler of ARNs misses what only calls have.
        return None
    came = ours.presigned(case, seconds)
    if isinstance(came, str):
        return [Difference("presigned URL", wanted, came)]
    request, signs_body = came
    signature = list(signed_again(operation, case, request))
    names = [name for name, _ in parse_qsl(urlsplit(request.url).query, keep_blank_values=True)]
    if signs_body or len(names) != len(set(names)):
        # Botocore moves a body into the query, and of a parameter with several values it keeps the first one.
        return signature
    return signature + list(parts(operation, wanted, request.url, request.method))


def signed_again(operation: OperationModel, case: Case, request: Request) -> Iterator[Difference]:
    """Compares the signature of our URL with the one that botocore gives to the same URL, headers and body."""
    unsigned, _, signature = request.url.partition(f"&{SIGNATURE}=")
    query = dict(parse_qsl(urlsplit(unsigned).query))
    # botocore signs the host in small letters, also where the URL has others.
    if query["X-Amz-Algorithm"] != "AWS4-HMAC-SHA256" or not urlsplit(unsigned).netloc.islower():
        return
    _, _, region, service, _ = query["X-Amz-Credential"].split("/")
    again = reference.url_signature(operation, replace(request, url=unsigned), case.settings, service, region)
    if again != signature:
        yield Difference("URL signature, signed again", again, signature)


def parts(operation: OperationModel, wanted: str, came: str, method: str) -> Iterator[Difference]:
    if operation.http["method"] != method:
        yield Difference("method", operation.http["method"], method)
    one, other = urlsplit(wanted), urlsplit(came)
    for place in ("scheme", "netloc", "path"):
        if getattr(one, place) != getattr(other, place):
            yield Difference(f"URL {place}", getattr(one, place), getattr(other, place))
    # The order of the parameters means nothing. Each has one value here.
    theirs, mine = (dict(part.partition("=")[::2] for part in url.query.split("&")) for url in (one, other))
    names = [name for name in sorted(theirs.keys() | mine.keys()) if theirs.get(name) != mine.get(name)]
    # Where something else differs, the signature must differ, too; the values of signed headers are compared with requests.
    has_headers = mine["X-Amz-SignedHeaders"] != "host"
    if has_headers or one.path != other.path or not one.netloc.islower() or names != [SIGNATURE]:
        names = [name for name in names if name != SIGNATURE]
    for name in names:
        yield Difference(f"URL query {name}", theirs.get(name, ABSENT), mine.get(name, ABSENT))
