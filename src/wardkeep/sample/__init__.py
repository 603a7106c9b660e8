"""The simulated hospital group: seeded, deterministic, and it knows the true chart.

It keeps a world of its own (people, beds, treatments, results), writes every happening as HL7
v2 messages in the manner of seven different systems, and tells for each patient what a reader
of these messages must know. Nothing in it comes from a real patient, and its names, numbers and
places are invented.
"""
