"""Writes responses as a service would: outputs and errors of the JSON protocols.

botocore only reads responses, so that this is written from the protocols' specification; botocore's parser then judges
it along with our decoder.
"""

import base64
import json
import math
from datetime import UTC, datetime
from random import Random
from typing import Any

from botocore.model import OperationModel, Shape, StructureShape

from messages import Response

REQUEST_ID = "8f6f2a0e-3c1d-4b7e-9f52-7d0a1b2c3d4e"


# Up to here every whole number is a double.
EXACT = 2**53


def wire_name(name: str, member: Shape) -> str:
    """The name of a member on the wire."""
    return member.serialization.get("name", name)


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


def json_value(shape: Shape, value: Any, clutter: Random | None = None) -> Any:
    """A value as JSON. With `clutter`, structures hold unknown members and nulls as well, and numbers and times are
    spelt in other ways."""
    if value is None:
        return None
    match shape.type_name:
        case "structure":
            return json_structure(shape, value, clutter)
        case "list":
            return [json_value(shape.member, element, clutter) for element in value]
        case "map":
            return {key: json_value(shape.value, element, clutter) for key, element in value.items()}
        case "timestamp":
            return seconds(value) if clutter is None else clutter.choice(TIMES)(value)
        case "blob":
            return base64.b64encode(value).decode()
        case "integer" | "long" if clutter is not None and abs(value) < EXACT and clutter.random() < 0.5:
            # Another spelling of the same number: with a fraction of zero, or with an exponent.
            return float(value)
        case _:
            return value


def seconds(value: datetime) -> int | float:
    """Seconds since 1970, whole ones as an integer."""
    whole = int(value.replace(microsecond=0).timestamp())
    # One division, so that the nearest double is found.
    return whole if value.microsecond == 0 else (whole * 1_000_000 + value.microsecond) / 1_000_000


def named(value: datetime) -> tuple[str, str]:
    """The names of the day and of the month, in English whatever the locale is."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return days[value.weekday()], months[value.month - 1]


def iso(value: datetime) -> str:
    """ISO 8601 in UTC, without the zone."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat()


def of_date(value: datetime) -> str:
    """As the command `date` prints it."""
    value = value.astimezone(UTC)
    day, month = named(value)
    return f"{day} {month} {value.day:02} {value:%H:%M:%S} UTC {value.year:04}"


def of_mail(value: datetime) -> str:
    """As mail has it (RFC 5322)."""
    value = value.astimezone(UTC)
    day, month = named(value)
    return f"{day}, {value.day} {month} {value.year:04} {value:%H:%M:%S} +0000"


# How services write times, whatever their models say; botocore judges what each of them is.
TIMES = (
    seconds,
    lambda value: str(seconds(value)),
    iso,
    lambda value: iso(value) + "Z",
    lambda value: iso(value).replace("T", " "),
    lambda value: iso(value) + "+0000",
    lambda value: iso(value.replace(second=0, microsecond=0))[:16] + "Z",
    lambda value: iso(value)[:10],
    of_date,
    of_mail,
)


def json_structure(shape: StructureShape, value: dict[str, Any], clutter: Random | None) -> dict[str, Any]:
    """The members of a structure that stand in the body."""
    result = {
        wire_name(name, member): json_value(member, value[name], clutter)
        for name, member in shape.members.items()
        if name in value and "location" not in member.serialization
    }
    if clutter is not None:
        for name, member in shape.members.items():
            if name not in value and "location" not in member.serialization and clutter.random() < 0.5:
                result[wire_name(name, member)] = None
        result["__unheardOf"] = {"list": [1, -2.5e3, None, True, "\\\"é"], "empty": {}}
        members = list(result.items())
        clutter.shuffle(members)
        result = dict(members)
    return result


def headers_of(shape: StructureShape, value: dict[str, Any]) -> list[tuple[str, str]]:
    """The members of a structure that stand in headers."""
    headers = []
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        if location is None or name not in value:
            continue
        if location != "header" or member.type_name not in ("integer", "long", "string"):
            raise NotImplementedError(f"{shape.name}.{name}: {location} of type {member.type_name}")
        headers.append((wire_name(name, member), str(value[name])))
    return headers


def content_type(protocol: str) -> str:
    """The content type of responses."""
    return "application/json" if protocol == "rest-json" else "application/x-amz-json-1.1"


def output(
    operation: OperationModel, value: dict[str, Any], clutter: Random | None = None
) -> Response:
    """A successful response."""
    shape = operation.output_shape
    headers = [
        ("x-amzn-RequestId", REQUEST_ID),
        ("Content-Type", content_type(operation.metadata["protocol"])),
    ]
    status = operation.http.get("responseCode", 200)
    if shape is None or status == 204:
        return Response(status, headers, b"")
    body = json_structure(shape, value, clutter)
    # JSON may be written with spaces and escapes or without; services do both.
    plain = clutter is None
    text = json.dumps(body, ensure_ascii=plain, indent=None if plain else 1)
    return Response(status, headers + headers_of(shape, value), text.encode())


def error(
    operation: OperationModel,
    shape: StructureShape,
    value: dict[str, Any],
    spelling: int,
    clutter: Random | None = None,
) -> Response:
    """An error response; `spelling` chooses one of the ways in which the protocol writes the code."""
    protocol = operation.metadata["protocol"]
    body = json_structure(shape, value, clutter)
    headers = [("x-amzn-RequestId", REQUEST_ID), ("Content-Type", content_type(protocol))]
    code = shape.error_code or shape.name
    namespaced = f"com.amazonaws.service#{code}"
    url = "http://internal.amazon.com/coral/com.amazon.coral.service/"
    match spelling % 5, protocol:
        case 0, "rest-json":
            headers.append(("X-Amzn-Errortype", code))
        case 1, "rest-json":
            headers.append(("X-Amzn-Errortype", f"{code}:{url}"))
        case 2, "rest-json":
            body["code"] = namespaced
        case 4, "rest-json":
            body["Code"] = f"{namespaced}:{url}"
        case 1, _:
            body["__type"] = namespaced
        case 2, _:
            body["__type"] = f"{namespaced}:{url}"
        case _:
            body["__type"] = code
    headers += headers_of(shape, value)
    return Response(status_of(shape), headers, json.dumps(body).encode())


def status_of(shape: StructureShape) -> int:
    """The status of a modelled error; where the model has none, that of the fault."""
    return shape.metadata.get("error", {}).get("httpStatusCode") or (
        500 if shape.metadata.get("fault") else 400
    )
