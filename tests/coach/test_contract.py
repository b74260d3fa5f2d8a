"""Asked at random as the OpenAPI document allows, and as it does not: the interface never fails."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from coach.api.app import create_app
from coach.store import SYSTEM, people
from tests.coach.firm import CONTRACT, STALL, Firm, policy_of

pytestmark = pytest.mark.contract
EXAMPLES = 20
_asked = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def interface(tmp_path_factory):
    """The OpenAPI document of a firm's interface, and an admin's token."""
    firm = Firm(tmp_path_factory.mktemp("contract"), policy_of(STALL, CONTRACT))
    firm.deal()
    people.add_person(firm.store, SYSTEM, firm.now, name="admin", role="admin")
    token = people.new_token(firm.store, SYSTEM, "admin", "test", firm.now)
    app = create_app(firm.store, background=False)
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app), token


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_makes_the_interface_fail(interface, mode):
    schema, token = interface
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) > 25
    codes: dict[str, set[int]] = {}
    for operation in operations:
        if not operation.path.endswith("/sign-out"):  # it would end the token
            codes[f"{operation.method} {operation.path}"] = codes_of(operation, mode, token)
    assert any(200 in found for found in codes.values())
    assert any(422 in found for found in codes.values())


def codes_of(operation, mode: GenerationMode, token: str) -> set[int]:
    """What one operation answers; fails when it fails, or when a problem is not told in both languages."""
    codes = set()

    @_asked
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case):
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        codes.add(answer.status_code)
        assert answer.status_code < 500, (operation.path, answer.text)
        if answer.status_code >= 400:
            told = answer.json()
            assert told["en"], operation.path
            assert told["zh"], operation.path

    try:
        ask()
    except Unsatisfiable:
        codes.add(0)  # nothing can be wrong with a request that has no parts
    return codes
