"""What the generated archive is made of: texts, formats, matters and where they lie."""
