"""Use cases: one a file, their ports in `__init__`, one `__call__`."""
