"""Macros by example: rules of patterns and of what stands in the place of what they match.

An invocation of a macro that the same file defines is read as what the macro makes of it. Macros of other files are not: facts depend on
the bytes of one file alone.
"""
