"""Charts as SVG: every text is escaped, so that a page takes the drawing as it is."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from openproposals.site.charts import Chart, Shape


def svg(chart: Chart, said: str, tongue: str = "") -> str:
    """A chart with what it shows in words. tongue: what else its first tag says, as a tag is written."""
    head = f'<svg class="chart" viewBox="0 0 640 {chart.height}" role="img" aria-label={quoteattr(said)}{tongue}>'
    return "\n".join([head, *map(_shape, chart.shapes), "</svg>"])


def _shape(shape: Shape) -> str:
    x, y, style = round(shape.x, 1), round(shape.y, 1), quoteattr(shape.style)
    if shape.kind == "text":
        return f'<text x="{x}" y="{y}" class={style}>{escape(shape.text)}</text>'
    if shape.kind == "bar":
        width, height = round(shape.to[0] - shape.x, 1), round(shape.to[1] - shape.y, 1)
        return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" class={style}/>'
    if shape.kind == "line":
        return f'<line x1="{x}" y1="{y}" x2="{round(shape.to[0], 1)}" y2="{round(shape.to[1], 1)}" class={style}/>'
    return f'<circle cx="{x}" cy="{y}" r="6" class={style}/>'
