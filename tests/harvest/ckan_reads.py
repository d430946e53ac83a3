"""Run by CKAN's own Python: read catalogues as ckanext-dcat's harvester does, and print as JSON what it kept of each.

Arguments: each catalogue's file and its rdflib format; one line is printed for each. Real: CKAN with its requirements,
ckanext-dcat's RDFParser and its default profile. No database is asked: the parser makes the dict that the harvester hands to
package_create. Where the parser ends in an exception, the line has its name: the harvester then takes nothing.
"""

import json
import logging
import sys
from pathlib import Path

from ckan.common import config

config.update({"ckan.site_url": "http://ckan.test", "ckan.locale_default": "fr", "ckan.plugins": ""})
logging.disable(logging.CRITICAL)

from ckanext.dcat.processors import RDFParser  # noqa: E402


def read(file: str, syntax: str) -> object:
    """The datasets of one catalogue, or the exception's name."""
    try:
        parser = RDFParser(profiles=["euro_dcat_ap_3"])
        parser.parse(Path(file).read_text(encoding="utf-8"), _format=syntax)
        return list(parser.datasets())
    except Exception as error:
        return {"error": type(error).__name__}


for name, kind in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    print(json.dumps(read(name, kind), default=str), flush=True)
