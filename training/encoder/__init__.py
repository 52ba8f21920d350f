"""The encoder's training: from packed base weights to a small ONNX network; torch and transformers live here only."""
