"""Configuration files for hosting a release: nginx, Apache, a w3id.org .htaccess, a GitHub Pages workflow.

Files are served at the addresses in the catalogue, with their charset, to any origin. The corpus's IRIs redirect (303)
to the dump or the landing page that the client asks for. The descriptor's addresses must be plain folder addresses
(`model.rdf.is_folder_address`): none can end the directive that contains it, or lead out of its folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from openproposals.catalog import accepted_forms, apache
from openproposals.errors import CannotGoOn
from openproposals.model import rdf

TYPES = {
    "ttl": "text/turtle", "jsonld": "application/ld+json", "rdf": "application/rdf+xml", "nt": "application/n-triples",
    "csv": "text/csv", "json": "application/json", "html": "text/html", "cff": "text/yaml", "conf": "text/plain",
    "yml": "text/yaml", "md": "text/plain", "txt": "text/plain", "css": "text/css", "js": "text/javascript",
    "svg": "image/svg+xml", "wasm": "application/wasm", "xml": "application/xml",
}  # fmt: skip
_WITHOUT_CHARSET = {
    "text/html",
    "application/wasm",
}  # nginx adds that of HTML itself; browsers reject one for wasm


def files(descriptor: Mapping[str, Any]) -> dict[str, bytes]:
    """Every hosting file by its name in the release; {} where an address has characters with a meaning to a server."""
    site, base, name = str(descriptor["site"]), str(descriptor["base"]), str(descriptor["name"])
    if not (rdf.is_hostable(site) and rdf.is_hostable(base)):
        return {}
    made = {
        "hosting/nginx.conf": nginx(site, base, name),
        "hosting/apache.conf": apache.configuration(site, base, name, TYPES),
        "hosting/w3id.htaccess": apache.htaccess(site, base, name),
        "hosting/github-pages.yml": pages(name),
    }
    if base.startswith(accepted_forms.TERMS):
        made["hosting/w3id-terms.htaccess"] = apache.terms_htaccess(site)
    return {path: text.encode() for path, text in made.items()}


def nginx(site: str, base: str, name: str) -> str:
    """The nginx configuration: a server block for the site, and one for the IRIs where they are on another host."""
    here, there = urlsplit(site), urlsplit(base)
    prefix = _safe(name.replace("-", "_"))
    types = "".join(f"    {media} {extension};\n" for extension, media in sorted(TYPES.items()))
    served = f"""  location {here.path} {{
    # {here.path}x is the file x of the release
    alias /srv/{name}/;
    index index.html;
    error_page 404 {here.path}404.html;
    types {{
{types.replace("    ", "      ")}    }}
    default_type text/plain;  # SHA256SUMS, void, and whatever has no extension
    charset utf-8;
    charset_types {" ".join(sorted({*TYPES.values()} - _WITHOUT_CHARSET))};
    add_header Access-Control-Allow-Origin "*" always;
    add_header X-Content-Type-Options nosniff always;
  }}
  location = /.well-known/void {{
    return 303 {site}void.ttl;
  }}
"""
    named = f"""  location {there.path} {{
    # an IRI of the corpus: 303 to what the client asked for
    add_header Access-Control-Allow-Origin "*" always;
    add_header Vary Accept always;
    return 303 {site}${prefix}_file;
  }}
{_item(prefix, name, site, re.escape(there.path) + f"(?<{prefix}_path>{accepted_forms.ITEM})", "")}"""
    if base.startswith(accepted_forms.TERMS):
        above = re.escape(urlsplit(accepted_forms.TERMS).path)
        named += _item(prefix, name, site, f"{above}(?<{prefix}_path>{accepted_forms.TERM})", "term/")
    together = here.hostname == there.hostname and here.path != there.path
    blocks = [_server(here.hostname or "", served + (named if together else ""))]
    if here.hostname != there.hostname:
        blocks.append(_server(there.hostname or "", named))
    note = f"# nginx for {name}: include this file inside http {{ }}, and put the release in /srv/{name}/.\n"
    note += "# Written by openproposals from corpus.toml; TLS is yours to add.\n"
    return note + _map(prefix, name) + "\n".join(blocks)


def _item(prefix: str, name: str, site: str, pattern: str, folder: str) -> str:
    """The location of IRIs whose path gives the path of a page, in a folder of the site."""
    return f"""  location ~ "^{pattern}$" {{
    # where its page was made (openproposals site), 303 to the page, or to its data; where no page has its name, 404
    add_header Access-Control-Allow-Origin "*" always;
    add_header Vary Accept always;
    if (-f /srv/{name}/{folder}${prefix}_path.html) {{
      return 303 {site}{folder}${prefix}_path${prefix}_form;
    }}
    if (-f /srv/{name}/assets/site.js) {{
      return 404;
    }}
    return 303 {site}${prefix}_file;
  }}
"""


def _map(prefix: str, name: str) -> str:
    """What is sent by the Accept header."""
    asked = "".join(f'  "~*{pattern}" {form};\n' for pattern, form in accepted_forms.asked())
    whole = "".join(f"  {form} {file.format(name=name)};\n" for form, file in accepted_forms.WHOLE.items())
    return f"""map $http_accept ${prefix}_form {{
  default .html;
{asked}}}
map ${prefix}_form ${prefix}_file {{
  default index.html;
{whole}}}

"""


def _server(host: str, body: str) -> str:
    return f"server {{\n  listen 80;\n  server_name {host};\n  server_tokens off;\n{body}}}\n"


def pages(name: str) -> str:
    """A GitHub Actions workflow that publishes the committed release, and nothing else, on GitHub Pages."""
    return f"""# Put this in .github/workflows/pages.yml of the repository that holds dist/{name}/.
# GitHub Pages cannot negotiate content: let w3id.org do it (hosting/w3id.htaccess).
name: Publish {name}
on:
  push:
    branches: [main]
    paths: ["dist/{name}/**"]
  workflow_dispatch:
permissions:
  contents: read
  pages: write
  id-token: write
concurrency:
  group: pages
  cancel-in-progress: false
jobs:
  publish:
    runs-on: ubuntu-latest
    environment:
      name: github-pages
      url: ${{{{ steps.deployment.outputs.page_url }}}}
    steps:
      - uses: actions/checkout@v4
      - name: The files are those that were summed
        run: cd dist/{name} && sha256sum --check --quiet SHA256SUMS
      - uses: actions/configure-pages@v5
      - uses: actions/upload-pages-artifact@v4
        with:
          path: dist/{name}
          include-hidden-files: true  # .well-known/void
      - id: deployment
        uses: actions/deploy-pages@v4
"""


def _safe(name: str) -> str:
    """A name for nginx variables. Raises CannotGoOn: it has other characters than a-z, 0-9 and _."""
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise CannotGoOn("not-a-variable", name=name)
    return name
