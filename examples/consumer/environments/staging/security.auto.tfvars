# The networks from which staging is tested; 198.51.100.0/24 is a block for documentation, replace it by yours.
allowed_cidrs = ["198.51.100.0/24"]
