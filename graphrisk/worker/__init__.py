"""Work in the background: relay of the outbox, scheduled detection, retention."""
