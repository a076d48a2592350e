"""Who may ask: devices by SMART Backend Services, people by password, and their scopes."""
