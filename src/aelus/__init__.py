"""Aelus: self-hosted code intelligence."""
