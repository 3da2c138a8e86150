# The health check of the Dockerfile: ECS does not read it there.
task = { health_check_command = ["CMD", "node", "-e", "fetch('http://127.0.0.1:3000').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"] }
# The account of live, which takes its images from here.
pull_accounts = ["444444444444"]
