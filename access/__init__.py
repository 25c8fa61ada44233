"""Who may do what, and the audit: users, roles, sessions, the gate in front of every route."""
