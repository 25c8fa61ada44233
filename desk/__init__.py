"""What people do: one function a use case; it opens the session, calls the packages below, returns values."""
