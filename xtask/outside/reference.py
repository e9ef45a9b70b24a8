"""botocore, given the same clock, credentials and tokens as ours, its network replaced."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

import botocore.auth
import botocore.client
import botocore.session
import botocore.utils
from botocore.auth import SIGV4_TIMESTAMP, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse, HeadersDict
from botocore.client import BaseClient
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError, DataNotFoundError
from botocore.handlers import add_retry_headers
from botocore.httpchecksum import AwsChunkedWrapper
from botocore.model import OperationModel, ServiceModel
from botocore.response import StreamingBody
from botocore.retries.standard import ThrottledRetryableChecker
from botocore.tokens import FrozenAuthToken

from messages import Case, Exchange, Request, Response, ServiceError, Settings
from rule_texts import RuleTexts


class RawResponse(BytesIO):
    """A body as urllib3 hands it to botocore."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.getvalue()


class NamedSigV4a(SigV4Auth):
    """What a request with a signature of SigV4A has, but for the signature: botocore makes it with another package."""

    def add_auth(self, request: AWSRequest) -> None:
        time = botocore.auth.get_current_datetime().strftime(SIGV4_TIMESTAMP)
        request.context["timestamp"] = time
        self._modify_request_before_signing(request)
        request.headers["X-Amz-Region-Set"] = self._region_name
        signed = self.signed_headers(self.headers_to_sign(request))
        scope = f"{self.credentials.access_key}/{time[:8]}/{self._service_name}/aws4_request"
        text = f"AWS4-ECDSA-P256-SHA256 Credential={scope}, SignedHeaders={signed}, Signature={NO_SIGNATURE}"
        request.headers["Authorization"] = text


class SessionNeeded(BotoCoreError):
    """Stands for the other call that botocore would make first."""

    fmt = "the bucket {bucket} needs a session"


def no_session(_: Any, bucket: str) -> Any:
    raise SessionNeeded(bucket=bucket)


# Stands for a signature that cannot be compared: two signatures of SigV4A over the same bytes differ.
NO_SIGNATURE = "none"


class AsSent(SigV4Auth):
    """The signature of S3: the path as it was sent, and the hash of the payload that the request has, if it is the right one."""

    def _normalize_url_path(self, path: str) -> str:
        return path

    def payload(self, request: AWSRequest) -> str:
        given: str = request.headers["x-amz-content-sha256"]
        return given if given in PAYLOADS and request.url.startswith("https:") else super().payload(request)


# What stands for the hash of a payload that is not signed.
PAYLOADS = {"UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}


class Tokens:
    """Gives botocore the bearer token of the settings."""

    token: str | None = None

    def load_token(self, **_: Any) -> Any:
        token = self.token and FrozenAuthToken(self.token)
        return token and SimpleNamespace(get_frozen_token=lambda: token)


def forget_the_environment() -> None:
    """Takes away everything that could configure botocore beside the settings of a case."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    # The default of newer SDKs and of the specification.
    os.environ["AWS_S3_US_EAST_1_REGIONAL_ENDPOINT"] = "regional"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


@cache
def session() -> botocore.session.Session:
    botocore.auth.AUTH_TYPE_MAPS["v4a"] = botocore.auth.AUTH_TYPE_MAPS["s3v4a"] = NamedSigV4a
    botocore.utils.S3ExpressIdentityCache.get_credentials = no_session
    # It would sign URLs as S3 did before SigV4, which newer regions and other SDKs do not know.
    botocore.client.ClientCreator._default_s3_presign_to_sigv2 = lambda *_, **_named: None
    return botocore.session.Session()


def use_data(data: Path, service: str, protocol: str) -> None:
    """Reads the models of another botocore, and makes a service speak one of its protocols."""
    loader = session().get_component("data_loader")
    loader.search_paths.insert(0, str(data))
    # With another endpoints.json than its own, botocore would ask that for endpoints, and not the endpoint rules.
    loader.is_builtin_path = lambda _path: True
    # The loader keeps what it has read.
    metadata = loader.load_service_model(service, "service-2")["metadata"]
    metadata["protocol"], metadata["protocols"] = protocol, [protocol]


@cache
def service_model(service: str) -> ServiceModel:
    """The model of a service as botocore ships it."""
    return session().get_service_model(service)


@cache
def rule_texts(service: str) -> RuleTexts | None:
    """Texts that the endpoint rules of a service look into."""
    loader = session().get_component("data_loader")
    try:
        return RuleTexts(loader.load_service_model(service, "endpoint-rule-set-1"))
    except DataNotFoundError:
        return None


def ruled_members(operation: OperationModel) -> frozenset[str]:
    """The members of a request that the endpoint rules read, or read something of."""
    named = {parameter.member_name for parameter in operation.context_parameters}
    paths = [each["path"] for each in (operation.operation_context_parameters or {}).values()]
    return frozenset(named.union(*(re.findall(r"\w+", path) for path in paths), ()))


@cache
def client(service: str, settings: Settings) -> BaseClient:
    """A client that is configured as ours is; making one is slow, so they are kept."""
    tokens = Tokens()
    tokens.token = settings.bearer_token
    session().register_component("token_provider", tokens)
    session()._auth_token = None
    made = session().create_client(
        service,
        region_name=settings.region,
        endpoint_url=settings.endpoint_url,
        aws_access_key_id=settings.access_key_id,
        aws_secret_access_key=settings.secret_access_key,
        aws_session_token=settings.session_token,
        aws_account_id=settings.account_id,
        config=Config(
            # A response is to be read once, as it is.
            retries={"total_max_attempts": 1},
            use_fips_endpoint=settings.use_fips,
            use_dualstack_endpoint=settings.use_dual_stack,
            auth_scheme_preference=settings.auth_scheme_preference,
            # Otherwise botocore puts buckets into the path wherever a user sets an endpoint. The specification does not.
            s3={"addressing_style": "virtual"},
        ),
    )
    # They would be signed, and each client has its own.
    made.meta.events.unregister("request-created", add_retry_headers)
    return made


@contextmanager
def standing_clock(settings: Settings) -> Iterator[None]:
    """Gives botocore the clock and the idempotency tokens of the settings."""

    def now(remove_tzinfo: bool = True) -> datetime:
        return settings.time.replace(tzinfo=None) if remove_tzinfo else settings.time

    tokens = SimpleNamespace(uuid4=lambda: settings.idempotency_token)
    with (
        mock.patch("botocore.auth.get_current_datetime", now),
        mock.patch("botocore.handlers.uuid", tokens),
    ):
        yield


def call(case: Case) -> Exchange:
    """Carries out one call."""
    sent: list[Request] = []

    def before_send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        sent.append(written_down(request))
        return received(request.url, case.response)

    made = client(case.service, case.settings)
    made.meta.events.register_first("before-send", before_send, unique_id="capture")
    method = getattr(made, method_names(case.service)[case.operation])
    output: dict[str, Any] | None = None
    error: ServiceError | None = None
    try:
        with standing_clock(case.settings):
            output = method(**case.parameters)
            del output["ResponseMetadata"]
            output = {name: streamed(value) for name, value in output.items()}
    except ClientError as raised:
        operation = service_model(case.service).operation_model(case.operation)
        error = service_error(operation, raised)
    except (ParseError, KeyError) as raised:
        # Its handlers read responses on their own: some as XML, whatever came, some expect members.
        return Exchange(sent[0], refusal=f"{type(raised).__name__}: {raised}")
    finally:
        made.meta.events.unregister("before-send", unique_id="capture")
    assert len(sent) == 1, f"botocore sent {len(sent)} requests"
    return Exchange(sent[0], output=output, error=error)


def presigned(case: Case, seconds: int) -> str:
    """A URL of the call."""
    made = client(case.service, case.settings)
    method = method_names(case.service)[case.operation]
    with standing_clock(case.settings):
        url: str = made.generate_presigned_url(method, case.parameters, seconds)
    return url


def streamed(value: Any) -> Any:
    """The bytes of a stream; any other value as it is."""
    return value.read() if isinstance(value, StreamingBody) else value


@cache
def method_names(service: str) -> dict[str, str]:
    """The methods of a client by the names of their operations."""
    some = client(service, Settings("us-east-1", datetime(2026, 1, 1)))
    return {operation: method for method, operation in some.meta.method_to_api_mapping.items()}


def written_down(request: AWSPreparedRequest) -> Request:
    """A request as it would be sent."""
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
    body = request.body or b""
    # A stream stays as it was, as the request may be looked at again.
    if isinstance(body, AwsChunkedWrapper):
        body = body.read()
    elif isinstance(body, BytesIO):
        body = body.getvalue()
    return Request(
        method=request.method,
        url=request.url,
        headers=headers,
        body=body.encode() if isinstance(body, str) else bytes(body),
    )


def received(url: str, response: Response) -> AWSResponse:
    """A response as it would come from the network."""
    return AWSResponse(url, response.status, HeadersDict(response.headers), RawResponse(response.body))


def service_error(operation: OperationModel, raised: ClientError) -> ServiceError:
    """What botocore makes of an error response."""
    response = raised.response
    code = response["Error"].get("Code")
    shape = next((s for s in operation.service_model.error_shapes if s.name == type(raised).__name__), None)
    throttling = (shape.metadata.get("retryable") or {}).get("throttling", False) if shape else False
    return ServiceError(
        code=code,
        message=response["Error"].get("Message"),
        status=response["ResponseMetadata"]["HTTPStatusCode"],
        request_id=response["ResponseMetadata"].get("RequestId"),
        shape=shape.name if shape else None,
        members={
            name: value for name, value in response.items() if name not in ("Error", "ResponseMetadata")
        },
        throttled=throttling or code in ThrottledRetryableChecker._THROTTLED_ERROR_CODES,
    )


def is_signed_as_sent(service: str) -> bool:
    return service_model(service).metadata["signatureVersion"] in ("s3", "s3v4")


def authorization(
    request: Request, case: Case, service: str, region: str, has_payload: bool = True
) -> str:
    """The signature that botocore gives to a request of ours, in the name of a service: over the very headers that ours
    signed, and over its payload or not."""
    settings = case.settings
    signed = signed_headers(request.headers["authorization"])
    computed = {"host", "x-amz-date", "x-amz-security-token"}
    again = AWSRequest(
        method=request.method,
        url=request.url,
        headers={name: request.headers[name] for name in signed if name not in computed} | {"host": host(request)},
        data=request.body,
    )
    credentials = Credentials(settings.access_key_id, settings.secret_access_key, settings.session_token)
    again.context["payload_signing_enabled"] = has_payload
    signer = AsSent if is_signed_as_sent(case.service) else SigV4Auth
    with standing_clock(settings):
        signer(credentials, service, region).add_auth(again)
    return again.headers["Authorization"]


def host(request: Request) -> str:
    """The header `host` that belongs to a URL."""
    url = urlsplit(request.url)
    default = {"https": ":443", "http": ":80"}[url.scheme]
    return url.netloc.removesuffix(default)


def url_signature(operation: OperationModel, request: Request, settings: Settings, service: str, region: str) -> str:
    """The signature that botocore gives to a URL of ours that has all but its signature, over the headers and the body that
    whoever has the URL sends."""
    is_s3 = operation.service_model.metadata["signatureVersion"].startswith("s3")
    credentials = Credentials(settings.access_key_id, settings.secret_access_key)
    signer = (S3SigV4QueryAuth if is_s3 else SigV4QueryAuth)(credentials, service, region)
    again = AWSRequest(method=request.method, url=request.url, headers=request.headers, data=request.body)
    again.context["timestamp"] = settings.time.strftime(SIGV4_TIMESTAMP)
    text = signer.string_to_sign(again, signer.canonical_request(again))
    signature: str = signer.signature(text, again)
    return signature


def signed_headers(header: str) -> list[str]:
    """The names in the part `SignedHeaders` of an Authorization header."""
    return header.split("SignedHeaders=")[1].split(",")[0].split(";")
