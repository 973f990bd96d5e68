"""S7 通知: notices. In: what somebody has to be told; out: deliveries and their receipts."""
