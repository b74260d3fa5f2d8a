"""Documents: pages as HTML from the server, in one layout. They need no session in memory; their addresses can be shared."""
