from __future__ import annotations

from openapi_spec_validator import OpenAPIV31SpecValidator

from aelus.entrypoints.http.openapi import openapi_document
from aelus.entrypoints.http.operations import OPERATIONS


def test_the_document_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(openapi_document()).validate()


def test_every_operation_has_its_own_name() -> None:
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)


def test_every_operation_is_described() -> None:
    described = [operation for methods in openapi_document()["paths"].values() for operation in methods.values()]
    assert len(described) == len(OPERATIONS)


def test_path_parameters_are_told_from_those_of_the_query() -> None:
    callers = openapi_document()["paths"]["/api/v1/nodes/{node_id}/callers"]["get"]
    assert {given["name"]: given["in"] for given in callers["parameters"]} == {"node_id": "path", "limit": "query"}


def test_unknown_fields_are_refused_by_the_schema() -> None:
    assert openapi_document()["components"]["schemas"]["Search"]["additionalProperties"] is False
