# The account of live, which takes its images from here.
pull_accounts = ["444444444444"]
