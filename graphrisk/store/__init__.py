"""Where facts live: the contract, its two engines, snapshots and the operations database."""
