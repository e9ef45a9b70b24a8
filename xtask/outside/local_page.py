"""Runs what docs/local-services.md shows: its blocks `sh` in one shell, and its blocks `python` as one program.

Arguments: the URL of the server; the key and the secret are those of the page. The blocks of Go are compiled and run
where Go is installed and its modules can be downloaded; otherwise this says that they were left out.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/local-services.md"
# The URL of the page; each run has a server on another port.
SHOWN = "http://127.0.0.1:4500"
PROGRAMS = {"sh": ["bash", "-e", "-u", "-c"], "python": [sys.executable, "-c"]}


def blocks(language: str) -> str:
    """All blocks of the page in a language, one after the other."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"the page has no block `{language}`"
    return "\n".join(found)


def settings(url: str) -> dict[str, str]:
    """The environment with the variables of the page, and nothing of the user's configuration."""
    exported = dict(re.findall(r"^export (AWS_\w+)=(\S+)$", blocks("sh"), re.MULTILINE))
    assert exported, "the page exports no variables"
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    given = {name: value.replace(SHOWN, url) for name, value in exported.items()}
    beside = str(Path(sys.executable).parent)
    return own | given | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
        "PATH": os.pathsep.join([beside, own.get("PATH", "")]),
    }


def run(name: str, command: list[str], environment: dict[str, str], folder: str | None = None) -> bool:
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=folder
    )
    print(f"the page: {name} {'runs' if ended.returncode == 0 else 'fails'}")
    if ended.returncode != 0:
        print(ended.stdout + ended.stderr)
    for expected in ["My instance", "Active"] if name == "sh" else []:
        if expected not in ended.stdout.splitlines():
            print(f"the page: {name} did not print {expected}:\n{ended.stdout}")
            return False
    return ended.returncode == 0


def go(environment: dict[str, str]) -> bool:
    if shutil.which("go") is None:
        print("the page: the blocks of Go were left out, because Go is not installed")
        return True
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.go").write_text(blocks("go"))
        begin, tidy = ["go", "mod", "init", "example.com/page"], ["go", "mod", "tidy"]
        here = {"env": environment, "cwd": folder, "capture_output": True, "text": True}
        subprocess.run(begin, check=True, **here)
        if "dial tcp" in subprocess.run(tidy, check=False, **here).stderr:
            print("the page: the blocks of Go were left out, because their modules cannot be downloaded")
            return True
        steps = [tidy, ["go", "run", "."]]
        return all(run(" ".join(step), step, environment, folder) for step in steps)


def main() -> int:
    url = sys.argv[1]
    environment = settings(url)
    ran = [
        run(language, [*command, blocks(language).replace(SHOWN, url)], environment)
        for language, command in PROGRAMS.items()
    ]
    return 0 if all(ran) and go(environment) else 1


if __name__ == "__main__":
    sys.exit(main())
