"""The product's own name tagger: from a teacher's labels and the authored marks to a small network in ONNX."""
