"""The query page's way to its server, without a browser: where queries go."""

from __future__ import annotations

import shutil

import pytest

from support.asked import in_javascript

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")


@pytest.mark.parametrize(
    ("page", "link", "endpoint"),
    [
        ("https://h/base/minimal/query.html", '<../sparql>; rel="service-desc"', "https://h/base/sparql"),
        (
            "https://h/minimal/en/query.html",
            '</a>; rel=preload, <../../sparql>; rel="service-desc"',
            "https://h/sparql",
        ),
        ("https://h/minimal/query.html", '</style.css>; rel="preload"', ""),
        ("https://h/minimal/query.html", "", ""),
    ],
)
def test_where_queries_go(page: str, link: str, endpoint: str) -> None:
    """To the endpoint that the page's server names; to none where it names none."""
    assert in_javascript({"page": page, "link": link}) == endpoint
