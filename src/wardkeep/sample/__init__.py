"""The simulated hospital: seeded, deterministic, and it knows the true chart."""
