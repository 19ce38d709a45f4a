"""Locks that people hold on features while they work at them, kept in the database so that all servers agree.

A lock is somebody's, has an id that only they are told, and ends at a moment by the clock of the database. One that has
ended holds nothing, whether or not anybody took it away. Rows are always locked before the locks on them are looked at,
layer by layer and id by id, so that whoever has the row reads what the last one left.
"""
