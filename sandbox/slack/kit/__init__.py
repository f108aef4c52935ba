"""Block Kit as models: what a block, an element and a text may hold."""
