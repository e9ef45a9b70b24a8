"""Writes values as XML: the members of structures, lists and maps, with the names, forms and attributes of their model."""

import base64
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from botocore.model import OperationModel, Shape, StructureShape

from rendering import REQUEST_ID, iso, plain, seconds, wire_name

# What the names of attributes with this prefix stand for.
XSI = "http://www.w3.org/2001/XMLSchema-instance"


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
    """The members of a structure as elements, but for those that are elsewhere."""
    space = "\n    " if clutter is not None else ""
    inside = {
        name: member
        for name, member in shape.members.items()
        if name in value and "location" not in member.serialization and not member.serialization.get("xmlAttribute")
    }
    parts = [element(name, member, value[name], clutter) for name, member in inside.items()]
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
            return structure(tag, shape, value, clutter)
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


def structure(tag: str, shape: StructureShape, value: dict[str, Any], clutter: Random | None, namespace: str = "") -> str:
    """A structure as an element, with the members that are attributes of it."""
    attributes = f" xmlns={quoteattr(namespace)}" if namespace else ""
    for name, member in shape.members.items():
        if member.serialization.get("xmlAttribute") and name in value:
            written = wire_name(name, member)
            attributes += f' xmlns:xsi="{XSI}"' if written.startswith("xsi:") else ""
            attributes += f" {written}={quoteattr(value[name])}"
    inner = members(shape, value, clutter)
    return f"<{tag}{attributes}>{inner}</{tag}>"


def wrap(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag}>" if inner else f"<{tag}/>"


def text(value: str) -> str:
    return escape(value, {"\r": "&#13;", '"': "&quot;"})


def error_members(shape: StructureShape, value: dict[str, Any], clutter: Random | None) -> str:
    """The members of an error. Services write the message with a capital letter, whatever their models call it."""
    return members(shape, value, clutter).replace("<message", "<Message").replace("</message", "</Message")
