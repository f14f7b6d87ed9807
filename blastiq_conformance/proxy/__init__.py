"""Production names on this machine: certificates of the kit's own, and a proxy that leads every name to the fake."""
