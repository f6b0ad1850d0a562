"""The papers behind reports that the secretariat typed, and what their agencies answered."""
