"""Who the patients were and what became of them: characteristics, events, times, moderators."""
