"""Parsing with tree-sitter: language rooms as data, one engine that reads them, a pool of processes that runs it."""
