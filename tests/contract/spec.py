"""Bungie's published spec as a judge of replies."""

import json

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

URI = "urn:bungie"
# Sent by the real service (in the captures too), but missing from the spec.
UNDOCUMENTED = {
    "Destiny.Entities.Items.DestinyItemComponent": {"dismantlePermission": {"type": "integer"}},
    "Destiny.Definitions.DestinyItemInventoryBlockDefinition": {"nonTransferrableOriginal": {"type": "boolean"}},
}
# In every definition of the real content files.
BESIDES_THE_SPEC = {"blacklisted"}
# The spec says string/byte; the captures show numbers.
BYTE = {"type": "integer", "minimum": 0, "maximum": 255}


class Spec:
    """Every property has to be one that the spec knows, with the spec's type."""

    def __init__(self, file):
        self.document = json.loads(file.read_text())
        for name, more in UNDOCUMENTED.items():
            self.document["components"]["schemas"][name]["properties"] |= more
        resource = Resource.from_contents(as_json_schema(self.document), default_specification=DRAFT202012)
        self.registry = Registry().with_resource(URI, resource)

    def operations(self):
        """Operation id, method and path of everything in the spec."""
        for path, methods in self.document["paths"].items():
            for method in methods.keys() & {"get", "post"}:
                yield methods[method]["operationId"].rpartition(".")[2], method, path

    def faults_of(self, operation, reply):
        """What is wrong with the whole reply of an operation, in words; empty when nothing is."""
        response = self.responses()[operation]
        return self.faults(f"{URI}#/components/responses/{response}/content/application~1json/schema", reply)

    def faults_of_request(self, operation, body):
        """What is wrong with the body of a write."""
        (path,) = (path for name, method, path in self.operations() if (name, method) == (operation, "post"))
        content = self.document["paths"][path]["post"]["requestBody"]["content"]
        return self.faults(f"{URI}{content['application/json']['schema']['$ref']}", body)

    def responses(self):
        """The name of each operation's reply among the spec's components."""
        return {
            operation: self.document["paths"][path][method]["responses"]["200"]["$ref"].rpartition("/")[2]
            for operation, method, path in self.operations()
        }

    def faults_of_definition(self, table, body):
        """Definitions are checked by their own table's schema, where the spec has one."""
        schemas = self.document["components"]["schemas"]
        name = next((name for name in schemas if name.rpartition(".")[2] == table), None)
        told = {name: value for name, value in body.items() if name not in BESIDES_THE_SPEC}
        return self.faults(f"{URI}#/components/schemas/{name}", told) if name else []

    def faults(self, reference, body):
        validator = jsonschema.Draft202012Validator({"$ref": reference}, registry=self.registry)
        return [f"{'/'.join(map(str, fault.path))}: {fault.message[:200]}" for fault in validator.iter_errors(body)]


def as_json_schema(node):
    """OpenAPI's dialect in JSON Schema's words: nullable, and no properties that are not named."""
    if isinstance(node, list):
        return [as_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == "byte":
        return BYTE
    told = {name: as_json_schema(value) for name, value in node.items() if name != "nullable"}
    if isinstance(told.get("properties"), dict) and told.get("type") == "object":
        told["additionalProperties"] = False
    if node.get("nullable"):
        return {"anyOf": [{"type": "null"}, told]}
    return told
