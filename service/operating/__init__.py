"""Running the service: logs without content, figures, and what a deployment needs."""
