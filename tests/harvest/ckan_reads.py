"""Run by CKAN's own Python: read one catalogue as ckanext-dcat's harvester does, and print as JSON what it kept.

Arguments: the catalogue's file and its rdflib format. Real: CKAN with its requirements, ckanext-dcat's RDFParser and its
default profile. No database is asked: the parser makes the dict that the harvester hands to package_create.
"""

import json
import sys
from pathlib import Path

from ckan.common import config

config.update({"ckan.site_url": "http://ckan.test", "ckan.locale_default": "fr", "ckan.plugins": ""})

from ckanext.dcat.processors import RDFParser  # noqa: E402

parser = RDFParser(profiles=["euro_dcat_ap_3"])
parser.parse(Path(sys.argv[1]).read_text(encoding="utf-8"), _format=sys.argv[2])
print(json.dumps(list(parser.datasets()), default=str))
