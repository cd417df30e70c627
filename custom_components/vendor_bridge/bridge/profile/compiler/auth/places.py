"""Where a credential goes, besides where requests name it."""

from typing import Protocol

from ....http.auth import Place, Where


class Placed(Protocol):
    """A declared way to sign in whose credential has a place."""

    @property
    def place(self) -> str:
        """Return the part of the request, or "none"."""
        ...

    @property
    def name(self) -> str:
        """Return the name of the header, parameter or cookie."""
        ...

    @property
    def prefix(self) -> str:
        """Return what stands before it."""
        ...


def place_of(spec: Placed) -> Place | None:
    """Return the place; None where only requests name it."""
    if spec.place == "none":
        return None
    return Place(Where(spec.place), spec.name, spec.prefix)
