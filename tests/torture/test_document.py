"""The API keeps what its own document promises, whatever comes: no 5xx, no status, no shape that it does not name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, MutableMapping
from random import Random
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from sqlalchemy import select

from backend.domain.recordings import MEDIA_TYPES
from backend.models.people import Appointment, Person
from backend.services import tokens
from backend.services.tokens import Claims
from tests.cast import LINE, VILLAGE
from tests.makers import new_id, patrol_body, upload
from tests.pictures import GOOD, sha
from tests.sounds import WEBM

pytestmark = pytest.mark.torture

PEOPLE = ("nobody", "wang", "sun", "jin")
CASES = 400
DOCUMENT = "/api/openapi.json"
# What a schema cannot say (a code that is taken, a day that is over) is refused all the same.
UNSAID: list[CheckFunction] = [positive_data_acceptance, negative_data_rejection]
schemathesis.serializer.alias(list(MEDIA_TYPES), "application/octet-stream")

SETTINGS = hypothesis.settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def known(phone_of, cast, session) -> dict[str, list[str]]:
    """What there really is, by the name of its place in a path: random ids find nothing."""
    wang, walk = phone_of(cast.wang), new_id()
    assert upload(wang, GOOD).status_code == 201
    said = wang.put(f"/api/v1/recordings/{sha(WEBM)}", data=WEBM, content_type="audio/webm")
    assert said.status_code == 201
    assert wang.put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE) | {"photos": [sha(GOOD)]}).status_code == 201
    etag = phone_of(cast.li).get(f"/api/v1/patrols/{walk}").headers["ETag"]
    held = session.scalars(select(Appointment.id).where(Appointment.person_id == cast.wang)).all()
    return {
        "patrol_id": [str(walk)],
        "person_id": [str(cast.wang), str(cast.chen)],
        "appointment_id": [str(each) for each in held],
        "code": [VILLAGE],
        "ref": ["TUHAI-371502-001", str(cast.segments["TUHAI-371502-002"].id)],
        "sha256": [sha(GOOD), sha(WEBM)],
        "If-Match": [etag],
        "segment": ["TUHAI-371502-001"],
        "substitute": [str(cast.chen)],
        "on_behalf_of": [str(cast.wang)],
    }


@pytest.fixture
def token_for(session, keyring, clock, cast) -> Callable[[str], dict[str, str]]:
    """The header of somebody who signed in a moment ago; none for nobody."""

    def signed_in(who: str) -> dict[str, str]:
        if who == "nobody":
            return {}
        version = session.scalar(select(Person.token_version).where(Person.id == cast.people[who]))
        return {"Authorization": f"Bearer {tokens.issue(Claims(cast.people[who], version), keyring, clock())}"}

    return signed_in


def made_known(case: Case, known: dict[str, list[str]], data: st.DataObject) -> None:
    """Every other time, put something that is there in the place of something made up."""
    for values in (case.path_parameters, case.query, case.headers, case.body):
        if not isinstance(values, MutableMapping):
            continue
        for name in sorted(values.keys() & known.keys()):
            if data.draw(st.booleans()):
                values[name] = data.draw(st.sampled_from(known[name]))


def modes(operation: Any) -> list[GenerationMode]:
    """Good cases of everything; bad ones only of what has a query or a body, for a path takes nearly any text."""
    takes = [*operation.query, *operation.body]
    return [GenerationMode.POSITIVE, GenerationMode.NEGATIVE] if takes else [GenerationMode.POSITIVE]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.filterwarnings("ignore")  # of the tool itself, about examples that it cannot shorten
def test_every_answer_is_one_that_the_document_names(app, connection, known, token_for, times, who):
    document = schemathesis.openapi.from_wsgi(DOCUMENT, app)
    document.config.generation.with_security_parameters = False  # who asks is said below
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    cells = [(operation, mode) for operation in operations for mode in modes(operation)]
    budget = times(CASES) // len(PEOPLE)
    statuses: Counter[int] = Counter()
    broken = []
    for operation, mode in Random(who).sample(cells, min(budget, len(cells))):

        @hypothesis.settings(SETTINGS, max_examples=max(1, budget // len(cells)))
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def ask(case: Case, data: st.DataObject) -> None:
            made_known(case, known, data)
            with connection.begin_nested() as before:  # one case leaves nothing to the next
                # Nobody unpacks an answer on this side of WSGI.
                headers = token_for(who) | {"Accept-Encoding": "identity"}
                answer = case.call(headers=headers)
                statuses[answer.status_code] += 1
                case.validate_response(answer, excluded_checks=UNSAID, headers=headers)
                before.rollback()

        try:
            ask()
        except Unsatisfiable:  # a path takes any text: there is no bad one
            continue
        except Exception as failed:
            broken.append(f"{operation.label} {mode.name}: {failed}")
    print(f"{who}: {sum(statuses.values())} cases, {dict(sorted(statuses.items()))}")
    assert not broken, f"{len(broken)} broken\n" + "\n".join(broken)
