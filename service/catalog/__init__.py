"""主动公开基本目录: the catalog as people read, check and exchange it."""
