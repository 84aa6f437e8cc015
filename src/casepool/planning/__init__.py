"""What more patients would bring: which centre to call next."""
