"""Mirror of blastiq_conformance.control."""
