"""Mirror of blastiq_conformance.doctor."""
