"""Reads bodies of requests by their structure, so that spaces, escapes and orders without meaning are not compared."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from botocore.model import OperationModel

import cbor

Reader = Callable[[bytes], Any]


def unique_json(body: bytes) -> Any:
    """JSON in which no object holds a name twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError(f"a member twice in {[name for name, _ in pairs]}")
        return members

    return json.loads(body, object_pairs_hook=unique)


def form(body: bytes) -> dict[str, str]:
    """The fields of a form."""
    pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError(f"a field twice in {[name for name, _ in pairs]}")
    return fields


def xml(body: bytes) -> dict[str, Any]:
    """The elements of XML by their names, those of one name in their order; namespaces are part of the names."""
    root = ElementTree.fromstring(body)
    return {root.tag: xml_element(root)}


def xml_element(element: ElementTree.Element) -> Any:
    """A text, or the attributes and children of an element."""
    read: dict[str, Any] = {f"@{name}": value for name, value in element.attrib.items()}
    for child in element:
        read.setdefault(child.tag, []).append(xml_element(child))
    text = element.text or ""
    if not read:
        return text
    if text.strip():
        read["text"] = text
    return read


def reader(operation: OperationModel) -> Reader:
    """How the bodies of an operation are read."""
    shape = operation.input_shape
    payload = shape.serialization.get("payload") if shape else None
    if payload is not None and shape.members[payload].type_name in ("blob", "string"):
        return bytes
    match operation.metadata["protocol"]:
        case "query" | "ec2":
            return form
        case "rest-xml":
            return xml
        case "smithy-rpc-v2-cbor":
            return cbor.decode
        case _:
            return unique_json
