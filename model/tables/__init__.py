"""The rulebook: tables that a disclosure officer may edit."""
