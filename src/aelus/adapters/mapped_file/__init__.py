"""Counts that outlive their process: in files that are mapped into its memory, and that the system keeps when it is killed."""

from aelus.adapters.mapped_file.request_tally import MappedRequestTally

__all__ = ["MappedRequestTally"]
