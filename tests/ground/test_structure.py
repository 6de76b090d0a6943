"""What people forget: imports that go the wrong way, commands without tests, models without migrations."""

import ast
from pathlib import Path

import pytest
from django.core.management import call_command

BASE = Path(__file__).resolve().parents[2]
APPS = {"accounts", "manifest", "inventory"}
# Who may import whom, after DESIGN: inventory -> manifest, accounts -> destinyvault.bungie.
FORBIDDEN = {
    "destinyvault/bungie": APPS | {"destinyvault.sandbox"},
    "destinyvault/sandbox": APPS | {"destinyvault.bungie"},
    "destinyvault/embedded_postgres": APPS | {"destinyvault.sandbox"},
    "accounts": {"manifest", "inventory", "destinyvault.sandbox"},
    "manifest": {"accounts", "inventory", "destinyvault.sandbox"},
    "inventory": {"destinyvault.sandbox"},
}
MAY_KNOW_THE_SANDBOX = {"destinyvault/management/commands/sandbox.py"}


def imported(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources(folder):
    return [file for file in (BASE / folder).rglob("*.py") if ".venv" not in file.parts]


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_imports_point_one_way(folder):
    wrong = {
        f"{file.relative_to(BASE)} imports {name}"
        for file in sources(folder)
        for name in imported(file)
        for forbidden in FORBIDDEN[folder]
        if name == forbidden or name.startswith(f"{forbidden}.")
    }
    assert sources(folder)
    assert not wrong


def test_nothing_outside_the_tests_and_the_demo_knows_the_sandbox():
    knowing = {
        str(file.relative_to(BASE))
        for folder in ["destinyvault", *APPS]
        for file in sources(folder)
        if "destinyvault/sandbox" not in str(file)
        for name in imported(file)
        if name.startswith("destinyvault.sandbox")
    }
    assert knowing <= MAY_KNOW_THE_SANDBOX


def test_only_the_client_imports_requests():
    users = {
        str(file.relative_to(BASE))
        for folder in ["destinyvault", *APPS]
        for file in sources(folder)
        for name in imported(file)
        if name.split(".")[0] == "requests"
    }
    assert users == {"destinyvault/bungie/client.py"}


def test_every_command_has_a_test():
    texts = "\n".join(file.read_text() for file in sources("tests"))
    commands = [file.stem for app in ["destinyvault", *APPS] for file in sources(app) if "commands" in file.parts]
    assert not [name for name in commands if name != "__init__" and f'"{name}"' not in texts]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_example_names_every_variable_that_the_settings_read():
    read = {
        node.args[0].value
        for node in ast.walk(ast.parse((BASE / "destinyvault/settings.py").read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "env"
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    example = {line.split("=")[0] for line in (BASE / ".env.example").read_text().splitlines() if "=" in line[:30]}
    assert read <= example
