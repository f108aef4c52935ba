"""A soak: many people ask for many things for a while, with faults on both sides."""
