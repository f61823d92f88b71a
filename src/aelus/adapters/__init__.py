"""One folder per technology. Adapters know the ports and the domain, never each other."""
