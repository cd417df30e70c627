"""The library of profiles: which vendors there are, and what is wrong with those that aren't."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util.hass_dict import HassKey

from .bridge.errors import BridgeError, Mistake, ProfileError
from .bridge.profile.loader import CompiledProfile
from .const import CONF_VENDOR, DOMAIN, LOGGER
from .profile_extensions import OwnExtension, read_extensions
from .profile_files import (
    LoadedProfile,
    Origin,
    OwnFile,
    bundled_names,
    bundled_vendors,
    load_bundled,
    read_own,
)
from .profile_issues import async_report_files, async_report_missing

FOLDER: Final = DOMAIN
"""Where the user's own profiles are, below Home Assistant's configuration."""
WRONG: Final = "wrong"
"""Stands for the digest of a profile that cannot be used."""


class UnknownVendorError(BridgeError):
    """There is no profile for a vendor that could be used.

    ``mistakes`` is empty where there is none at all, else it says why the one there is cannot be.
    """

    def __init__(self, vendor: str, mistakes: Sequence[Mistake] = ()) -> None:
        """Remember which vendor, and what is wrong with its profile."""
        why = f"the profile of {vendor!r} has mistakes: {mistakes[0]}" if mistakes else None
        super().__init__(why or f"there is no profile for {vendor!r}")
        self.vendor = vendor
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorChoice:
    """A vendor that can be chosen. ``file`` names the user's own profile where it is one."""

    id: str
    name: str
    origin: Origin
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadResult:
    """What loading anew has brought.

    ``changed`` and ``gone`` hold vendor ids: whose profile is another one now, or is new, and who
    has none any more; ``mistakes`` maps the names of the user's files that cannot be used to why.
    ``reloaded`` holds the ids of the accounts that start anew.
    """

    changed: Sequence[str] = ()
    gone: Sequence[str] = ()
    mistakes: Mapping[str, Sequence[Mistake]] = field(default_factory=dict)
    reloaded: Sequence[str] = ()


class ProfileLibrary:
    """All profiles. The bundled ones are read when they are asked for, the user's all at once."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Know where the profiles are; none is read yet."""
        self._hass = hass
        self._folder = Path(hass.config.path(FOLDER))
        self._lock = asyncio.Lock()
        self._loaded = False
        self._vendors: frozenset[str] = frozenset()
        self._names: Mapping[str, str] | None = None
        self._bundled: dict[str, LoadedProfile | ProfileError] = {}
        self.files: Mapping[str, OwnFile] = {}
        self.extensions: Mapping[str, OwnExtension] = {}
        self._extended: Mapping[str, LoadedProfile] = {}

    @property
    def bundled(self) -> frozenset[str]:
        """Return the ids of the vendors whose profiles the suite ships."""
        return self._vendors

    async def async_load(self) -> None:
        """Read the user's profiles, unless that has been done."""
        async with self._lock:
            if self._loaded:
                return
            await self._async_read()
            self._loaded = True
            async_dispatcher_connect(
                self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
            )

    async def async_reload(self, starting: ConfigEntry | None = None) -> ReloadResult:
        """Read the user's profiles anew; accounts whose profile is another one now start anew.

        One that is ``starting`` just now does so already.
        """
        async with self._lock:
            before = self._digests()
            await self._async_read()
            after = self._digests()
        touched = {
            vendor
            for vendor in before.keys() | after.keys()
            if before.get(vendor) != after.get(vendor) and after.get(vendor) != WRONG
        }
        gone = touched - after.keys() - self._vendors
        reloaded = []
        for entry in self._hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        ):
            if entry.data[CONF_VENDOR] in touched and entry is not starting:
                self._hass.config_entries.async_schedule_reload(entry.entry_id)
                reloaded.append(entry.entry_id)
        return ReloadResult(
            changed=sorted(touched - gone),
            gone=sorted(gone),
            mistakes=self.mistakes(),
            reloaded=reloaded,
        )

    async def async_get(self, vendor: str) -> LoadedProfile:
        """Return the profile of a vendor that is in use. Raises UnknownVendorError."""
        if extended := self._extended.get(vendor):
            return extended
        if own := self._own().get(vendor):
            return own
        if file := self._wrong().get(vendor):
            raise UnknownVendorError(vendor, file.mistakes)
        if vendor not in self._vendors:
            raise UnknownVendorError(vendor)
        if vendor not in self._bundled:
            self._bundled[vendor] = await self._hass.async_add_executor_job(_bundled, vendor)
        loaded = self._bundled[vendor]
        if isinstance(loaded, ProfileError):
            raise UnknownVendorError(vendor, loaded.mistakes)
        return loaded

    async def async_vendors(self) -> list[VendorChoice]:
        """Return the vendors that can be chosen, by name."""
        if self._names is None:
            self._names = await self._hass.async_add_executor_job(bundled_names, self._vendors)
        choices = {
            vendor: VendorChoice(id=vendor, name=name, origin="bundled")
            for vendor, name in self._names.items()
        }
        choices |= {
            vendor: VendorChoice(id=vendor, name=own.profile.name, origin="own", file=own.file)
            for vendor, own in self._own().items()
        }
        return sorted(choices.values(), key=lambda choice: (choice.name.casefold(), choice.id))

    def mistakes(self) -> dict[str, Sequence[Mistake]]:
        """Return why files of the user's cannot be used, by their names."""
        files: list[OwnFile | OwnExtension] = [*self.files.values(), *self.extensions.values()]
        return {file.name: file.mistakes for file in files if file.mistakes}

    def _own(self) -> dict[str, LoadedProfile]:
        return {
            file.in_use.profile.id: file.in_use
            for file in self.files.values()
            if file.in_use is not None
        }

    def _wrong(self) -> dict[str, OwnFile]:
        """Return the files that leave their vendor without a profile.

        The bundled one is no substitute for one that was to take its place: what it does not know
        would be taken for gone.
        """
        return {
            file.head.vendor: file
            for file in self.files.values()
            if file.mistakes
            and file.head.vendor is not None
            and (file.head.override or file.head.vendor not in self._vendors)
        }

    def _digests(self) -> dict[str, str]:
        return (
            dict.fromkeys(self._wrong(), WRONG)
            | {vendor: own.digest for vendor, own in self._own().items()}
            | {vendor: extended.digest for vendor, extended in self._extended.items()}
        )

    async def _async_read(self) -> None:
        if not self._loaded:
            self._vendors = await self._hass.async_add_executor_job(bundled_vendors)
        self.files = await self._hass.async_add_executor_job(
            read_own, self._folder, self._vendors, self.files
        )
        self.extensions, self._extended = await self._hass.async_add_executor_job(
            read_extensions,
            self._folder,
            self._base,
            self.extensions,
            self._vendors | self._own().keys(),
        )
        async_report_files(self._hass, {**self.files, **self.extensions})
        self._report_missing()

    def _base(self, vendor: str) -> LoadedProfile | None:
        """Return the profile that a user's file adds to, None where it has mistakes. Blocks.

        Raises KeyError where there is none.
        """
        if own := self._own().get(vendor):
            return own
        if vendor in self._wrong():
            return None
        if vendor not in self._vendors:
            raise KeyError(vendor)
        if vendor not in self._bundled:
            self._bundled[vendor] = _bundled(vendor)
        found = self._bundled[vendor]
        return None if isinstance(found, ProfileError) else found

    @callback
    def _report_missing(self) -> None:
        known = self._vendors | self._digests().keys()
        entries = self._hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        )
        async_report_missing(
            self._hass,
            {
                entry.data[CONF_VENDOR]: entry.title
                for entry in entries
                if entry.data[CONF_VENDOR] not in known
            },
        )

    @callback
    def _async_entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Stop asking for a profile that nobody needs any more."""
        if entry.domain == DOMAIN and change is not ConfigEntryChange.UPDATED:
            self._report_missing()


LIBRARY: Final[HassKey[ProfileLibrary]] = HassKey(f"{DOMAIN}.profiles")


async def async_get_library(hass: HomeAssistant) -> ProfileLibrary:
    """Return the library, with the user's profiles read."""
    if LIBRARY not in hass.data:
        hass.data[LIBRARY] = ProfileLibrary(hass)
    library = hass.data[LIBRARY]
    await library.async_load()
    return library


async def async_get_profile(
    hass: HomeAssistant, vendor_id: str, *, starting: ConfigEntry | None = None
) -> CompiledProfile:
    """Return the profile of a vendor. Raises UnknownVendorError.

    An account that is ``starting`` gets it as it is in the user's file now, so that whoever has
    changed a profile only has to reload an account. While Home Assistant itself starts, they have
    only just been read.
    """
    library = await async_get_library(hass)
    if starting is not None and hass.state is CoreState.running:
        await library.async_reload(starting)
    return (await library.async_get(vendor_id)).profile


async def async_vendors(hass: HomeAssistant) -> list[VendorChoice]:
    """Return the vendors that can be chosen, sorted by name."""
    library = await async_get_library(hass)
    return await library.async_vendors()


async def async_reload_profiles(hass: HomeAssistant) -> ReloadResult:
    """Read the user's profiles anew, and start the accounts anew whose profile is another now.

    A profile that has mistakes changes nothing for the accounts that use it: the last good one
    stays in use, and a repair issue says what is wrong.
    """
    library = await async_get_library(hass)
    return await library.async_reload()


def _bundled(vendor: str) -> LoadedProfile | ProfileError:
    try:
        return load_bundled(vendor)
    except ProfileError as error:
        LOGGER.error("The bundled profile of %s has mistakes: %s", vendor, error)
        return error
