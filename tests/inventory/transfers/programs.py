"""Somebody's program at the JSON API, and whether its document tells the truth."""

import jsonschema
from django.test import Client

from accounts import api_keys
from accounts.models import User

ADDRESS = "/api/v1/transfers"
JSON = "application/json"


class Program:
    """With an API key, and nothing else."""

    def __init__(self, key):
        self.client = Client(headers={"Authorization": f"Bearer {key}"}, enforce_csrf_checks=True)

    def ask(self, *, query="", headers=None, **body):
        return self.client.post(f"{ADDRESS}{query}", body, JSON, headers=headers)

    def send(self, content, content_type=JSON):
        return self.client.post(ADDRESS, content, content_type)

    def do(self, job, what, query="", headers=None):
        return self.client.post(f"{ADDRESS}/{job}/{what}{query}", headers=headers)

    def get(self, rest=""):
        return self.client.get(f"{ADDRESS}{rest}")


def program(site, guardian):
    site.browser(guardian)
    _, key = api_keys.create(User.objects.get(bungie__membership_id=guardian), "test")
    return Program(key)


def fits(client, response, method="get", path=ADDRESS):
    """The answer is as the document says that it is."""
    document = client.get("/api/v1/openapi.json").json()
    told = document["paths"][path][method]["responses"]
    assert str(response.status_code) in told
    schema = told[str(response.status_code)]["content"][JSON]["schema"]
    jsonschema.Draft202012Validator(document | schema).validate(response.json())
