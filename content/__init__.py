"""What can be learned: packages, the shelf they stand on, the catalogue, and exercises."""
