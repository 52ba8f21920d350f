"""办理流转: a document's way from its draft through two gates to publication, and what comes after."""
