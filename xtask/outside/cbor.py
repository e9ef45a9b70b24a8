"""CBOR (RFC 8949), as far as the protocol smithy-rpc-v2-cbor has it: a writer for answers, a reader for requests.

It is written from the RFC, and shares no code with botocore's or ours.
"""

import struct
from datetime import UTC, datetime
from random import Random
from typing import Any


class Tagged:
    """A value with a tag."""

    def __init__(self, tag: int, value: Any) -> None:
        self.tag, self.value = tag, value


def head(major: int, number: int) -> bytes:
    """The first bytes of an item, in their shortest form."""
    if number < 24:
        return bytes([major << 5 | number])
    for extra, (form, limit) in enumerate([(">B", 1 << 8), (">H", 1 << 16), (">I", 1 << 32), (">Q", 1 << 64)]):
        if number < limit:
            return bytes([major << 5 | 24 + extra]) + struct.pack(form, number)
    raise ValueError(f"{number} is too large")


def encode(value: Any, loose: Random | None = None) -> bytes:
    """A value as bytes. With `loose`, strings, lists and maps may have no length, and floats less bits."""
    endless = loose is not None and loose.random() < 0.5
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case float():
            return _float(value, loose is not None)
        case bytes() | str():
            major = 2 if isinstance(value, bytes) else 3
            data = value if isinstance(value, bytes) else value.encode()
            if endless and data.isascii() or endless and major == 2:
                chunks = (data[at : at + 3] for at in range(0, len(data), 3))
                return bytes([major << 5 | 31]) + b"".join(head(major, len(c)) + c for c in chunks) + b"\xff"
            return head(major, len(data)) + data
        case list():
            items = b"".join(encode(item, loose) for item in value)
            return b"\x9f" + items + b"\xff" if endless else head(4, len(value)) + items
        case dict():
            items = b"".join(encode(key) + encode(item, loose) for key, item in value.items())
            return b"\xbf" + items + b"\xff" if endless else head(5, len(value)) + items
        case datetime():
            whole = int(value.replace(microsecond=0).timestamp())
            return b"\xc1" + encode(whole if value.microsecond == 0 else whole + value.microsecond / 1e6)
    raise TypeError(f"no CBOR for {value!r}")


def _float(value: float, short: bool) -> bytes:
    if short:
        for first, form in ((b"\xf9", ">e"), (b"\xfa", ">f")):
            try:
                packed = struct.pack(form, value)
            except OverflowError:
                continue
            (again,) = struct.unpack(form, packed)
            if again == value or value != value:
                return first + packed
    return b"\xfb" + struct.pack(">d", value)


def decode(data: bytes) -> Any:
    """Reads one item, which must be all there is."""
    value, end = _item(data, 0)
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes behind the item")
    return value


BREAK = object()


def _item(data: bytes, at: int) -> tuple[Any, int]:
    major, small = data[at] >> 5, data[at] & 31
    at += 1
    number = small
    if 24 <= small <= 27:
        size = 1 << small - 24
        number = int.from_bytes(data[at : at + size])
        raw, at = data[at : at + size], at + size
    match major:
        case 0:
            return number, at
        case 1:
            return -1 - number, at
        case 2 | 3 if small != 31:
            text = data[at : at + number]
            return (text if major == 2 else text.decode()), at + number
        case 6:
            value, at = _item(data, at)
            return _tagged(number, value), at
        case 7:
            if small == 31:
                return BREAK, at
            if small in (25, 26, 27):
                return struct.unpack({25: ">e", 26: ">f", 27: ">d"}[small], raw)[0], at
            return {20: False, 21: True, 22: None, 23: None}[number], at
    items: list[Any] = []
    wanted = None if small == 31 else number * (2 if major == 5 else 1)
    while wanted is None or len(items) < wanted:
        value, at = _item(data, at)
        if value is BREAK:
            break
        items.append(value)
    match major:
        case 2:
            return b"".join(items), at
        case 3:
            return "".join(items), at
        case 4:
            return items, at
    names = items[::2]
    if len(set(names)) != len(names):
        raise ValueError(f"a member twice in {names}")
    return dict(zip(names, items[1::2], strict=True)), at


def _tagged(tag: int, value: Any) -> Any:
    """Times as seconds, so that whole ones are the same with and without a fraction."""
    return {"time": datetime.fromtimestamp(0, UTC).timestamp() + value} if tag == 1 else {f"tag {tag}": value}
