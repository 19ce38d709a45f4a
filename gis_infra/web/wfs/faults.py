"""What only a WFS refuses: errors that its reports have a code of their own for."""

from gis_infra import errors


class MissingParameter(errors.InvalidParameter):
    """A parameter the operation cannot do without is not there."""


class UnknownOperation(errors.CallerError):
    """The service has no operation of that name."""


class VersionNotSpoken(errors.InvalidParameter):
    """None of the versions the client accepts is spoken here."""


class UnreadableRequest(errors.CallerError):
    """The body cannot be understood as a request."""


class InvalidValue(errors.InvalidFeature):
    """What a transaction sends is no feature of any type here, or not what a property takes."""


class ActionRefused(errors.CallerError):
    """An action of a transaction can be read, and cannot be carried out."""


class DuplicateStoredQuery(errors.ConflictError):
    """There is a stored query of that id."""


class DuplicateStoredQueryParameter(errors.ConflictError):
    """A stored query has two parameters of one name."""
