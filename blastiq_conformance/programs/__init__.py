"""Programs that the kit starts: the examples, one of which is the demo, and a browser."""
