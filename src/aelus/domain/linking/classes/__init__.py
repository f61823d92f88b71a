"""Classes: what they extend, which members they have, what else makes or extends them."""
