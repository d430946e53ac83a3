"""Serving releases over HTTP: releases come in, a server on an address of this machine goes out.

`application` answers a request from a `Generation`: the files of each release (`offers`) as they stood when it was
made. `listening` holds the connections. What a stranger sends is looked up, never joined to a path.
"""
