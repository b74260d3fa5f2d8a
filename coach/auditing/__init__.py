"""What rules and fields cost and bring (A4), what people say of them, and what was learned (A2)."""
