"""From cells to the model, one module a subject. Each is a function of cells alone."""
