"""The task pane for Word and WPS Office: a page of ours inside the office program, and what registers it there."""
