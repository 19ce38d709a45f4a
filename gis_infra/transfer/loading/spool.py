"""Rows put by on disk until the file is through, so that no file is too large for the memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pyarrow as pa

from gis_infra.errors import StorageError

OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


class Spool:
    """Arrow batches in a file without a name, which is gone when it is closed and also when the process is killed."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self.writer: pa.RecordBatchStreamWriter | None = None
        self.rows = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def add(self, batch: pa.RecordBatch) -> None:
        """Put more rows by, all with the same columns. Raises StorageError when the disk is full."""
        if batch.num_rows == 0:
            return
        with translated():
            if self.writer is None:
                self.writer = pa.ipc.new_stream(pa.PythonFile(self.file, mode="w"), batch.schema, options=OPTIONS)
            self.writer.write_batch(batch)
        self.rows += batch.num_rows

    def read(self) -> Iterator[pa.RecordBatch]:
        """All rows that were put by, in order; none are added afterwards."""
        if self.writer is None:
            return
        with translated():
            self.writer.close()
            self.file.seek(0)
        yield from pa.ipc.open_stream(pa.PythonFile(self.file, mode="r"))


@contextmanager
def translated() -> Iterator[None]:
    """Run a block; a disk that is full comes out as StorageError."""
    try:
        yield
    except OSError as error:
        folder = tempfile.gettempdir()
        raise StorageError(f"the folder for temporary files, {folder}, cannot be written to: {error}") from error
