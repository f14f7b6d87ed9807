"""Small programs that sign in with real libraries: the right ones in `good`, the wrong ones in `flawed`."""
