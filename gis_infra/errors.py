"""The one family of errors this program raises on purpose.

The class says whose fault it is; the message says what was asked, what was found and what is allowed,
in words a caller may read; `where` names the parameter, or the file and line. Foreign errors are
translated into these at the border where they arise (`storage/faults.py`, `transfer/source.py`).

    GisInfraError
    ├── CallerError            the request cannot be served as it was put      (HTTP 400, exit 2)
    │   ├── InvalidBbox, InvalidCrs, InvalidParameter, InvalidSource, UnknownProperty
    ├── MissingError           what was asked for is not here, or may not be seen (404)
    │   ├── UnknownLayer, UnknownFeature, UnknownImport, UnknownProcess, UnknownJob, ResultNotReady
    ├── RefusedError           the caller is known, or not yet, and may not       (401, 403)
    │   ├── SignInNeeded, NotPermitted
    ├── ConflictError          what is there stands against it                    (409)
    ├── BusyError              a limit of time or load was hit                    (503)
    └── OurError               set-up or code is at fault                         (500)
        ├── SettingError, LayerFileError, StorageError
"""


class GisInfraError(Exception):
    """Something this program refuses or fails to do, in words a caller may read."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where


class CallerError(GisInfraError):
    """The request cannot be served as it was put."""


class InvalidParameter(CallerError):
    """A parameter has a value that is not allowed."""


class InvalidBbox(CallerError):
    """A bbox is not four ordered numbers."""


class InvalidCrs(CallerError):
    """A coordinate reference system is unknown or not offered here."""


class UnknownProperty(CallerError):
    """A layer has no property of that name."""


class InvalidSource(CallerError):
    """A file handed in cannot be read as geographic data."""


class MissingError(GisInfraError):
    """What was asked for is not here, or may not be seen; the two are told alike."""


class UnknownLayer(MissingError):
    """There is no layer of that id that the caller may see."""


class UnknownFeature(MissingError):
    """The layer holds no feature of that id that the caller may see."""


class UnknownImport(MissingError):
    """There is no import of that number that the caller may see."""


class UnknownProcess(MissingError):
    """There is no process of that id."""


class UnknownJob(MissingError):
    """There is no job of that id that the caller asked for."""


class ResultNotReady(MissingError):
    """A job has no result, because it is not finished or was dismissed."""


class RefusedError(GisInfraError):
    """The caller may not do this."""


class SignInNeeded(RefusedError):
    """Nobody is signed in, or the credentials are wrong."""


class NotPermitted(RefusedError):
    """Somebody is signed in, and may not do this."""


class ConflictError(GisInfraError):
    """What is already there stands against the request."""


class BusyError(GisInfraError):
    """A limit of time or load was hit; trying again later may help."""


class OurError(GisInfraError):
    """The set-up or the code is at fault, not the caller."""


class SettingError(OurError):
    """A setting has a value that is not allowed."""


class LayerFileError(OurError):
    """A file in `layers/` is wrong; `where` is "file:line"."""


class StorageError(OurError):
    """The database cannot be had, or refused what should have worked."""
