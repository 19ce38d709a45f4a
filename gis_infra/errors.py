"""The one family of errors this program raises on purpose.

The class says whose fault it is; the message says what was asked, what was found and what is allowed,
in words a caller may read; `where` names the parameter, or the file and line. Foreign errors are
translated into these at the border where they arise (`storage/faults.py`, `transfer/source.py`).

    GisInfraError
    ├── CallerError            the request cannot be served as it was put      (HTTP 400, exit 2)
    │   ├── InvalidBbox, InvalidCrs, InvalidFeature, InvalidParameter, InvalidSource, UnknownProperty
    │   ├── NotAcceptable, UnsupportedMediaType                                (406, 415)
    ├── MissingError           what was asked for is not here, or may not be seen (404)
    │   ├── UnknownLayer, UnknownFeature, UnknownImport, UnknownProcess, UnknownJob, UnknownLock, ResultNotReady
    ├── RefusedError           the caller is known, or not yet, and may not       (401, 403)
    │   ├── SignInNeeded, NotPermitted
    ├── ConflictError          what is there stands against it                    (409)
    │   ├── StaleVersion                                                          (412)
    │   ├── FeatureLocked, LockedByAnother                                        (423)
    │   ├── CannotLock, LockExpired
    ├── BusyError              a limit of time or load was hit                    (503)
    └── OurError               set-up or code is at fault                         (500)
        ├── SettingError, LayerFileError, StorageError
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong with one of several features sent at once.

    index: which of them, from 0. field: the property, or "geometry". value: what was found, as text, "" for nothing.
    reason: what is wrong and what is allowed.
    """

    index: int
    field: str
    value: str
    reason: str

    def __str__(self) -> str:
        found = f" {self.value!r}" if self.value else ""
        return f"feature {self.index}: {self.field}{found} {self.reason}"


class GisInfraError(Exception):
    """Something this program refuses or fails to do, in words a caller may read.

    faults: all that is wrong, one by one, where features were sent; the message names the first.
    """

    def __init__(self, message: str, *, where: str = "", faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.faults = faults


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


class InvalidFeature(CallerError):
    """A feature is not as its layer allows; `faults` has all that is wrong."""


class UnsupportedMediaType(CallerError):
    """A body is of a type that is not read here."""


class NotAcceptable(CallerError):
    """None of the types the caller takes can be made here."""


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


class UnknownLock(MissingError):
    """There is no lock of that id that is the caller's."""


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


class StaleVersion(ConflictError):
    """A feature is no longer as the caller last saw it."""


class FeatureLocked(ConflictError):
    """Somebody holds the feature by a lock that was not presented."""


class LockedByAnother(FeatureLocked):
    """A lock was presented, and it is another one that holds the feature."""


class CannotLock(ConflictError):
    """Not all the features can be locked that shall be locked together."""


class LockExpired(ConflictError):
    """A lock has ended before it was used."""


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
