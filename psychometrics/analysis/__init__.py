"""What responses show: estimates, each with its interval, n and method."""
