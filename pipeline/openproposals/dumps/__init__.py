"""Triple patterns and columns in, bytes out: one module a syntax, `blocks` what they share."""
