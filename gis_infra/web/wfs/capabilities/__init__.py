"""GetCapabilities: what the service can do and which types the actor may see, one module a version.

It says nothing that is not so. Only `answering` knows the database.
"""
