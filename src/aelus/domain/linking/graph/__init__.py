"""Nodes and edges: what the solved program says."""
