"""Run by udata's own Python: harvest catalogues as data.gouv.fr's engine does, and print as JSON what it kept of each.

Arguments: each catalogue's file and the address at which it is said to be; one line is printed for each. Real: the harvest
job, the DCAT backend, the models and their validation. Stood in for: MongoDB, by mongomock; the HTTP answer, by the file.
No address is asked: whatever udata would fetch does not answer.
"""

import json
import logging
import signal
import socket
import sys
from pathlib import Path

import mongoengine
import mongomock

logging.disable(logging.CRITICAL)
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


class Nowhere(socket.socket):
    """A socket that reaches nobody."""

    def connect(self, address: object) -> None:
        """Nobody answers."""
        raise OSError("no network here")


socket.socket = Nowhere  # type: ignore[misc]
SECONDS = 20
EMPTY = {"turtle": "", "nt": "", "n3": "", "json-ld": "{}",
         "xml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'}  # fmt: skip


class TooLong(BaseException):
    """No error of udata's own: it catches those."""


def too_long(*_: object) -> None:
    """A catalogue that udata does not come to an end with."""
    raise TooLong


signal.signal(signal.SIGALRM, too_long)
app = create_app(settings.Defaults, override=Settings)
app = standalone(app)


class Answer:
    """What a server would answer."""

    status_code = 200

    def __init__(self, text: str) -> None:
        self.text = text

    def raise_for_status(self) -> None:
        """Nothing went wrong."""


def kept(dataset) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """What a dataset's page would show."""
    coverage, spatial, dcat = dataset.temporal_coverage, dataset.spatial, dataset.extras.get("dcat", {})
    return {
        "uri": dataset.harvest.uri,
        "title": dataset.title,
        "description": dataset.description,
        "identifier": dataset.harvest.dct_identifier,
        "remote_url": dataset.harvest.remote_url,
        "licence": dataset.license.id if dataset.license else None,
        "rights": dcat.get("rights"),
        "created": str(dataset.harvest.created_at)[:10],
        "issued": str(dataset.harvest.issued_at)[:10],
        "modified": str(dataset.harvest.modified_at)[:10],
        "frequency": str(dataset.frequency),
        "tags": list(dataset.tags),
        "contact": [[c.name, c.email, str(c.role)] for c in dataset.contact_points],
        "temporal": [str(coverage.start), str(coverage.end)] if coverage else None,
        "spatial": spatial.geom if spatial else None,
        "resources": sorted((
            {"title": r.title, "url": r.url, "format": r.format, "mime": r.mime, "size": r.filesize,
             "description": r.description, "uri": r.harvest.uri, "type": r.type,
             "issued": str(r.harvest.issued_at)[:10], "modified": str(r.harvest.modified_at)[:10],
             "schema": r.schema.url if r.schema else None,
             "checksum": r.checksum.value if r.checksum else None}
            for r in dataset.resources
        ), key=lambda r: r["url"]),
    }  # fmt: skip


with app.app_context():
    from udata.core.contact_point.models import ContactPoint
    from udata.core.dataset.models import Dataset, License
    from udata.core.organization.models import Organization
    from udata.harvest import actions
    from udata.harvest.backends.dcat import DcatBackend
    from udata.harvest.models import HarvestJob, HarvestSource

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
    DcatBackend.store_graphs = lambda self: None
    DcatBackend.process_one_dataservices_page = lambda self, graph, page_number: None  # datasets alone are compared
    for file, address in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        for kind in (Dataset, ContactPoint, HarvestJob, HarvestSource, Organization):
            kind.drop_collection()
        pages = {address: Path(file).read_text(encoding="utf-8")}
        DcatBackend.get = lambda self, url, headers=None, pages=pages, **more: Answer(
            pages.get(url, EMPTY[self.format])
        )
        organization = Organization(name="Org", description="An organisation").save()
        source = HarvestSource(name="Source", url=address, backend="dcat", organization=organization).save()
        signal.alarm(SECONDS)
        try:
            actions.run(source)
        except TooLong:
            print(json.dumps({"status": "endless", "errors": [], "items": [], "datasets": []}), flush=True)
            continue
        finally:
            signal.alarm(0)
        job = source.get_last_job()
        print(json.dumps({
            "status": job.status,
            "errors": [e.message for e in job.errors] + [e.message for item in job.items for e in item.errors],
            "items": [item.status for item in job.items],
            "datasets": [kept(dataset) for dataset in Dataset.objects],
        }), flush=True)  # fmt: skip
