"""What the API refuses, each with its status and its code."""

from collections.abc import Mapping
from typing import Any, ClassVar


class AcmeError(Exception):
    """A refusal: the ``message`` is for people, the ``code`` for programs."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(
        self, message: str, *, field: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Return the body of the answer."""
        error = {"code": self.code, "message": self.message}
        if self.field is not None:
            error["field"] = self.field
        return {"error": error}


class MalformedBodyError(AcmeError):
    """The body is no JSON."""

    status = 400
    code = "malformed_body"


class InvalidCursorError(AcmeError):
    """The cursor did not come from an earlier answer."""

    status = 400
    code = "invalid_cursor"


class WrongCredentialsError(AcmeError):
    """The email and password do not belong together."""

    status = 401
    code = "wrong_credentials"


class InvalidRefreshTokenError(AcmeError):
    """The refresh token is unknown, used or revoked."""

    status = 401
    code = "invalid_refresh_token"


class MissingTokenError(AcmeError):
    """The request has no bearer token."""

    status = 401
    code = "missing_token"


class InvalidTokenError(AcmeError):
    """The access token is unknown or revoked."""

    status = 401
    code = "invalid_token"


class TokenExpiredError(AcmeError):
    """The access token was good once."""

    status = 401
    code = "token_expired"


class WrongCodeError(AcmeError):
    """The device is guarded by a code, and this is not it."""

    status = 403
    code = "wrong_code"


class UnknownDeviceError(AcmeError):
    """The account has no such device."""

    status = 404
    code = "unknown_device"


class UnknownCommandError(AcmeError):
    """There is no such command, or it is too old."""

    status = 404
    code = "unknown_command"


class UnknownTaskError(AcmeError):
    """There is no such task, or it is too old."""

    status = 404
    code = "unknown_task"


class UnknownItemError(AcmeError):
    """The list has no such item."""

    status = 404
    code = "unknown_item"


class NoPictureError(AcmeError):
    """The device has no picture to show."""

    status = 404
    code = "no_picture"


class NoForecastError(AcmeError):
    """The device knows nothing of the weather to come."""

    status = 404
    code = "no_forecast"


class NoListError(AcmeError):
    """The device keeps no list."""

    status = 404
    code = "no_list"


class NoMeterError(AcmeError):
    """The device does not measure energy."""

    status = 404
    code = "no_meter"


class DeviceOfflineError(AcmeError):
    """The device cannot be reached just now."""

    status = 409
    code = "device_offline"


class DeviceBusyError(AcmeError):
    """The device does something else just now."""

    status = 409
    code = "device_busy"


class NoChargerError(AcmeError):
    """The device does not charge."""

    status = 404
    code = "no_charger"


class UnknownPlanError(AcmeError):
    """There is no plan with that id."""

    status = 404
    code = "unknown_plan"


class OutdatedError(AcmeError):
    """What it was made from has changed since."""

    status = 409
    code = "outdated"


class DeviceLockedError(AcmeError):
    """The device obeys nobody while its child lock is on."""

    status = 409
    code = "device_locked"


class DeviceExistsError(AcmeError):
    """The serial is taken."""

    status = 409
    code = "device_exists"


class BodyTooLargeError(AcmeError):
    """The body is larger than any that makes sense."""

    status = 413
    code = "body_too_large"


class UnknownFieldError(AcmeError):
    """The body or query has something that the device does not know."""

    status = 422
    code = "unknown_field"


class InvalidValueError(AcmeError):
    """A value is of the wrong type or out of range."""

    status = 422
    code = "invalid_value"


class RateLimitedError(AcmeError):
    """Too many requests."""

    status = 429
    code = "rate_limited"
