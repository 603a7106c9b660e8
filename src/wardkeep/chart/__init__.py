"""What is known of a patient: values with their source, changes, merges, freshness. Pure."""
