"""Where results come from: what each job read and wrote, whether that still holds, and one build at a time."""
