"""What Aelus does: one use case a module. Its ports come in at construction, its question in the one call.

No third-party package, no input or output of its own, no logging: the composition root wraps the use cases with what watches them.
"""
