"""Views of a rules file for whoever maintains it: the tree, a diagram, every route, its schema."""
