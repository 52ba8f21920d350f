"""Documents that were screened, what people decided of them, and who saw them."""
