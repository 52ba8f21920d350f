"""Where each record stands: piles, ranks, groups, series, sources that it follows, what is published already."""
