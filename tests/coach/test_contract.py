"""Asked at random as the OpenAPI document allows, and as it does not: the interface never fails."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from coach.api.app import create_app
from coach.store import SYSTEM, people
from tests.coach.firm import CONTRACT, STALL, Firm, policy_of

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module")
def schema_of_a_firm(tmp_path_factory):
    firm = Firm(tmp_path_factory.mktemp("contract"), policy_of(STALL, CONTRACT))
    firm.deal()
    app = create_app(firm.store, background=False)
    people.add_person(firm.store, SYSTEM, firm.now, name="admin", role="admin")
    app.state.token = people.new_token(firm.store, SYSTEM, "admin", "test", firm.now)
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


schema = schemathesis.pytest.from_fixture("schema_of_a_firm")


@schema.parametrize()
@settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
def test_no_request_makes_the_interface_fail(case):
    token = case.operation.schema.app.state.token
    answer = case.call(headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        told = answer.json()
        assert told["en"]
        assert told["zh"]
