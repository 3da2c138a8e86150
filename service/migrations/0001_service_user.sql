-- The service's own user: it reads and writes data, owns nothing, and changes no schema. Whoever runs the migrations owns
-- what they make. It gets no password here: on Amazon RDS it signs in with a token of the task's role.

DO $$
BEGIN
  -- Users are the server's: another database of it may have made this one already, or be about to.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'slipway_service') THEN
    CREATE ROLE slipway_service LOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO slipway_service;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO slipway_service', current_database());
END
$$;

-- Since PostgreSQL 15 nobody else may create there; in a database that is older than that everybody may.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO slipway_service;

-- What is there, and what later migrations make.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO slipway_service;
GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA public TO slipway_service;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO slipway_service;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, USAGE ON SEQUENCES TO slipway_service;
