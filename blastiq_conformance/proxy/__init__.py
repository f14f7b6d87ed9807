"""Production names on this machine: the kit's own certificates, and a proxy that leads every name to the fake."""
