"""Pure rules: states, arithmetic, what follows from what. No database, no Flask, no clock."""
