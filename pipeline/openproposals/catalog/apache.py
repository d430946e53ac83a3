"""What an Apache needs to host a release, and the w3id.org rules, which an Apache reads too.

mod_rewrite reads no weights of an Accept header; so a rule for each tenth of a weight and each syntax sets a variable,
the most wanted last. It is all that the rules at w3id.org may use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from openproposals.catalog import accepted_forms

_FORM = "openproposals_form"


def configuration(site: str, base: str, name: str, types: Mapping[str, str]) -> str:
    """The configuration of a host: one for the site, and one for the IRIs where they are on another host.

    types: media types by a file name's ending.
    """
    here, there = urlsplit(site), urlsplit(base)
    added = "".join(f"    AddType {media} .{ending}\n" for ending, media in sorted(types.items()))
    texts = " ".join(f".{ending}" for ending in sorted(types) if ending != "wasm")
    served = f"""  # {here.path}x is the file x of the release
  Alias {here.path} /srv/{name}/
  <Directory /srv/{name}>
    Require all granted
    AllowOverride None
    Options None
    DirectoryIndex index.html
    ErrorDocument 404 {here.path}404.html
{added}    AddCharset utf-8 {texts}
    <FilesMatch "^[^.]+$">
      ForceType "text/plain; charset=utf-8"
    </FilesMatch>
    Header always set X-Content-Type-Options nosniff
  </Directory>
  Header always set Access-Control-Allow-Origin "*"
  RewriteEngine on
  RewriteRule ^/\\.well-known/void$ {_escaped(site)}void.ttl [R=303,L]
"""
    named = f"""  # an IRI of the corpus: 303 to what the client asked for; where no page has the name of an item, 404
  RewriteEngine on
  Header always set Access-Control-Allow-Origin "*"
  Header always merge Vary "Accept"
{_choice("  ")}{_item(f"{re.escape(there.path)}({accepted_forms.ITEM})", site, name, "")}"""
    if base.startswith(accepted_forms.TERMS):
        term = f"{re.escape(urlsplit(accepted_forms.TERMS).path)}({accepted_forms.TERM})"
        named += _item(term, site, name, "term/") + _whole(f"^{term}$", site, name, "  ")
    named += _whole(f"^{re.escape(there.path)}", site, name, "  ")
    together = here.hostname == there.hostname and here.path != there.path
    hosts = [_host(here.hostname or "", served + (named if together else ""))]
    if here.hostname != there.hostname:
        hosts.append(_host(there.hostname or "", named))
    note = f"# Apache 2.4 for {name}: include this file, and put the release in /srv/{name}/.\n"
    note += "# It needs the modules alias, dir, headers, mime and rewrite. TLS is yours to add.\n"
    note += "# Written by openproposals from corpus.toml.\n"
    return note + "\n".join(hosts)


def htaccess(site: str, base: str, name: str) -> str:
    """The .htaccess file for github.com/perma-id/w3id.org: content negotiation for the corpus's IRIs."""
    return f"""# {base} -> {site}
# Written by openproposals from corpus.toml, for the folder of this corpus at w3id.org.
Options +FollowSymLinks
RewriteEngine on
Header always set Access-Control-Allow-Origin "*"
Header always merge Vary "Accept"
# What is asked for, by the weights of the Accept header: the last rule that holds says it.
{_choice("")}# Where {site} holds the pages too (openproposals site),
# take the # off this line, so that an item leads to its own.
#RewriteRule ^({accepted_forms.ITEM})$ {_escaped(site)}$1%{{ENV:{_FORM}}} [R=303,L]
{_whole("^", site, name, "")}"""


def terms_htaccess(site: str) -> str:
    """The .htaccess file for the folder above: terms, codes, questions and the publisher, where the site has pages."""
    return f"""# {accepted_forms.TERMS} -> {site}term/
# Written by openproposals, for the folder above those of corpora at w3id.org; the pages must be there.
Options +FollowSymLinks
RewriteEngine on
Header always set Access-Control-Allow-Origin "*"
Header always merge Vary "Accept"
{_choice("")}RewriteRule ^({accepted_forms.TERM})$ {_escaped(site)}term/$1%{{ENV:{_FORM}}} [R=303,L]
"""


def _choice(margin: str) -> str:
    """The rules that say which ending is asked for."""
    wanted = [
        f"{margin}RewriteCond %{{HTTP_ACCEPT}} {pattern} [NC]\n{margin}RewriteRule ^ - [E={_FORM}:{form}]\n"
        for pattern, form in accepted_forms.asked()
    ]
    return f"{margin}RewriteRule ^ - [E={_FORM}:.html]\n" + "".join(reversed(wanted))


def _item(pattern: str, site: str, name: str, folder: str) -> str:
    """The rules for IRIs whose path gives the path of a page, in a folder of the site."""
    return f"""  RewriteCond /srv/{name}/{folder}$1.html -f
  RewriteRule ^{pattern}$ {_escaped(site)}{folder}$1%{{ENV:{_FORM}}} [R=303,L]
  RewriteCond /srv/{name}/assets/site.js -f
  RewriteRule ^{pattern}$ - [R=404,L]
"""


def _whole(pattern: str, site: str, name: str, margin: str) -> str:
    """The rules for what has no page of its own: the release as a whole."""
    return "".join(
        f"{margin}RewriteCond %{{ENV:{_FORM}}} ={form}\n"
        f"{margin}RewriteRule {pattern} {_escaped(site)}{file.format(name=name)} [R=303,L]\n"
        for form, file in accepted_forms.WHOLE.items()
    )


def _host(host: str, body: str) -> str:
    return f"<VirtualHost *:80>\n  ServerName {host}\n{body}</VirtualHost>\n"


def _escaped(site: str) -> str:
    """An address as a mod_rewrite substitution: % and $, which begin back-references, are escaped."""
    return site.replace("%", "\\%").replace("$", "\\$")
