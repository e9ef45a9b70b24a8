"""Brings the models of services as a release of botocore had them.

models.py FOLDER RELEASE SERVICE… downloads the release and puts its __init__.py, which says its number, and the data of the
services below FOLDER/RELEASE/botocore. What is there already is not downloaded again. Without a release, the data
folder of the botocore that is installed is printed.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def main() -> None:
    if len(sys.argv) == 1:
        import botocore

        print(Path(botocore.__file__).parent / "data")
        return
    folder, release, *services = sys.argv[1:]
    place = Path(folder) / release
    wanted = [f"botocore/data/{service}/" for service in services]
    # The release's number comes last, so that it says that all is there.
    done = place / "botocore/__init__.py"
    if done.exists() and all((place / name).is_dir() for name in wanted):
        return
    with tempfile.TemporaryDirectory() as download:
        command = ["-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--no-deps"]
        subprocess.run(
            [sys.executable, *command, "--only-binary=:all:", "--dest", download, f"botocore=={release}"],
            check=True,
        )
        (wheel,) = Path(download).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith(tuple(wanted))]
            archive.extractall(place, names)
            for name in wanted:
                if not (place / name).is_dir():
                    sys.exit(f"botocore {release} has no {name}")
            archive.extract("botocore/__init__.py", place)


main()
