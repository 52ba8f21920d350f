"""People and files: readers, command line, API and pages around the model."""
