"""Requests to the web: addresses come in, answers or the reason of a refusal go out.

Every request that this program makes itself goes through `request.fetch` or `request.ask`, which follow the rules of
`urls` (no private address, no scheme but http and https); npm, which `site/engine.py` runs, makes its own. `links`
grades whether cited addresses still answer.
"""
