"""What a rule offers to send to a customer: the return-on-investment calculator as a page with a link of its own (P13)."""
