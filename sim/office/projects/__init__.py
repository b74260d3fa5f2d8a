"""What happens after a deal is won: projects of steps over departments, acceptance, invoices and payments."""
