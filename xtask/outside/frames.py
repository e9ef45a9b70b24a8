"""Compares messages of event streams with botocore: random ones, broken ones, and the streams of real operations.

Usage: frames.py PROGRAM CASES SEED, where PROGRAM reads messages and writes them again.
"""

import base64
import binascii
import struct
import subprocess
import sys
import uuid
from random import Random
from typing import Any

import botocore.session
from botocore.eventstream import EventStream, EventStreamBuffer

# The operations whose streams botocore's parser reads: service, operation, member with the stream.
OPERATIONS = [
    ("kinesis", "SubscribeToShard", "EventStream"),
    ("lambda", "InvokeWithResponseStream", "EventStream"),
    ("logs", "StartLiveTail", "responseStream"),
    ("s3", "SelectObjectContent", "Payload"),
]


def header(random: Random, name: str) -> tuple[bytes, Any]:
    """A header of a random type: its bytes, and what botocore reads."""
    kind = random.randrange(10)
    start = bytes([len(name)]) + name.encode() + bytes([kind])
    match kind:
        case 0 | 1:
            return start, kind == 0
        case 6 | 7:
            value = random.randbytes(random.randrange(40))
            if kind == 7:
                value = base64.b64encode(value)
            return start + struct.pack(">H", len(value)) + value, value.decode() if kind == 7 else value
        case 9:
            value = random.randbytes(16)
            return start + value, value
        case _:
            form, bits = {2: ("b", 7), 3: ("h", 15), 4: ("i", 31), 5: ("q", 63), 8: ("q", 63)}[kind]
            number = random.randrange(-(1 << bits), 1 << bits)
            return start + struct.pack(">" + form, number), number


def message(headers: bytes, payload: bytes) -> bytes:
    """The bytes of a message, made from the specification alone."""
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    prelude += struct.pack(">I", binascii.crc32(prelude))
    whole = prelude + headers + payload
    return whole + struct.pack(">I", binascii.crc32(whole))


def text_header(name: str, value: str) -> bytes:
    """A header that is a text."""
    return bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()


def read_by_botocore(data: bytes) -> list[tuple[dict[str, Any], bytes]] | None:
    """The headers and payloads; `None` if botocore refuses the bytes, or they end in a message."""
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    try:
        found = [(dict(event.headers), event.payload) for event in buffer]
    except Exception:  # noqa: BLE001 - any error is a refusal
        return None
    return None if buffer._data else found


class Body:
    """A body as botocore reads it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def stream(self) -> Any:
        """The pieces."""
        for at in range(0, len(self.data), 7):
            yield self.data[at : at + 7]

    def close(self) -> None:
        """There is nothing to close."""


def events_of(session: Any, service: str, operation: str, member: str) -> tuple[list[bytes], Any]:
    """The events of a stream with empty payloads, and the shape of the stream."""
    model = session.get_service_model(service)
    shape = model.operation_model(operation).output_shape.members[member]
    events = [
        message(text_header(":message-type", "event") + text_header(":event-type", name), b"")
        for name, event in shape.members.items()
        if not event.metadata.get("exception")
    ]
    return events, (model, shape)


def streams(ask: Any) -> list[str]:
    """What differs in the streams of real operations: botocore must read what we have written again."""
    session = botocore.session.Session()
    problems = []
    for service, operation, member in OPERATIONS:
        events, (model, shape) = events_of(session, service, operation, member)
        written = bytes.fromhex(ask(b"".join(events)))
        parser = botocore.parsers.create_parser(model.metadata["protocol"])
        stream = EventStream(Body(written), shape, parser._event_stream_parser or parser, operation)
        names = [next(iter(event)) for event in stream]
        wanted = [name for name, event in shape.members.items() if not event.metadata.get("exception")]
        if names != wanted:
            problems.append(f"{service} {operation}: wanted {wanted}, came {names}")
    return problems


def main() -> int:
    """Prints differences; 1 if there are any."""
    program, cases, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    random = Random(seed)
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None

    def ask(data: bytes) -> str:
        process.stdin.write(data.hex() + "\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    problems = streams(ask)
    broken = 0
    for _ in range(cases):
        data, wanted = b"", []
        for _ in range(random.randrange(1, 4)):
            headers, values = b"", {}
            for number in range(random.randrange(6)):
                name = f"{chr(97 + number)}{uuid.UUID(bytes=random.randbytes(16)).hex[: random.randrange(20)]}"
                raw, value = header(random, name)
                headers, values[name] = headers + raw, value
            payload = random.randbytes(random.randrange(200))
            data += message(headers, payload)
            wanted.append((values, payload))
        if read_by_botocore(data) != wanted:
            problems.append(f"botocore reads something else than was written: {data.hex()}")
        if ask(data) != data.hex():
            problems.append(f"our reader and writer change {data.hex()}: {ask(data)}")
        changed = bytearray(data)
        at = random.randrange(len(changed))
        changed[at] ^= 1 << random.randrange(8)
        cut = bytes(changed) if random.random() < 0.7 else data[: random.randrange(1, len(data))]
        refused = ask(cut).startswith("error")
        broken += refused
        if (read_by_botocore(cut) is None) != refused:
            problems.append(f"botocore and ours disagree about {cut.hex()}: {ask(cut)}")
    process.stdin.close()
    process.wait(timeout=10)
    for problem in problems[:10]:
        print(problem)
    print(f"frames: {cases} random streams, {broken} broken ones refused, {len(OPERATIONS)} operations, {len(problems)} differences")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
