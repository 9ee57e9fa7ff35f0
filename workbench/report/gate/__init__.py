"""The release gate: what is read of finished files, and what in them may not leave the trust."""
