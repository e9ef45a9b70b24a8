"""Writes answers and errors of every protocol, as the specification of the protocol says.

botocore only reads answers; its own parser and our decoder then judge what is written here. JSON bodies come from
`rendering.py`.
"""

import base64
import json
from dataclasses import replace
from random import Random
from typing import Any

from botocore.model import OperationModel, Shape, StructureShape

import cbor
import checksums
import rendering
import rendering_rest_xml as rest_xml
from messages import Response
from rendering import REQUEST_ID, iso, of_mail, plain, seconds, wire_name
from rendering_xml import document, error_members, members, query_document, text

REST = ("rest-json", "rest-xml")
# The begin of the headers with checksums of responses.
CHECKSUM = "x-amz-checksum-"


def output(operation: OperationModel, value: dict[str, Any], clutter: Random | None = None) -> Response:
    """A successful answer."""
    protocol = operation.metadata["protocol"]
    shape = operation.output_shape
    status = operation.http.get("responseCode", 200) if protocol in REST else 200
    headers = rest_xml.identification(operation)
    if protocol in REST:
        return _rest_output(operation, shape, value, status, headers, clutter)
    return Response(status, headers + content(protocol), _body(operation, shape, value, clutter))


def content(protocol: str) -> list[tuple[str, str]]:
    """The headers about the form of an answer."""
    match protocol:
        case "json":
            return [("Content-Type", "application/x-amz-json-1.1")]
        case "rest-json":
            return [("Content-Type", "application/json")]
        case "smithy-rpc-v2-cbor":
            return [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")]
        case _:
            return [("Content-Type", "text/xml;charset=UTF-8")]


def _body(
    operation: OperationModel, shape: StructureShape | None, value: dict[str, Any], clutter: Random | None
) -> bytes:
    match operation.metadata["protocol"]:
        case "json":
            body = json_structure(shape, value, clutter) if shape else {}
            return json.dumps(body, ensure_ascii=clutter is None).encode()
        case "smithy-rpc-v2-cbor":
            return cbor.encode(cbor_value(shape, value, clutter) if shape else {}, clutter)
        case "query":
            return query_document(operation, shape, value, clutter)
        case "ec2":
            inner = members(shape, value, clutter) if shape else ""
            return document(f"{operation.wire_name}Response", f"<requestId>{REQUEST_ID}</requestId>{inner}", operation)
    raise NotImplementedError(operation.metadata["protocol"])


# JSON


def json_structure(shape: StructureShape, value: Any, clutter: Random | None) -> Any:
    return plain(json_value(shape, value, clutter))


def json_value(shape: Shape, value: Any, clutter: Random | None) -> Any:
    """A value as JSON. A union has no unknown member beside its own, and a document is what it is."""
    if getattr(shape, "is_document_type", False):
        return value
    match shape.type_name:
        case "structure":
            given = {
                wire_name(name, member): json_value(member, value[name], clutter)
                for name, member in shape.members.items()
                if name in value and "location" not in member.serialization
            }
            if clutter is not None and not getattr(shape, "is_tagged_union", False):
                given["__unheardOf"] = {"list": [1, -2.5e3, None, True, "\\\"é"], "empty": {}}
                for name, member in shape.members.items():
                    if name not in value and "location" not in member.serialization and clutter.random() < 0.3:
                        given[wire_name(name, member)] = None
            return given
        case "list":
            return [json_value(shape.member, element, clutter) for element in value]
        case "map":
            return {key: json_value(shape.value, element, clutter) for key, element in value.items()}
        case "timestamp" if shape.serialization.get("timestampFormat") == "iso8601":
            return iso(value) + "Z"
        case _:
            return rendering.json_value(shape, value)


# Members outside the body


def _rest_output(
    operation: OperationModel,
    shape: StructureShape | None,
    value: dict[str, Any],
    status: int,
    headers: list[tuple[str, str]],
    clutter: Random | None,
) -> Response:
    if shape is None:
        return Response(status, headers, b"")
    for name, member in shape.members.items():
        if name not in value:
            continue
        match member.serialization.get("location"):
            case "statusCode":
                status = value[name]
            case "header":
                headers.append((wire_name(name, member), header_text(member, value[name])))
            case "headers":
                prefix = member.serialization.get("name", "")
                headers += [(prefix + key, text) for key, text in value[name].items()]
    response = _measured(_rest_body(operation, shape, value, status, headers, clutter))
    return _with_checksums(response) if operation.http_checksum.get("responseAlgorithms") else response


def _with_checksums(response: Response) -> Response:
    """With checksums of the body, which clients verify, and without those that Python cannot compute."""
    headers = [
        (name, text if not name.lower().startswith(CHECKSUM) else checksums.of(name.lower(), response.body))
        for name, text in response.headers
    ]
    return replace(response, headers=[(name, text) for name, text in headers if text is not None])


def _measured(response: Response) -> Response:
    """With one header of a name, as a member has it, and with the length of the body where a member has a length."""
    headers: dict[str, tuple[str, str]] = {}
    for name, text in response.headers:
        text = str(len(response.body)) if name.lower() == "content-length" else text
        headers.setdefault(name.lower(), (name, text))
    return replace(response, headers=list(headers.values()))


def _rest_body(
    operation: OperationModel,
    shape: StructureShape,
    value: dict[str, Any],
    status: int,
    headers: list[tuple[str, str]],
    clutter: Random | None,
) -> Response:
    payload = shape.serialization.get("payload")
    is_xml = operation.metadata["protocol"] == "rest-xml"
    if payload is None and is_xml:
        return Response(status, headers + content("rest-xml"), rest_xml.body(operation, shape, value, clutter))
    if payload is None:
        in_body = any("location" not in member.serialization for member in shape.members.values())
        body = json.dumps(json_structure(shape, value, clutter), ensure_ascii=clutter is None).encode() if in_body else b""
        return Response(status, headers + content("rest-json"), body)
    given, member = value.get(payload), shape.members[payload]
    match given:
        case None:
            return Response(status, headers, b"")
        case bytes():
            return Response(status, headers, given)
        case str():
            return Response(status, headers, given.encode())
    if is_xml:
        return Response(status, headers + content("rest-xml"), rest_xml.payload(operation, payload, member, given, clutter))
    body = json.dumps(json_structure(member, given, clutter)).encode()
    return Response(status, headers + content("rest-json"), body)


def header_text(shape: Shape, value: Any) -> str:
    """A member in a header."""
    match shape.type_name:
        case "boolean":
            return "true" if value else "false"
        case "timestamp":
            match shape.serialization.get("timestampFormat", "rfc822"):
                case "rfc822":
                    return of_mail(value.replace(microsecond=0)).replace("+0000", "GMT")
                case "iso8601":
                    return iso(value) + "Z"
                case _:
                    return str(seconds(value))
        case "list":
            return ",".join(list_element(shape.member, element) for element in value)
        case "string" if shape.serialization.get("jsonvalue"):
            return base64.b64encode(value.encode()).decode()
        case "blob":
            return base64.b64encode(value).decode()
        case "float" | "double":
            return str(plain(value))
    return str(value)


def list_element(shape: Shape, value: Any) -> str:
    text = header_text(shape, value)
    if shape.type_name == "string" and any(letter in text for letter in '",'):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


# CBOR


def cbor_value(shape: Shape, value: Any, clutter: Random | None) -> Any:
    match shape.type_name:
        case "structure":
            given = {
                name: cbor_value(member, value[name], clutter)
                for name, member in shape.members.items()
                if name in value
            }
            if clutter is not None and not getattr(shape, "is_tagged_union", False):
                given["__unheardOf"] = {"list": [1, -2.5, None, True, b"\x00"], "empty": {}}
            return given
        case "list":
            return [cbor_value(shape.member, element, clutter) for element in value]
        case "map":
            return {key: cbor_value(shape.value, element, clutter) for key, element in value.items()}
    return value


# Errors


def error(
    operation: OperationModel, shape: StructureShape, value: dict[str, Any], spelling: int, clutter: Random | None = None
) -> Response:
    """An answer with an error."""
    protocol = operation.metadata["protocol"]
    service = operation.service_model
    code = shape.error_code or shape.name
    status = rendering.status_of(shape)
    headers = [("x-amzn-RequestId", REQUEST_ID)]
    match protocol:
        case "rest-xml":
            return rest_xml.error(operation, code, status, error_members(shape, value, clutter))
        case "query":
            fault = "Sender" if status < 500 else "Receiver"
            inner = f"<Error><Type>{fault}</Type><Code>{text(code)}</Code>{error_members(shape, value, clutter)}</Error>"
            return Response(
                status, content(protocol), document("ErrorResponse", f"{inner}<RequestId>{REQUEST_ID}</RequestId>", operation)
            )
        case "ec2":
            inner = f"<Errors><Error><Code>{text(code)}</Code>{error_members(shape, value, clutter)}</Error></Errors>"
            return Response(
                status, content(protocol), document("Response", f"{inner}<RequestID>{REQUEST_ID}</RequestID>", operation)
            )
    if "awsQueryCompatible" in service.metadata:
        headers.append(("x-amzn-query-error", f"{code};Sender"))
        code = shape.name
    if protocol == "smithy-rpc-v2-cbor":
        body = cbor_value(shape, value, clutter)
        body["__type"] = f"com.amazonaws.service#{shape.name}" if spelling % 2 else shape.name
        return Response(status, headers + content(protocol), cbor.encode(body, clutter))
    made = rendering.error(operation, shape, {}, spelling)
    body = json.loads(made.body)
    body |= json_structure(shape, value, clutter)
    if "awsQueryCompatible" in service.metadata and "__type" in body:
        body["__type"] = body["__type"].replace(shape.error_code or shape.name, shape.name)
    kept = [header for header in made.headers if header[0] == "X-Amzn-Errortype"]
    for name, member in shape.members.items():
        if member.serialization.get("location") == "header" and name in value:
            kept.append((wire_name(name, member), header_text(member, value[name])))
    return Response(status, headers + content(protocol) + kept, json.dumps(body).encode())


def unmodelled(operation: OperationModel) -> list[tuple[str, Response]]:
    """Errors that no model has."""
    errors = [
        ("unheard of", _unmodelled(operation, 418, "UnheardOfException", "no model has <it> & é")),
        ("throttled", _unmodelled(operation, 400, "Throttling", "Rate exceeded")),
    ]
    if operation.input_shape is not None and "DryRun" in operation.input_shape.members:
        message = "Request would have succeeded, but DryRun flag is set."
        errors.append(("dry run", _unmodelled(operation, 412, "DryRunOperation", message)))
    if operation.metadata["protocol"] == "rest-xml":
        errors += rest_xml.odd_errors(operation)
    return errors


def _unmodelled(operation: OperationModel, status: int, code: str, message: str) -> Response:
    protocol = operation.metadata["protocol"]
    if protocol == "rest-xml":
        return rest_xml.error(operation, code, status, f"<Message>{text(message)}</Message>")
    headers = [("x-amzn-RequestId", REQUEST_ID), *content(protocol)]
    error = f"<Error><Code>{code}</Code><Message>{text(message)}</Message></Error>"
    match protocol:
        case "query":
            body = document("ErrorResponse", f"{error}<RequestId>{REQUEST_ID}</RequestId>", operation)
        case "ec2":
            body = document("Response", f"<Errors>{error}</Errors><RequestID>{REQUEST_ID}</RequestID>", operation)
        case "smithy-rpc-v2-cbor":
            body = cbor.encode({"__type": f"ns#{code}", "message": message})
        case _:
            body = json.dumps({"__type": f"ns#{code}", "message": message}).encode()
    return Response(status, headers, body)
