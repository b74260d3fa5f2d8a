"""The office goes on from today: with the firm's own open deals, as its record tells them."""
