output "service" {
  description = "The ECS service: name, cluster, repository and container, as release and rollout name them."
  value = {
    name       = aws_ecs_service.this.name
    cluster    = aws_ecs_cluster.this.name
    repository = aws_ecr_repository.this.name
    container  = var.name
  }
}

output "repository_url" {
  description = "Where images are pushed: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME."
  value       = aws_ecr_repository.this.repository_url
}

output "url" {
  description = "Where the service is reached. With public_ip null: each task has an address of its own; docs/exposures.md says how to find it."
  value       = local.has_edge ? "https://${local.has_domain ? var.domain.name : aws_cloudfront_distribution.this[0].domain_name}" : null
}

output "redeployer" {
  description = "The redeployer: its function, its queue and dead-letter queue (URLs), and the topic of the outcomes (ARN)."
  value = {
    function_name         = aws_lambda_function.redeployer.function_name
    queue_url             = aws_sqs_queue.redeployer.url
    dead_letter_queue_url = aws_sqs_queue.redeployer_dead_letters.url
    outcome_topic_arn     = aws_sns_topic.outcomes.arn
  }
}
