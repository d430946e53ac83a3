"""The commands about releases: `doctor` and `diff`. As in `cli.py`: parse, call, print, exit; imports wait."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from openproposals.cli import Language, cli, language_option, text_of, today

REPORT = click.option("--report", type=click.Choice(["text", "json"]), default="text", help=text_of("report_plain"))


@cli.command(help=text_of("doctor"))
@click.argument("target")
@click.option("--live", is_flag=True, help=text_of("live"))
@click.option(
    "--dcat-ap-shapes",
    "official",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help=text_of("dcat_ap_shapes"),
)
@REPORT
@language_option
def doctor(target: str, live: bool, official: Path | None, report: str, lang: Language) -> None:
    """Stage `doctor`."""
    from openproposals.doctor import diagnosis, patient
    from openproposals.stages import publish

    def release(corpus: Path, out: Path) -> bool:
        return publish(corpus, out, lambda stage: None, today())[0].conforms

    found = diagnosis.visit(patient.admit(target, release), today=today(), live=live, official=official)
    click.echo((diagnosis.data if report == "json" else diagnosis.text)(found, lang))
    sys.exit(0 if found.healthy else 1)
