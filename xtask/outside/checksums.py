"""Hashes that requests have in headers, computed from their bodies."""

import base64
import hashlib
import zlib


def of(header: str, body: bytes) -> str | None:
    """The value of a header that has a hash of the body; nothing for other headers, and for hashes that Python lacks."""
    match header:
        case "x-amz-content-sha256":
            return hashlib.sha256(body).hexdigest()
        case "content-md5":
            return base64.b64encode(hashlib.md5(body).digest()).decode()
        case "x-amz-checksum-crc32":
            return base64.b64encode(zlib.crc32(body).to_bytes(4)).decode()
        case "x-amz-checksum-sha1" | "x-amz-checksum-sha256" | "x-amz-checksum-sha512" | "x-amz-checksum-md5":
            return base64.b64encode(hashlib.new(header.rpartition("-")[2], body).digest()).decode()
    return None
