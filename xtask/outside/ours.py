"""Our clients, called through the program `wire` of the package `attache-tests`."""

import base64
import json
import math
import subprocess
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from messages import Case, Exchange, Request, ServiceError


def in_serde_form(value: Any) -> Any:
    """Parameters as our types read them: timestamps as text, blobs in base64."""
    match value:
        case dict():
            return {key: in_serde_form(element) for key, element in value.items()}
        case list():
            return [in_serde_form(element) for element in value]
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return value


class Ours:
    """The program `wire`, as long as it runs."""

    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)

    def call(self, case: Case) -> Exchange:
        """Carries out one call."""
        return exchange(self.ask(case, None))

    def presigned(self, case: Case, seconds: int) -> tuple[Request, bool] | str:
        """A URL of the call, with the headers that must be sent, and whether it signs a body; or why there is none."""
        answer = self.ask(case, seconds)
        if "presigned" not in answer:
            return str(answer["error"]["text"])
        made = answer["presigned"]
        body = base64.b64decode(made["body"] or "")
        return Request(made["method"], made["url"], dict(made["headers"]), body), bool(body)

    def ask(self, case: Case, presigned_seconds: int | None) -> dict[str, Any]:
        """Asks the program one question."""
        settings = vars(case.settings) | {"time": in_serde_form(case.settings.time)}
        question = {
            "service": case.service,
            "operation": case.operation,
            "parameters": in_serde_form(case.parameters),
            "settings": settings,
            "presigned_seconds": presigned_seconds,
            "response": vars(case.response) | {"body": base64.b64encode(case.response.body).decode()},
        }
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"our program ended at {case.service} {case.operation} ({case.title})")
        answer: dict[str, Any] = json.loads(line)
        return answer


def exchange(answer: dict[str, Any]) -> Exchange:
    """Reads an answer of the program."""
    sent = None
    if answer["sent"] is not None:
        sent = Request(
            method=answer["sent"]["method"],
            url=answer["sent"]["url"],
            headers=dict(answer["sent"]["headers"]),
            body=base64.b64decode(answer["sent"]["body"]),
        )
    if "output" in answer:
        return Exchange(sent, output=answer["output"])
    failed = answer["error"]
    if failed["status"] is None or failed["code"] is None and failed["status"] < 300:
        return Exchange(sent, refusal=failed["text"])
    return Exchange(
        sent,
        error=ServiceError(
            code=failed["code"],
            message=failed["message"],
            status=failed["status"],
            request_id=failed["request_id"],
            shape=failed["shape"],
            members=failed["members"] or {},
            throttled=failed["throttled"],
        ),
    )
