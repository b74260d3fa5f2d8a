"""What the firm's own experience tells a newcomer (H1)."""
