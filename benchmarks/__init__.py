"""Speed, measured before and after as ratios in one sitting; never a timed test."""
