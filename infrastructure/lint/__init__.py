"""What a function owes, as rules that read the templates."""
