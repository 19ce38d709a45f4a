"""Services and their standards as data: whom to reach, how far, by which measure. Read from `layers/coverage/`."""
