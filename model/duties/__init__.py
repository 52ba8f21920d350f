"""What the duties ask of a text: submission, clocks, flags, meetings, work plans. Pure, beside judging."""
