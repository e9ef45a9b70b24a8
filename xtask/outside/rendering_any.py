"""Writes answers and errors of every protocol, as the specification of the protocol says.

botocore only reads answers; its own parser and our decoder then judge what is written here. JSON bodies come from
`rendering.py`.
"""

import base64
import json
import math
from dataclasses import replace
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import OperationModel, Shape, StructureShape

import cbor
import rendering
from messages import Response
from rendering import REQUEST_ID, iso, of_mail, seconds, wire_name

REST = ("rest-json", "rest-xml")


def output(operation: OperationModel, value: dict[str, Any], clutter: Random | None = None) -> Response:
    """A successful answer."""
    protocol = operation.metadata["protocol"]
    shape = operation.output_shape
    status = operation.http.get("responseCode", 200) if protocol in REST else 200
    headers = [("x-amzn-RequestId", REQUEST_ID)]
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


def plain(value: Any) -> Any:
    """Numbers that JSON does not have, as texts."""
    match value:
        case float() if math.isnan(value):
            return "NaN"
        case float() if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        case dict():
            return {key: plain(element) for key, element in value.items()}
        case list():
            return [plain(element) for element in value]
    return value


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
    return _measured(_rest_body(shape, value, status, headers, clutter))


def _measured(response: Response) -> Response:
    """With one header of a name, as a member has it, and with the length of the body where a member has a length."""
    headers: dict[str, tuple[str, str]] = {}
    for name, text in response.headers:
        text = str(len(response.body)) if name.lower() == "content-length" else text
        headers.setdefault(name.lower(), (name, text))
    return replace(response, headers=list(headers.values()))


def _rest_body(
    shape: StructureShape, value: dict[str, Any], status: int, headers: list[tuple[str, str]], clutter: Random | None
) -> Response:
    payload = shape.serialization.get("payload")
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


# XML


def document(name: str, inner: str, operation: OperationModel) -> bytes:
    namespace = operation.service_model.metadata.get("xmlNamespace", "http://example.com/doc/")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{namespace}">{inner}</{name}>'.encode()


def query_document(
    operation: OperationModel, shape: StructureShape | None, value: dict[str, Any], clutter: Random | None
) -> bytes:
    inner = members(shape, value, clutter) if shape else ""
    wrapper = shape.serialization.get("resultWrapper") if shape else None
    if wrapper:
        inner = f"<{wrapper}>{inner}</{wrapper}>"
    metadata = f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
    space = "\n  " if clutter is not None else ""
    return document(f"{operation.name}Response", f"{space}{inner}{space}{metadata}{space}", operation)


def members(shape: StructureShape, value: dict[str, Any], clutter: Random | None) -> str:
    """The members of a structure as elements."""
    space = "\n    " if clutter is not None else ""
    parts = [element(name, member, value[name], clutter) for name, member in shape.members.items() if name in value]
    if clutter is not None and not getattr(shape, "is_tagged_union", False):
        parts.append('<unheardOf odd="&lt;é&#x27;">text<!-- a comment --><deeper/><![CDATA[<raw>]]></unheardOf>')
    return "".join(space + part for part in parts)


def element(name: str, shape: Shape, value: Any, clutter: Random | None) -> str:
    """A member as one element, or as several where it is flattened."""
    tag = shape.serialization.get("name", name)
    flattened = shape.serialization.get("flattened")
    match shape.type_name:
        case "list":
            inner_tag = shape.member.serialization.get("name", "member")
            if flattened:
                return "".join(single(shape.member.serialization.get("name", tag), shape.member, e, clutter) for e in value)
            return wrap(tag, "".join(single(inner_tag, shape.member, e, clutter) for e in value))
        case "map":
            key_tag = shape.key.serialization.get("name", "key")
            value_tag = shape.value.serialization.get("name", "value")
            entries = [
                wrap(key_tag, text(key)) + single(value_tag, shape.value, item, clutter) for key, item in value.items()
            ]
            if flattened:
                return "".join(wrap(tag, entry) for entry in entries)
            return wrap(tag, "".join(wrap("entry", entry) for entry in entries))
    return single(tag, shape, value, clutter)


def single(tag: str, shape: Shape, value: Any, clutter: Random | None) -> str:
    """An element with a name that is known."""
    match shape.type_name:
        case "structure":
            return wrap(tag, members(shape, value, clutter))
        case "list" | "map":
            named = element(tag, shape, value, clutter)
            own = shape.serialization.get("name", tag)
            return named if own == tag else named.replace(f"<{own}", f"<{tag}", 1)
        case "boolean":
            return wrap(tag, "true" if value else "false")
        case "timestamp":
            form = shape.serialization.get("timestampFormat", "iso8601")
            return wrap(tag, str(seconds(value)) if form == "unixTimestamp" else iso(value) + "Z")
        case "blob":
            return wrap(tag, base64.b64encode(value).decode())
        case "float" | "double":
            return wrap(tag, str(plain(value)))
    return wrap(tag, text(str(value)))


def wrap(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag}>" if inner else f"<{tag}/>"


def text(value: str) -> str:
    return escape(value, {"\r": "&#13;", '"': "&quot;"})


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


def error_members(shape: StructureShape, value: dict[str, Any], clutter: Random | None) -> str:
    """The members of an error. Services write the message with a capital letter, whatever their models call it."""
    return members(shape, value, clutter).replace("<message", "<Message").replace("</message", "</Message")


def unmodelled(operation: OperationModel) -> list[tuple[str, Response]]:
    """Errors that no model has."""
    errors = [
        ("unheard of", _unmodelled(operation, 418, "UnheardOfException", "no model has <it> & é")),
        ("throttled", _unmodelled(operation, 400, "Throttling", "Rate exceeded")),
    ]
    if operation.input_shape is not None and "DryRun" in operation.input_shape.members:
        message = "Request would have succeeded, but DryRun flag is set."
        errors.append(("dry run", _unmodelled(operation, 412, "DryRunOperation", message)))
    return errors


def _unmodelled(operation: OperationModel, status: int, code: str, message: str) -> Response:
    protocol = operation.metadata["protocol"]
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
