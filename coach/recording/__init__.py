"""Recording as a habit: days with complete records, the programme, what they earn (E2)."""
