"""What each unit is asked to sell: one definition for the simulated office and for the live coach."""
