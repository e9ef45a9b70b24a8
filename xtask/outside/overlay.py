"""What the overlay of our client says about the members of requests, where botocore has code of its own for them."""

import json
from pathlib import Path
from typing import Any

from botocore.model import OperationModel

from messages import Settings

# Another region of the same partition: botocore writes it into the host in place of the client's.
OTHER_REGIONS = {"us-gov-west-1": "us-gov-east-1", "cn-north-1": "cn-northwest-1"}
OTHER_REGION = "ap-southeast-2"
# Botocore takes it for a host whatever it is.
ENDPOINT = "https://realtime.example.com"


class Overlay:
    """The statements about members, by `Shape$member`."""

    def __init__(self, path: Path) -> None:
        shapes = json.loads(path.read_text("utf-8"))["shapes"]
        self.traits = {place.split("#")[-1]: shape.get("traits", {}) for place, shape in shapes.items()}
        blobs = {place for place, shape in shapes.items() if shape["type"] == "blob"}
        self.bytes = {place for place, traits in self.traits.items() if traits.get("attache#memberTarget") in blobs}

    def meant(self, operation: OperationModel, parameters: dict[str, Any], settings: Settings) -> dict[str, Any]:
        """Parameters in which the name of a region to copy from and an endpoint are meant so, as botocore does not check
        them; and without some of the members that both clients have a value for."""
        other = OTHER_REGIONS.get(settings.region, OTHER_REGION)
        meant = {}
        for name, value in parameters.items():
            traits = self.traits.get(place(operation, name), {})
            if "attache#presignedCopy" in traits:
                meant[name] = other
            elif "attache#endpoint" in traits:
                meant[name] = ENDPOINT
            elif "attache#labelDefault" not in traits or len(value) % 3:
                meant[name] = value
        return meant

    def ours(self, operation: OperationModel, parameters: dict[str, Any]) -> dict[str, Any]:
        """Parameters as our client takes them: texts that botocore encodes in base64 are bytes."""
        return {
            name: value.encode() if place(operation, name) in self.bytes and isinstance(value, str) else value
            for name, value in parameters.items()
        }


def place(operation: OperationModel, member: str) -> str:
    shape = operation.input_shape
    return f"{shape.name if shape else ''}${member}"
