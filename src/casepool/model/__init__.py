"""What everybody speaks of: the protocol, the configuration, the words of the contract, the errors."""
