import pytest

from destinyvault.sandbox.orders import SandboxOrders
from tests.sandbox.wire import Wire


@pytest.fixture
def wire(sandbox):
    return Wire(sandbox)


@pytest.fixture
def orders(sandbox):
    return SandboxOrders(sandbox.root)
