"""Made-up machines: variables and profile files, in order and out of order."""

import json
import shlex
from dataclasses import dataclass
from random import Random
from typing import Any

HOME = "/home/me"
PROFILES = ["default", "dev", "audit"]
# Names that have to stand in quotes, or behind backslashes.
ODD_NAMES = ["with space", "Someone's Laptop", 'say "hi"']
REGIONS = ["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1", "ap-southeast-2", "xx-new-7"]
URLS = ["http://127.0.0.1:5000", "https://one.example.com", "https://two.example.com/path", "https://[::1]:8443"]
FLAGS = ["true", "false", "True", "FALSE"] * 4 + ["yes"]
# As JSON; many programs print what is nearly a date-time, and some print what is none.
EXPIRATIONS = [
    *['"2035-01-01T00:00:00Z"'] * 4,
    '"2035-01-01T00:00:00UTC"',
    '"2035-01-01 00:00:00Z"',
    '"2035-01-01T00:00Z"',
    '"2035-01-01T02:00:00 +0200"',
    '"20350101T000000Z"',
    '"2035-01-01T00:00:00.123456+00:00"',
    '"2035-01-01T00:00:00"',
    '"soon"',
    '""',
    "2051222400",
    "null",
]


def process(expiration: str | None) -> str:
    """A `credential_process` that gives credentials until then."""
    end = "" if expiration is None else f', "Expiration": {expiration}'
    printed = f'{{"Version": 1, "AccessKeyId": "PROCESS", "SecretAccessKey": "s", "SessionToken": "t"{end}}}'
    return f"printf %s '{printed}'"


@dataclass(frozen=True)
class Machine:
    """What a client finds."""

    service: str
    variables: dict[str, str]
    # Paths below the home folder, and texts.
    files: dict[str, str]
    # Those of them that may not be read.
    unreadable: tuple[str, ...]


class Maker:
    """Makes machines; the same seed makes the same ones."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, choices: list[Any]) -> Any:
        return self.random.choice(choices)

    def machine(self) -> Machine:
        variables = self.variables()
        files = {}
        config, credentials = ".aws/config", ".aws/credentials"
        if self.chance(0.15):
            config, variables["AWS_CONFIG_FILE"] = "other/config", self.path("other/config")
        if self.chance(0.15):
            credentials, variables["AWS_SHARED_CREDENTIALS_FILE"] = "keys", self.path("keys")
        variables["FOLDER"] = HOME
        if self.chance(0.96):
            files[config] = self.config()
        if self.chance(0.5):
            files[credentials] = self.credentials()
        unreadable = tuple(path for path in files if self.chance(0.04))
        return Machine(self.one(["support", "security-ir"]), variables, files, unreadable)

    def path(self, rest: str) -> str:
        """A path below the home folder, as people write it; the last ones lead nowhere."""
        ways = ["~", HOME, "$HOME", "${HOME}", "$FOLDER", "${FOLDER}/."] * 3 + ["$NOWHERE", "${HOME", "$FOLDERS", ""]
        return f"{self.one(ways)}/{rest}"

    def variables(self) -> dict[str, str]:
        """Each of the variables now and then."""
        found = {}
        choices: dict[str, tuple[float, list[str]]] = {
            "AWS_PROFILE": (0.5, [*PROFILES * 5, *ODD_NAMES * 3, "nowhere", "DEFAULT"]),
            "AWS_DEFAULT_PROFILE": (0.05, PROFILES),
            "AWS_REGION": (0.2, REGIONS),
            "AWS_DEFAULT_REGION": (0.3, [*REGIONS * 3, "not a region"]),
            "AWS_ENDPOINT_URL": (0.1, URLS),
            "AWS_ENDPOINT_URL_SUPPORT": (0.1, URLS),
            "AWS_ENDPOINT_URL_SECURITY_IR": (0.1, URLS),
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": (0.15, FLAGS),
            "AWS_USE_FIPS_ENDPOINT": (0.15, FLAGS),
            "AWS_USE_DUALSTACK_ENDPOINT": (0.15, FLAGS),
            "AWS_RETRY_MODE": (0.15, ["standard", "adaptive"] * 4 + ["legacy"]),
            "AWS_MAX_ATTEMPTS": (0.15, ["1", "4", "10"] * 4 + ["0", "many"]),
            "AWS_SDK_UA_APP_ID": (0.15, ["desk", "Case Desk/1", "a#b", "x" * 50] * 3 + ["x" * 51]),
        }
        for name, (share, values) in choices.items():
            if self.chance(share):
                found[name] = "" if self.chance(0.04) else self.one(values)
        if self.chance(0.25):
            found["AWS_ACCESS_KEY_ID"] = self.one(["VARIABLE"] * 9 + ["VARIABLE\n"])
        if "AWS_ACCESS_KEY_ID" in found and self.chance(0.95) or self.chance(0.02):
            found["AWS_SECRET_ACCESS_KEY"] = "secret"
        if self.chance(0.2):
            found["AWS_SESSION_TOKEN"] = "token"
        if self.chance(0.01):
            found["AWS_WEB_IDENTITY_TOKEN_FILE"] = f"{HOME}/token"
        return found

    def config(self) -> str:
        sections = []
        for name in [*PROFILES, *ODD_NAMES]:
            if self.chance(0.97):
                sections.append((self.section(name), self.settings()))
        if self.chance(0.03):
            sections.append(("profile default", self.settings()))
        if self.chance(0.2):
            sections.append(("DEFAULT", self.settings()))
        if self.chance(0.9):
            sections.append(("services local", self.services()))
        if self.chance(0.1):
            sections.append(("preview", ["sts = true"]))
        self.random.shuffle(sections)
        return self.text(sections)

    def section(self, name: str) -> str:
        """The name of a profile's section. Whoever leaves the word `profile` or the quotes away has no profile."""
        if name == "default":
            return self.one(["default"] * 24 + [" default ", "Default"])
        escaped = "".join(character if character.isalnum() else f"\\{character}" for character in name)
        parts = "".join(shlex.quote(name[start : start + 3]) for start in range(0, len(name), 3))
        spelled = self.one([shlex.quote(name)] * 6 + [json.dumps(name)] * 3 + [escaped, parts, name, f"'{name}"])
        return self.one(["profile "] * 24 + ["profile  ", "profile\t", "profiles ", ""]) + spelled

    def settings(self) -> list[str]:
        """The settings of a profile."""
        found = []
        choices: dict[str, tuple[float, list[str]]] = {
            "region": (0.93, REGIONS),
            "endpoint_url": (0.2, URLS),
            "services": (0.3, ["local"] * 12 + ["remote"]),
            "ignore_configured_endpoint_urls": (0.1, FLAGS),
            "use_fips_endpoint": (0.1, FLAGS),
            "use_dualstack_endpoint": (0.1, FLAGS),
            "retry_mode": (0.15, ["standard", "adaptive"] * 4 + ["legacy"]),
            "max_attempts": (0.15, ["2", "7", "9"] * 4 + ["0"]),
            "sdk_ua_app_id": (0.15, ["profile-desk", "a b"]),
            "output": (0.2, ["json"]),
        }
        for name, (share, values) in choices.items():
            if self.chance(share):
                found.append(self.setting(name, self.one(values)))
        if self.chance(0.2):
            found.append(self.setting("s3", "\n    max_concurrent_requests = 20\n    signature_version = s3v4"))
        return found + self.source()

    def source(self) -> list[str]:
        """Where the credentials of a profile come from, as far as no network is needed to tell."""
        choices: list[tuple[float, list[tuple[str, str]]]] = [
            (0.9, [("aws_access_key_id", self.one(["CONFIG"] * 14 + ["CONFIG # mine"])), ("aws_secret_access_key", "secret")]),
            (0.02, [("aws_access_key_id", "HALF")]),
            (0.15, [("credential_process", process(self.one([None, *EXPIRATIONS])))]),
            (0.01, [("credential_process", "false")]),
            (0.01, [("role_arn", "arn:aws:iam::1:role/r")]),
            (0.01, [("role_arn", "arn:aws:iam::1:role/r"), ("source_profile", "nobody")]),
            (0.01, [("role_arn", "r"), ("source_profile", "x"), ("credential_source", "Environment")]),
            (0.01, [("role_arn", "r"), ("credential_source", "Elsewhere")]),
            (0.01, [("sso_account_id", "111122223333")]),
            (0.03, [("sso_account_id", "1"), ("sso_role_name", "r"), ("sso_session", "nobody")]),
            (0.01, [("web_identity_token_file", "/nowhere")]),
        ]
        return [
            self.setting(name, value)
            for share, settings in choices
            if self.chance(share)
            for name, value in settings
        ]

    def services(self) -> list[str]:
        # One without settings is none for botocore.
        names = self.random.sample(["support", "security_ir", "sts"], self.random.randint(1, 3))
        return [self.setting(name, f"\n  endpoint_url = {self.one(URLS)}") for name in names]

    def credentials(self) -> str:
        sections = []
        for name in [*PROFILES, *ODD_NAMES, *(["DEFAULT"] if self.chance(0.2) else [])]:
            if self.chance(0.5):
                settings = [self.setting("aws_access_key_id", f"FILE-{name.split()[0].upper()}")]
                if self.chance(0.95):
                    settings.append(self.setting("aws_secret_access_key", "a secret = with # signs"))
                if self.chance(0.3):
                    settings.append(self.setting("aws_session_token", "file-token=="))
                if self.chance(0.1):
                    settings.append(self.setting("region", self.one(REGIONS)))
                sections.append((name, settings))
        return self.text(sections)

    def setting(self, name: str, value: str) -> str:
        name = name.upper() if self.chance(0.05) else name
        return name + self.one([" = ", "=", " =", ": ", "  =   "]) + value

    def text(self, sections: list[tuple[str, list[str]]]) -> str:
        """Writes the sections as different people would, and now and then wrongly."""
        lines = []
        for name, settings in sections:
            lines.append(f"[{name}]" + self.one(["", "", "  ", " ; a comment"]))
            seen = set()
            for setting in settings:
                key = setting.split("=")[0].split(":")[0].strip().lower()
                if key in seen and not self.chance(0.01):
                    continue
                seen.add(key)
                if self.chance(0.1):
                    lines.append(self.one(["# a comment", "; another", "", "  # indented"]))
                lines.append(setting)
            lines.append("")
        if self.chance(0.02):
            wrong = ["no value", "[unfinished", "[default]\n[default]", "= nothing", "s3 =\n  nested without a value"]
            lines.insert(self.random.randrange(len(lines) + 1), self.one(wrong))
        return "\n".join(lines) + "\n"
