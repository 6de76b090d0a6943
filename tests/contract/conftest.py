import pytest

from tests.contract.spec import Spec
from tests.sandbox.conftest import orders, wire

__all__ = ["orders", "wire"]


@pytest.fixture(scope="session")
def spec(captures):
    return Spec(captures / "openapi.json")
