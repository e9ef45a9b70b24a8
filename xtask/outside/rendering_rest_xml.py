"""Writes answers and errors of rest-xml: bodies with an element around them or without one, and errors of both forms."""

from random import Random
from typing import Any

from botocore.model import OperationModel, Shape, StructureShape

from messages import Response
from rendering import REQUEST_ID
from rendering_xml import document, members, structure, text

# Services whose errors are the root of the document.
UNWRAPPED = {"s3"}
# Operations whose only member is the root of the document.
BARE = {("s3", "GetBucketLocation")}
HOST_ID = "Kx9vTz2b+/example="
CONTENT = ("Content-Type", "application/xml")


def identification(operation: OperationModel) -> list[tuple[str, str]]:
    """The headers that name a response."""
    if operation.service_model.service_name in UNWRAPPED:
        return [("x-amz-request-id", REQUEST_ID), ("x-amz-id-2", HOST_ID)]
    return [("x-amzn-RequestId", REQUEST_ID)]


def body(operation: OperationModel, shape: StructureShape, value: dict[str, Any], clutter: Random | None) -> bytes:
    """The members of an answer that are in its body; nothing where it has none."""
    inside = {name: member for name, member in shape.members.items() if "location" not in member.serialization}
    if not inside:
        return b""
    if (operation.service_model.service_name, operation.name) in BARE:
        (name,) = inside
        return document(name, text(value.get(name, "")), operation)
    return document(shape.serialization.get("name", f"{operation.name}Result"), members(shape, value, clutter), operation)


def payload(operation: OperationModel, name: str, shape: Shape, value: dict[str, Any], clutter: Random | None) -> bytes:
    """A structure that is the body."""
    namespace = operation.service_model.metadata.get("xmlNamespace", "http://example.com/doc/")
    tag = shape.serialization.get("name", name)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{structure(tag, shape, value, clutter, namespace)}'.encode()


def error(operation: OperationModel, code: str, status: int, inner: str) -> Response:
    """An answer with an error; `inner` has its members."""
    inner = f"<Code>{text(code)}</Code>{inner}"
    headers = [*identification(operation), CONTENT]
    if operation.service_model.service_name in UNWRAPPED:
        identity = f"<RequestId>{REQUEST_ID}</RequestId><HostId>{HOST_ID}</HostId>"
        return Response(status, headers, f'<?xml version="1.0"?>\n<Error>{inner}{identity}</Error>'.encode())
    fault = "Sender" if status < 500 else "Receiver"
    error = f"<Error><Type>{fault}</Type>{inner}</Error><RequestId>{REQUEST_ID}</RequestId>"
    return Response(status, headers, document("ErrorResponse", error, operation))


def odd_errors(operation: OperationModel) -> list[tuple[str, Response]]:
    """Errors without a body, as `HEAD` has them, of a proxy, and after a status of success."""
    headers = identification(operation)
    page = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><hr></body></html>"
    odd = [
        ("status only", Response(404, headers, b"")),
        ("page", Response(502, [("Content-Type", "text/html")], page)),
    ]
    if operation.service_model.service_name in UNWRAPPED:
        odd.append(("in a success", error(operation, "InternalError", 200, "<Message>Try again.</Message>")))
    return odd
