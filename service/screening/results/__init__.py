"""What people and other systems get: worklist, report, lists and exports."""
