"""What is said of a release, for machines and for people: the catalogue, its companions, the landing page, hosting."""
