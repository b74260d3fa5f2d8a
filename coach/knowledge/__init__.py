"""The knowledge base: answers that the firm's desks gave and that count for everybody."""
