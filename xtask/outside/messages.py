"""What the comparison passes around: calls, and the HTTP messages that they lead to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Settings:
    """What both clients are configured with; nothing else may reach into a request."""

    region: str
    time: datetime
    access_key_id: str = "AKIDEXAMPLE"
    secret_access_key: str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    session_token: str | None = None
    endpoint_url: str | None = None
    use_fips: bool = False
    use_dual_stack: bool = False
    account_id: str | None = None
    bearer_token: str | None = None
    auth_scheme_preference: str | None = None
    idempotency_token: str = "6f8a2c1e-0d4b-4c57-9a3e-2b1f0c9d8e7a"


@dataclass(frozen=True)
class Response:
    """What the service answers."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Request:
    """What a client sends. The names of headers are in lower case."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class ServiceError:
    """The error that a client makes of a response."""

    code: str | None
    message: str | None
    status: int | None
    request_id: str | None
    shape: str | None
    members: dict[str, Any]
    throttled: bool | None


@dataclass(frozen=True)
class Exchange:
    """One call as a client carried it out: a request unless it refused, and an output or an error."""

    sent: Request | None
    output: dict[str, Any] | None = None
    error: ServiceError | None = None
    refusal: str | None = None


@dataclass
class Case:
    """One call that both clients make."""

    service: str
    operation: str
    title: str
    parameters: dict[str, Any]
    settings: Settings
    response: Response
    differences: list["Difference"] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """Something that the two clients do not agree on."""

    place: str
    wanted: Any
    came: Any
