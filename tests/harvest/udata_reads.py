"""Run by udata's own Python: harvest one catalogue as data.gouv.fr's engine does, and print as JSON what it kept.

Arguments: the catalogue's file and the address at which it is said to be. Real: the harvest job, the DCAT backend, the
models and their validation. Stood in for: MongoDB, by mongomock; the HTTP answer, by the file.
"""

import json
import sys
from pathlib import Path

import mongoengine
import mongomock

file, address = Path(sys.argv[1]), sys.argv[2]
_connect = mongoengine.connect


def connect(*names: object, **settings: object) -> object:
    """Connect to a database in memory."""
    settings.pop("is_mock", None)
    settings["host"] = "mongodb://localhost"
    return _connect(*names, mongo_client_class=mongomock.MongoClient, **settings)


mongoengine.connect = connect

from udata import settings  # noqa: E402
from udata.app import create_app, standalone  # noqa: E402


class Settings(settings.Testing):
    """udata's own test settings, with the DCAT backend on."""

    HARVESTER_BACKENDS = ("dcat",)
    URLS_RESOLVE_HOSTNAME = False
    URLS_ALLOWED_TLDS = settings.Testing.URLS_ALLOWED_TLDS | {"example"}


app = create_app(settings.Defaults, override=Settings)
app = standalone(app)


class Answer:
    """What a server would answer."""

    text = file.read_text(encoding="utf-8")
    status_code = 200

    def raise_for_status(self) -> None:
        """Nothing went wrong."""


with app.app_context():
    from udata.core.dataset.models import Dataset, License
    from udata.core.organization.models import Organization
    from udata.harvest import actions
    from udata.harvest.backends.dcat import DcatBackend
    from udata.harvest.models import HarvestSource

    for identifier, title, url in (
        ("notspecified", "License Not Specified", None),
        ("lov2", "Licence Ouverte / Open Licence version 2.0",
         "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"),
        ("fr-lo", "Licence Ouverte / Open Licence",
         "https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf"),
        ("cc-by", "Creative Commons Attribution", "http://www.opendefinition.org/licenses/cc-by"),
        ("odc-odbl", "Open Data Commons Open Database License (ODbL)", "http://opendatacommons.org/licenses/odbl/summary/"),
    ):  # fmt: skip
        License(id=identifier, title=title, url=url).save()
    DcatBackend.get = lambda self, url, headers=None, **more: Answer()
    DcatBackend.store_graphs = lambda self: None
    organization = Organization(name="Org", description="An organisation").save()
    source = HarvestSource(name="Source", url=address, backend="dcat", organization=organization)
    source.save()
    actions.run(source)
    job = source.get_last_job()
    found = []
    for dataset in Dataset.objects:
        coverage, spatial = dataset.temporal_coverage, dataset.spatial
        found.append({
            "title": dataset.title,
            "description": dataset.description,
            "identifier": dataset.harvest.dct_identifier,
            "remote_url": dataset.harvest.remote_url,
            "licence": dataset.license.id if dataset.license else None,
            "issued": str(dataset.harvest.issued_at)[:10],
            "modified": str(dataset.harvest.modified_at)[:10],
            "frequency": str(dataset.frequency),
            "tags": list(dataset.tags),
            "contact": [[c.name, c.email, str(c.role)] for c in dataset.contact_points],
            "temporal": [str(coverage.start), str(coverage.end)] if coverage else None,
            "spatial": spatial.geom if spatial else None,
            "resources": sorted((
                {"title": r.title, "url": r.url, "format": r.format, "mime": r.mime, "size": r.filesize,
                 "issued": str(r.harvest.issued_at)[:10], "modified": str(r.harvest.modified_at)[:10],
                 "schema": r.schema.url if r.schema else None,
                 "checksum": r.checksum.value if r.checksum else None}
                for r in dataset.resources
            ), key=lambda r: r["url"]),
        })  # fmt: skip
    errors = [e.message for e in job.errors] + [e.message for item in job.items for e in item.errors]
    print(json.dumps({
        "status": job.status, "errors": errors, "items": [item.status for item in job.items], "datasets": found,
    }))  # fmt: skip
