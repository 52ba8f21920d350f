"""公文公开发布意见单: filled in from what was suggested and decided, checked for gaps, shown, printed, written."""
