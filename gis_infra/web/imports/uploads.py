"""Files handed in: taken, looked into, deleted. An upload is there for whoever handed it in, and for nobody else.

The body goes straight into files of the upload's folder; what is too large is refused before it is read, or as soon as
it shows.
"""

import errno
from functools import partial
from http import HTTPStatus
from typing import IO, Any

from flask import Response, request
from sqlalchemy import func, select
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from gis_infra.errors import BusyError, ConflictError, InvalidParameter
from gis_infra.processes.jobs.records import OPEN
from gis_infra.processes.jobs.tables import JOB
from gis_infra.processes.uploads import previewing, receiving, store
from gis_infra.processes.uploads.receiving import Draft
from gis_infra.processes.uploads.store import Upload
from gis_infra.storage.transactions import reading
from gis_infra.web.actors import get_actor
from gis_infra.web.addresses import get_origin
from gis_infra.web.context import get_services
from gis_infra.web.imports.answers import answer
from gis_infra.web.places import place
from gis_infra.web.wording import say_all

FIELD = "file"
MEGABYTE = 1_000_000
MOST_FORM_BYTES = 500_000  # of fields that are no files; werkzeug counts what it has not written yet as one
MOST_PARTS = receiving.MOST_FILES + 10


def take_upload() -> Response:
    """Take the files of the form field `file`; 201 and what they are called from now on.

    Raises SignInNeeded, NotPermitted, InvalidSource, ConflictError for one upload too many, BusyError for a full disk
    or while as many files as may be are coming in; 413 for what is too large.
    """
    services = get_services()
    person_id = receiving.require_importer(get_actor(), services.catalogue)
    request.max_content_length = services.settings.upload_limit_mb * MEGABYTE
    if request.mimetype != "multipart/form-data":
        raise InvalidParameter(f"hand the files in as multipart/form-data, field {FIELD!r}", where=FIELD)
    with (
        place("upload", "taken in"),
        receiving.receiving(services.settings, person_id, request.content_length or 0) as draft,
    ):
        read_body(draft)
        draft.close()
        upload = receiving.finish(services.settings, draft)
    made = answer(describe(upload), HTTPStatus.CREATED)
    made.headers["Location"] = f"{get_origin()}/imports/uploads/{upload.id}"
    return made


def read_body(draft: Draft) -> None:
    """Write the files of the request's body into a draft.

    Raises InvalidParameter for a body that is no form, BusyError when the disk is full, RequestEntityTooLarge.
    """
    try:
        parser = FormDataParser(
            partial(open_part, draft),
            max_form_memory_size=MOST_FORM_BYTES,
            max_form_parts=MOST_PARTS,
            silent=False,
        )
        parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    except RequestEntityTooLarge:
        limit = get_services().settings.upload_limit_mb
        raise RequestEntityTooLarge(f"an upload has at most {limit:,} MB and {receiving.MOST_FILES} files") from None
    except ValueError as error:
        raise InvalidParameter(f"the body is no form as multipart/form-data has it: {error}", where="body") from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise BusyError("the server's disk has no room for this upload; tell who runs it", where=FIELD) from error


def open_part(
    draft: Draft,
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> IO[bytes]:
    """Where the form's next file is written; werkzeug hands all but the draft over by name. Raises InvalidSource."""
    return draft.open(filename or "")


def show_uploads() -> Response:
    """The caller's uploads, oldest first. Raises SignInNeeded, NotPermitted."""
    services = get_services()
    receiving.require_importer(get_actor(), services.catalogue)
    return answer({"uploads": [describe(each) for each in store.list_uploads(services.settings, get_actor())]})


def show_upload(upload_id: str) -> Response:
    """An upload and what is in it. Raises MissingError, InvalidSource, BusyError."""
    services, actor = get_services(), get_actor()
    upload = get_mine(upload_id)
    allowed = [each.id for each in services.catalogue.layers.values() if actor.is_allowed("import", each)]
    with place("preview", "looked into"):
        layers = previewing.preview(services.settings, upload, allowed)
    return answer({**describe(upload), "layers": say_all(layers)})


def remove_upload(upload_id: str) -> Response:
    """Delete an upload. Raises MissingError, ConflictError while a job needs it."""
    services = get_services()
    upload = get_mine(upload_id)
    needed = select(func.count()).where(JOB.c.status.in_(OPEN), JOB.c.inputs["upload"].astext == upload.id)
    with reading(services.engine) as connection:
        if connection.execute(needed).scalar_one():
            raise ConflictError("a job that waits or runs needs this upload; dismiss it first", where="upload")
    store.remove(services.settings, upload.id)
    return Response(status=HTTPStatus.NO_CONTENT)


def get_mine(upload_id: str) -> Upload:
    """The caller's upload. Raises SignInNeeded, NotPermitted, MissingError."""
    services = get_services()
    receiving.require_importer(get_actor(), services.catalogue)
    return store.get_upload(services.settings, get_actor(), upload_id)


def describe(upload: Upload) -> dict[str, Any]:
    """What is told of an upload."""
    return {
        "id": upload.id,
        "name": upload.name,
        "bytes": upload.bytes,
        "files": list(upload.files),
        "imported": list(upload.imported),
        "created": upload.created,
        "expires": upload.expires,
    }
