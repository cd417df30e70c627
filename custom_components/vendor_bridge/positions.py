"""What can be told of things that open and close from how far they are open."""

from .entity import VendorBridgeEntity


def closed(entity: VendorBridgeEntity, position: float | None) -> bool | None:
    """Return whether it is closed: by its flag or word, else by its position (0 is closed)."""
    settled = entity.told("state") in {"open", "closed"}
    if "is_closed" in entity.entity.attributes or settled or position is None:
        return entity.says("closed")
    return position == 0
