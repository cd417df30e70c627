"""The client of vendors whose devices describe themselves."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
import json
import logging
from typing import Any, override

from .client import Context
from .described import properties, type_of
from .errors import ProfileError
from .model import Device
from .profile.client import ProfileClient
from .profile.loader import extend_profile
from .profile.plans import CompiledProfile, EntityPlan

_LOGGER = logging.getLogger(__name__)


class DescribedClient(ProfileClient):
    """Lists and reads as its profile says, and makes the entities of what each device tells."""

    def __init__(self, profile: CompiledProfile, context: Context) -> None:
        """Start knowing no description."""
        super().__init__(profile, context)
        self._made: dict[str, Sequence[EntityPlan]] = {}

    @abstractmethod
    def write_request(self, device: Device, name: str, value: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """Return the request that writes a property, as a profile would say it."""

    @override
    def plans_of(self, device: Device) -> Sequence[EntityPlan]:
        """Return the entities of a device, made once from each description."""
        told = device.data.get("properties")
        described = told if isinstance(told, Mapping) else {}
        found = list(properties(described))
        raw = type_of(found, lambda name, value: self.write_request(device, name, value))
        mark = json.dumps(raw, sort_keys=True)
        if mark not in self._made:
            self._made[mark] = [
                plan
                for platform, entities in raw.items()
                for key, entity in entities.items()
                for plan in self._compile(device, platform, key, entity)
            ]
        return self._made[mark]

    def _compile(
        self, device: Device, platform: str, key: str, entity: Mapping[str, Any]
    ) -> Sequence[EntityPlan]:
        """Return one entity, or none where what the device says of it can't be used."""
        described = {"described": {platform: {key: entity}}}
        try:
            return extend_profile(self.profile, described).types["described"]
        except ProfileError as error:
            _LOGGER.warning("%s: what is told of %s can't be used: %s", device.id, key, error)
            return ()
