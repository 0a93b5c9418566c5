"""The hub's pages: one module for each set. A view is who, input, service, answer, redirect; it holds no rule."""
