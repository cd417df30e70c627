"""Stands in for the package of this name, where it is missing: the demo hears nothing."""


class AudioProcessor:
    """Exists, so that it can be imported."""

    def __init__(self, *_settings: object) -> None:
        """Say what is missing."""
        raise NotImplementedError("pyspeex-noise is not installed")
