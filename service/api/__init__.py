"""The HTTP API, version 1: routes that only translate, and what they share."""
