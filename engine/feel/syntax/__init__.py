"""From text to tree: lexer, names with spaces, parser. Fixed patterns only; depth and length are bounded."""
