"""Rows put by come back as they were, from a file nobody has to clean up."""

from pathlib import Path

import pyarrow as pa
import pytest

from gis_infra.errors import StorageError
from gis_infra.transfer.loading.spool import Spool

ROWS = pa.RecordBatch.from_pydict({"code": ["a", None, "ống"], "geom": [b"\x00", None, b""], "size": [1, 2, None]})


def test_rows_come_back_in_order(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Spool() as spool:
        for batch in (ROWS.slice(0, 0), ROWS.slice(0, 2), ROWS.slice(2, 1)):
            spool.add(batch)
        assert pa.Table.from_batches(list(spool.read())).combine_chunks() == pa.Table.from_batches([ROWS])
        assert spool.rows == 3
        assert list(tmp_path.iterdir()) == []


def test_of_nothing_nothing_comes_back():
    with Spool() as spool:
        spool.add(ROWS.slice(0, 0))
        assert (spool.rows, list(spool.read())) == (0, [])


def test_a_full_disk_is_told_with_its_folder():
    with Spool() as spool, Path("/dev/full").open("wb", buffering=0) as full:
        spool.close()
        spool.file = full
        with pytest.raises(
            StorageError, match=r"the folder for temporary files, /.*, cannot be written to: .*No space"
        ):
            spool.add(ROWS)
