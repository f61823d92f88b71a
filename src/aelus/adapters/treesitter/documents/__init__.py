"""Documents: Markdown, reStructuredText, plain text. Each kind is a folder of data, as a language is; `README.md` tells what is in it.

One engine reads the data and turns a file's bytes into the same `FileFacts` as code has: sections are its definitions, and what it says
of code is its references. What the names in it mean belongs to `domain.linking.graph.mentions`.
"""
