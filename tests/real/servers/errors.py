"""What can go wrong with a real server."""


class ServerError(Exception):
    """A real server could not be installed, started or asked."""


class MissingToolError(ServerError):
    """A program that installs or runs the server is not on this machine."""


class ServerFailedError(ServerError):
    """The server ended, did not answer in time, or answered otherwise than it does in health."""
