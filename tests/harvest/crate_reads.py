"""Run by the Python of `.venv-crates`: judge a release's RO-Crate and its DataCite record, and print as JSON what is wrong.

Argument: the release's folder. Real: roc-validator with its RO-Crate 1.2 profile, and the JSON Schema of the datacite package.
Stood in for: the crate's context at w3id.org, by the terms of it that a crate of ours uses, in ro-crate-1.2.context.json
(a term that is not in there is found). No other address is asked.
"""

import json
import logging
import sys
from pathlib import Path

import requests
from datacite import schema45
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils import http

logging.disable(logging.CRITICAL)
CONTEXT = Path(__file__).with_name("ro-crate-1.2.context.json")
ASKED = "https://w3id.org/ro/crate/1.2/context"


def get(address: str, *_: object, **__: object) -> requests.Response:
    """The context; nothing else answers."""
    if address != ASKED:
        raise requests.ConnectionError(address)
    answer = requests.Response()
    answer.status_code = 200
    answer.headers["Content-Type"] = "application/ld+json"
    answer._content = CONTEXT.read_bytes()
    return answer


release = Path(sys.argv[1])
http.HttpRequester.get = staticmethod(get)
required = ValidationSettings(
    rocrate_uri=str(release),
    profile_identifier="ro-crate-1.2",
    requirement_severity=Severity.REQUIRED,
    no_cache=True,
)
result = services.validate(required)
crate = [f"{issue.check.identifier}: {issue.message}" for issue in result.get_issues()]
record = json.loads((release / "datacite.json").read_text(encoding="utf-8"))
problems = [f"{list(e.path)}: {e.message}" for e in schema45.validator.iter_errors(record)]
checked = len(result.executed_checks)
print(json.dumps({"checked": checked, "crate": crate, "datacite": problems}))
