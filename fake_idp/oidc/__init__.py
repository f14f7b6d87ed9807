"""What the product does: endpoints, grants, tokens and keys."""
