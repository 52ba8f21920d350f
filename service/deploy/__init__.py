"""What a deployment is set up with: unit, image, composition, installer, and versions by hash."""
