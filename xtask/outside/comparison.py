"""Holds what our client did against what botocore did, and names every difference with its place."""

import base64
import gzip
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.model import OperationModel, Shape, StructureShape

import checksums
import reference
from bodies import Reader, unique_json
from messages import Case, Difference, Exchange, Request, ServiceError

# Headers that say who sends, how often and in which frames, not what is asked; and the signature, which is compared on its
# own.
INCIDENTAL = {
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "content-length",
    "transfer-encoding",
    "user-agent",
}
ABSENT = "(absent)"
FORM = "application/x-www-form-urlencoded"
SPECIAL = ("NaN", "Infinity", "-Infinity")
# What botocore raises where the endpoint rules end in an error.
ENDPOINT_ERRORS = ("EndpointResolutionError", "EndpointProviderError", "InvalidEndpointConfigurationError")


def requests(wanted: Request, came: Request, reader: Reader = unique_json) -> Iterator[Difference]:
    """Compares two requests but for their signatures."""
    wanted_url, came_url = urlsplit(wanted.url), urlsplit(came.url)
    yield from same("method", wanted.method, came.method)
    yield from same("scheme", wanted_url.scheme, came_url.scheme)
    yield from same("host", wanted_url.netloc, came_url.netloc)
    yield from same("path", wanted_url.path, came_url.path)
    # The order of parameters means nothing, that of the values of one parameter does.
    yield from same("query", by_name(wanted_url.query), by_name(came_url.query))
    for name in sorted((wanted.headers.keys() | came.headers.keys()) - INCIDENTAL):
        one, other = wanted.headers.get(name, ABSENT), came.headers.get(name, ABSENT)
        if ABSENT not in (one, other) and (hashed := checksums.of(name, came.body)) is not None:
            # Two bodies with one meaning may be written differently, so a hash is held against the body that it is of.
            one = hashed if checksums.of(name, wanted.body) == one else one
        yield from same(f"header {name}", one, other)
    is_query = reader is unique_json and wanted.headers.get("content-type") == FORM
    yield from bodies(unpacked(wanted), unpacked(came), query_pairs if is_query else reader)


def query_pairs(body: bytes) -> list[str]:
    """The parameters of a query that is sent as a body."""
    return by_name(body.decode())


def unpacked(request: Request) -> bytes:
    """The body of a request, without the compression that its headers name."""
    is_packed = request.headers.get("content-encoding") == "gzip"
    return gzip.decompress(request.body) if is_packed else request.body


def by_name(query: str) -> list[str]:
    """The parameters of a query, percent-encoded as they are, sorted by name."""
    return sorted(query.split("&"), key=lambda parameter: parameter.split("=")[0]) if query else []


def bodies(wanted: bytes, came: bytes, reader: Reader) -> Iterator[Difference]:
    """Compares two bodies by their structure."""
    if not wanted or not came:
        yield from same("body", wanted, came)
        return
    yield from documents("body", reader(wanted), reader(came))


def documents(place: str, wanted: Any, came: Any) -> Iterator[Difference]:
    """Compares two values without types; `true` is not 1 here, and NaN is NaN."""
    if isinstance(wanted, dict) and isinstance(came, dict):
        for name in sorted(wanted.keys() | came.keys()):
            yield from documents(f"{place}.{name}", wanted.get(name, ABSENT), came.get(name, ABSENT))
    elif isinstance(wanted, list) and isinstance(came, list) and len(wanted) == len(came):
        for index, (one, other) in enumerate(zip(wanted, came, strict=True)):
            yield from documents(f"{place}[{index}]", one, other)
    elif is_presigned(wanted) and is_presigned(came):
        # The order of its parameters means nothing, and the signature covers all of them.
        yield from same(place, as_parts(wanted), as_parts(came))
    elif isinstance(wanted, float) and isinstance(came, float) and math.isnan(wanted) and math.isnan(came):
        return
    elif isinstance(wanted, bool) is not isinstance(came, bool) or wanted != came:
        yield Difference(place, wanted, came)


def is_presigned(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("https://") and "X-Amz-Signature=" in value


def as_parts(url: str) -> list[str]:
    """What a URL consists of: what is before its query, and the sorted parameters."""
    before, _, query = url.partition("?")
    return [before, *sorted(query.split("&"))]


def signatures(case: Case, wanted: Request, came: Request, has_payload: bool = True) -> Iterator[Difference]:
    """Compares how the requests are authenticated.

    Over the same bytes signatures must be the same; where the bodies are written differently, botocore signs our request
    again. The headers that are signed must be those that botocore signs in either case.
    """
    theirs, ours = (request.headers.get("authorization", ABSENT) for request in (wanted, came))
    scheme = theirs.split(" ")[0]
    yield from same("authentication", scheme, ours.split(" ")[0])
    if ours.split(" ")[0] != scheme or scheme == ABSENT:
        return
    if scheme == "Bearer":
        yield from same("authorization", theirs, ours)
        return
    yield from same("signed headers", reference.signed_headers(theirs), reference.signed_headers(ours))
    yield from same("credential scope", scope(theirs), scope(ours))
    if scheme == "AWS4-ECDSA-P256-SHA256":
        return
    # botocore signs the host in small letters, also where it sends it in others; ours signs what it sends.
    is_same_host = urlsplit(came.url).netloc.islower()
    if wanted.body == came.body and wanted.url == came.url and scope(theirs) == scope(ours) and is_same_host:
        yield from same("authorization", theirs, ours)
    # A scope that differs is a difference of its own.
    _, _, region, service, _ = scope(ours)
    again = reference.authorization(came, case, service, region, has_payload)
    yield from same("authorization, signed again", again, ours)


def scope(header: str) -> list[str]:
    """The parts of the credential in an Authorization header: key, date, region where it has one, service, and an end."""
    return header.split("Credential=")[1].split(",")[0].split("/")


def outcomes(operation: OperationModel, wanted: Exchange, came: Exchange) -> Iterator[Difference]:
    """Compares what the two clients made of a response."""
    if wanted.error is not None and came.error is not None:
        yield from errors(operation, wanted.error, came.error)
    elif wanted.output is not None and came.output is not None:
        if operation.output_shape is None:
            yield from same("output", {}, came.output)
        else:
            yield from structures("output", operation.output_shape, wanted.output, came.output)
    elif wanted.refusal is not None and came.refusal is not None and came.sent is None:
        yield from refusals(wanted.refusal, came.refusal)
    else:
        yield Difference("outcome", describe(wanted), describe(came))


def refusals(wanted: str, came: str) -> Iterator[Difference]:
    """Compares why nothing was sent: what the endpoint rules say is in our text, too."""
    kind, _, reason = wanted.partition(": ")
    if kind not in ENDPOINT_ERRORS or reason not in came:
        yield Difference("refusal", wanted, came)


def describe(exchange: Exchange) -> str:
    if exchange.output is not None:
        return "an output"
    return f"the error {exchange.error}" if exchange.error else f"a refusal: {exchange.refusal}"


def errors(operation: OperationModel, wanted: ServiceError, came: ServiceError) -> Iterator[Difference]:
    """Compares two errors: what they say about themselves, and the members of the modelled ones."""
    for name in ("status", "request_id", "shape", "throttled"):
        yield from same(f"error {name}", getattr(wanted, name), getattr(came, name))
    for name in ("code", "message"):
        # botocore has an empty text where ours has none.
        yield from same(f"error {name}", getattr(wanted, name) or None, getattr(came, name) or None)
    for shape in operation.service_model.error_shapes:
        if shape.name == wanted.shape == came.shape:
            yield from structures("error", shape, wanted.members, came.members)


def structures(place: str, shape: StructureShape, wanted: dict[str, Any], came: Any) -> Iterator[Difference]:
    """Compares a structure of botocore with one of ours in serde's form."""
    if not isinstance(came, dict):
        yield Difference(place, wanted, came)
        return
    # botocore adds members of its own to some responses.
    for name in sorted((came.keys() | wanted.keys()) - shape.members.keys()):
        yield from same(f"{place}.{name}", wanted.get(name, ABSENT), came.get(name, ABSENT))
    for name, member in shape.members.items():
        where = f"{place}.{name}"
        if name in wanted:
            yield from values(where, member, wanted[name], came.get(name, ABSENT))
        elif name in shape.required_members:
            # Smithy's client error correction: what the service owes and leaves out is the zero value with us, and
            # simply not there with botocore.
            yield from zero(where, member, came.get(name, ABSENT))
        else:
            yield from same(where, ABSENT, came.get(name, ABSENT))


def values(place: str, shape: Shape, wanted: Any, came: Any) -> Iterator[Difference]:
    """Compares a value of botocore with one of ours in serde's form."""
    match shape.type_name, came:
        case "structure", _ if getattr(shape, "is_document_type", False):
            yield from documents(place, wanted, came)
        case "structure", dict() if "SDK_UNKNOWN_MEMBER" in (wanted or {}):
            yield from same(place, [wanted["SDK_UNKNOWN_MEMBER"]["name"]], list(came))
        case "structure", _ if wanted is not None:
            yield from structures(place, shape, wanted, came)
        case "list", list() if wanted is not None and len(wanted) == len(came):
            for index, (one, other) in enumerate(zip(wanted, came, strict=True)):
                yield from values(f"{place}[{index}]", shape.member, one, other)
        case "map", dict() if wanted.keys() == came.keys():
            for key in wanted:
                yield from values(f"{place}[{key!r}]", shape.value, wanted[key], came[key])
        case "timestamp", str() if came != ABSENT:
            # A time without a zone is one in UTC; botocore leaves that to the caller.
            zoned = wanted.astimezone(UTC) if wanted.tzinfo else wanted.replace(tzinfo=UTC)
            yield from same(place, zoned, datetime.fromisoformat(came))
        case "blob", str() if came != ABSENT:
            yield from same(place, wanted, base64.b64decode(came))
        case "float" | "double", str() if came in SPECIAL and (wanted in SPECIAL or not_finite(wanted)):
            # Our program writes JSON, which has only texts for them; botocore leaves the texts of JSON as they are.
            yield from same(place, as_text(wanted), came)
        case _:
            yield from documents(place, wanted, came)


def not_finite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def as_text(value: Any) -> str:
    """One of the special floats, as Smithy writes it."""
    return value if isinstance(value, str) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def zero(place: str, shape: Shape, came: Any) -> Iterator[Difference]:
    """Checks that a value is the zero value of its shape."""
    match shape.type_name:
        case "structure":
            yield from structures(place, shape, {}, came)
        case "timestamp":
            yield from same(place, "1970-01-01T00:00:00Z", came)
        case "integer" | "long" | "short" | "byte" | "float" | "double":
            yield from documents(place, 0, came)
        case other:
            zeros = {"string": "", "blob": "", "boolean": False, "list": [], "map": {}}
            yield from documents(place, zeros[other], came)


def same(place: str, wanted: Any, came: Any) -> Iterator[Difference]:
    if wanted != came:
        yield Difference(place, wanted, came)
