"""Corpora in, a model folder out."""
