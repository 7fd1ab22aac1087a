"""The OpenAPI document says everything, and every endpoint has an access rule."""

from collections.abc import Iterator
from typing import Any

from flask import Flask

from tests.webui.api.api_driver import Caller

READERS = {
    "public",
    "signed-in",
    "officer",
    "enterprise",
    "analyst",
    "control-centre",
    "administrator",
    "platform",
}


def document(app: Flask) -> dict[str, Any]:
    answer = Caller(app).get("/openapi.json")
    assert answer.status == 200
    return dict(answer.body)


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], list[dict[str, Any]]]]:
    """(path, method, operation, its parameters resolved)."""
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                listed = [*item.get("parameters", []), *operation.get("parameters", [])]
                yield path, method, operation, [resolve(spec, one) for one in listed]


def resolve(spec: dict[str, Any], thing: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in thing:
        found: Any = spec
        for step in thing["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        thing = found
    return thing


def references(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        if isinstance(thing.get("$ref"), str):
            yield thing["$ref"]
        for inner in thing.values():
            yield from references(inner)
    elif isinstance(thing, list):
        for inner in thing:
            yield from references(inner)


def test_the_document_is_openapi_3_and_its_references_lead_somewhere(app: Flask) -> None:
    spec = document(app)
    assert spec["openapi"].startswith("3.0.") and spec["info"]["title"] and spec["info"]["version"]
    assert all(resolve(spec, {"$ref": reference}) for reference in references(spec))
    assert spec["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_operation_tells_its_title_answer_errors_and_token(app: Flask) -> None:
    for path, method, operation, parameters in operations(document(app)):
        place = f"{method} {path}"
        assert operation["summary"] and not operation["summary"].isascii(), place
        assert operation["description"] and operation["tags"], place
        responses = operation["responses"]
        assert any(code.startswith("2") for code in responses), place
        assert {"429", "503"} <= set(responses), place
        assert all(r.get("description") for r in responses.values()), place
        assert ("401" in responses) or path == "/api/v1/openapi.json", place
        errors = [r for code, r in responses.items() if not code.startswith("2")]
        assert all("application/problem+json" in r["content"] for r in errors), place
        public = path == "/api/v1/token" and method == "post"
        assert operation["security"] == ([] if public else [{"token": []}]), place
        names = {(p["in"], p["name"]) for p in parameters}
        assert ("header", "Accept-Language") in names, place
        assert all(("path", name) in names for name in placeholders(path)), place
        assert all(p.get("description") and p.get("schema") for p in parameters), place
        assert len(names) == len(parameters), place


def placeholders(path: str) -> set[str]:
    return {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_every_post_tells_its_body_and_its_key(app: Flask) -> None:
    for path, method, operation, parameters in operations(document(app)):
        if method != "post":
            continue
        assert operation["requestBody"]["content"], path
        assert {"400", "413", "415", "422"} <= set(operation["responses"]), path
        if path != "/api/v1/token":
            assert "409" in operation["responses"], path
            assert "Idempotency-Key" in {p["name"] for p in parameters}, path


def test_every_field_has_a_title_in_chinese_and_a_description_in_english(app: Flask) -> None:
    for name, schema in document(app)["components"]["schemas"].items():
        for key, told in schema["properties"].items():
            title = told.get("title") or told.get("items", {}).get("title")
            assert title or "allOf" in told, f"{name}.{key}"
            if "allOf" not in told:
                assert told.get("description"), f"{name}.{key}"


def test_every_address_of_the_api_is_described(app: Flask) -> None:
    spec = document(app)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and rule.endpoint != "openapi":
            path = rule.rule.replace("<", "{").replace(">", "}")
            methods = {m.lower() for m in rule.methods or ()} - {"head", "options"}
            assert methods <= set(spec["paths"][path]), rule.rule


def test_every_endpoint_of_the_api_has_an_access_rule(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    assert len(rules) >= 17
    for rule in rules:
        readers = getattr(app.view_functions[rule.endpoint], "access_rule", ())
        assert readers and set(readers) <= READERS, f"{rule.rule} has no access rule"


def test_only_the_token_and_the_description_are_public(app: Flask) -> None:
    public = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        and "public" in getattr(app.view_functions[rule.endpoint], "access_rule", ())
    }
    assert public == {"/api/v1/token", "/api/v1/openapi.json"}
