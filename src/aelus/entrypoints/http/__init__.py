"""The HTTP door: one table of operations (`operations.py`) makes the routes, the validation and the OpenAPI document."""
