"""The Model Context Protocol: what coding agents ask.

`server` makes the tools, `answers` what they answer with, `wording` the same as text; `stdio` and `http` are the two transports. Imported
where it is served only, for the SDK takes longer to import than most commands to run.
"""
