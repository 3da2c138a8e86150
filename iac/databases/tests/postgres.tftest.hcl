# What the database guarantees, and which inputs are refused.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111111111111:role/monitoring"
    }
  }

  mock_resource "aws_db_instance" {
    defaults = {
      address            = "slipway-test.one.us-east-1.rds.amazonaws.com"
      resource_id        = "db-ONE"
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:rds!db-one", secret_status = "active", kms_key_id = "one" }]
    }
  }
}

override_data {
  target = data.terraform_remote_state.connectivity
  values = {
    outputs = {
      subnet_ids = { database = ["subnet-5", "subnet-6"] }
    }
  }
}

override_data {
  target = data.terraform_remote_state.security
  values = {
    outputs = {
      environment        = { account_id = "111111111111", region = "us-east-1", prefix = "slipway-test" }
      security_group_ids = { database = "sg-database" }
      kms_key_arn        = "arn:aws:kms:us-east-1:111111111111:key/one"
      alarm_topic_arn    = "arn:aws:sns:us-east-1:111111111111:slipway-test-alarms"
    }
  }
}

variables {
  name         = "slipway"
  environment  = "test"
  account_id   = "111111111111"
  region       = "us-east-1"
  state_bucket = "state"
  exposure     = "public_ip"
  architecture = "ARM64"

  postgres = {
    instance_class = "db.t4g.micro"
  }
}

# First, and planned only: a database that is there is not restored over.
run "begins_with_a_snapshot" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", restore_from = "slipway-test-last-of-20261127120000" }
  }

  assert {
    condition     = aws_db_instance.this.snapshot_identifier == "slipway-test-last-of-20261127120000"
    error_message = "a new database must begin with the snapshot"
  }
}

run "is_private_and_encrypted" {
  assert {
    condition     = !aws_db_instance.this.publicly_accessible && aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == "arn:aws:kms:us-east-1:111111111111:key/one"
    error_message = "the database must be private and encrypted with the environment's key"
  }

  assert {
    condition     = aws_db_instance.this.vpc_security_group_ids == toset(["sg-database"]) && aws_db_subnet_group.this.subnet_ids == toset(["subnet-5", "subnet-6"])
    error_message = "the database must stand in its own subnets and its own group"
  }

  assert {
    condition     = anytrue([for one in aws_db_parameter_group.this.parameter : one.name == "rds.force_ssl" && one.value == "1"])
    error_message = "clients without TLS must be refused"
  }

  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.password == null
    error_message = "RDS must make and rotate the password"
  }

  assert {
    condition     = aws_db_instance.this.iam_database_authentication_enabled && output.postgres.resource_id == "db-ONE"
    error_message = "the service must be able to sign in with a token, as a user of this very database"
  }
}

run "is_protected_unless_told_otherwise" {
  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.backup_retention_period == 7
    error_message = "without a word the database must refuse deletion, keep a last snapshot and a week of backups"
  }
}

run "leaves_a_snapshot_when_protection_is_lifted" {
  variables {
    postgres = { instance_class = "db.t4g.micro", is_protected = false }
  }

  assert {
    condition     = !aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && !aws_db_instance.this.delete_automated_backups
    error_message = "lifting the protection must not decline the last snapshot"
  }

  assert {
    condition     = can(regex("^slipway-test-last-of-[0-9]{14}$", aws_db_instance.this.final_snapshot_identifier))
    error_message = "the snapshot's name must be one that no database before had"
  }
}

run "leaves_none_where_it_is_declined" {
  variables {
    postgres = { instance_class = "db.t4g.micro", is_protected = false, keeps_last_snapshot = false }
  }

  assert {
    condition     = aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.delete_automated_backups
    error_message = "keeps_last_snapshot = false must leave nothing"
  }
}

run "refuses_to_restore_into_a_database_that_is_there" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", restore_from = "slipway-test-last-of-20261127120000" }
  }

  expect_failures = [aws_db_instance.this]
}

run "refuses_a_snapshot_that_is_none" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", restore_from = "last night" }
  }

  expect_failures = [var.postgres]
}

run "rings_at_four_fifths" {
  variables {
    postgres = {
      instance_class  = "db.t4g.micro"
      storage_gb      = 50
      max_connections = 300
      is_protected    = false
    }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["database-connections"].threshold == 240
    error_message = "240 of 300 connections must ring"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["database-storage"].threshold == 10737418240
    error_message = "less than 10 of 50 GiB must ring"
  }
}

run "refuses_the_state_of_another_environment" {
  command = plan

  variables {
    environment = "other"
  }

  expect_failures = [data.terraform_remote_state.security]
}

run "refuses_a_network_of_one_zone" {
  command = plan

  override_data {
    target = data.terraform_remote_state.connectivity
    values = {
      outputs = {
        subnet_ids = { database = ["subnet-5"] }
      }
    }
  }

  expect_failures = [data.terraform_remote_state.connectivity]
}

run "refuses_a_wrong_class" {
  command = plan

  variables {
    postgres           = { instance_class = "t4g.micro" }
    log_retention_days = 8
  }

  expect_failures = [var.postgres, var.log_retention_days]
}

run "refuses_too_little_storage" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", storage_gb = 10 }
  }

  expect_failures = [var.postgres]
}

run "refuses_no_backups" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", backup_days = 0 }
  }

  expect_failures = [var.postgres]
}

run "refuses_a_reserved_user" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", user = "postgres" }
  }

  expect_failures = [var.postgres]
}

run "refuses_the_services_user_as_master" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", user = "slipway_service" }
  }

  expect_failures = [var.postgres]
}

run "refuses_a_name_that_has_to_be_quoted" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", database = "my-app" }
  }

  expect_failures = [var.postgres]
}

run "refuses_too_few_connections" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", max_connections = 5 }
  }

  expect_failures = [var.postgres]
}

run "refuses_a_version_that_is_none" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", version = "17.4" }
  }

  expect_failures = [var.postgres]
}

run "refuses_another_name_for_a_database_that_is_there" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", database = "other" }
  }

  expect_failures = [aws_db_instance.this]
}

run "refuses_another_user_for_a_database_that_is_there" {
  command = plan

  variables {
    postgres = { instance_class = "db.t4g.micro", user = "other" }
  }

  expect_failures = [aws_db_instance.this]
}
