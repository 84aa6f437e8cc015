"""What ``import casepool`` offers; nothing else in the package is promised to stay as it is."""
