"""Sends a presigned request with `requests`: METHOD URL HEADER…, with the body on standard input.

Prints the status on the first line, and the body of the response behind it.
"""

import sys

import requests


def main() -> None:
    method, url, *headers = sys.argv[1:]
    given = dict(header.split(": ", 1) for header in headers)
    body = sys.stdin.buffer.read()
    response = requests.request(method, url, headers=given, data=body or None, timeout=30)
    sys.stdout.buffer.write(f"{response.status_code}\n".encode() + response.content)


if __name__ == "__main__":
    main()
