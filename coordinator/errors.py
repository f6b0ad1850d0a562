"""Errors that mean something to a user. Everything else is a fault and gets an incident id."""

from collections.abc import Mapping


class DomainError(Exception):
    """A rule said no. `message` is shown to the user as it is (Indonesian)."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class FieldQuestion(str):
    """A message about a field that is no refusal: the form shows a tick "memang benar" with it."""

    is_question = True


class InvalidInput(DomainError):
    """Input breaks a rule; `fields` maps a form field's name to its message."""

    status = 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


class NotFound(DomainError):
    """It does not exist, or the viewer may not know that it does: the two look the same."""

    status = 404


class NotAllowed(DomainError):
    """The viewer may see it, but may not do this."""

    status = 403


class SignInNeeded(DomainError):
    """A form was sent without sign-in or a chosen access: ask for it, and keep the input."""

    status = 401


class Conflict(DomainError):
    """Somebody else changed it first, or its state no longer allows the act."""

    status = 409


class TooManyAttempts(DomainError):
    """The limiter said wait; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """The system cannot save now (locked, full or read-only storage)."""

    status = 503
