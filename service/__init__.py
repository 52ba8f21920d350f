"""People and files: readers, command line, API and pages around the model."""

import gongkai.model as _model  # before any library that would call out: it forbids that

__all__: list[str] = []
del _model
