"""Managers' hours for coaching: booked as the policy says, beside what is kept for escalations (H5)."""
