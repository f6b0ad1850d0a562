"""A new version of a plan: imported or edited, compared, published, taken back."""
