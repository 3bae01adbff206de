"""Train the heads, score them, pin floors."""
