"""What leaves and what comes: the policy, the publisher, the hubs we exchange with and the exchange itself."""
