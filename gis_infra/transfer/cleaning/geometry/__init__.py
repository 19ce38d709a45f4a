"""One kind of thing that can be wrong with shapes a module; `cleaning.shapes` calls them in order."""
