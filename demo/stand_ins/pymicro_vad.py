"""Stands in for the package of this name, where it is missing: the demo hears nothing."""


class MicroVad:
    """Exists, so that it can be imported."""

    def __init__(self) -> None:
        """Say what is missing."""
        raise NotImplementedError("pymicro-vad is not installed")
