"""One module for each family of file formats; gongkai.service.readers picks among them."""
