-- A multi-tenant schema as people write them by hand: no row security, keys of one column, constraints for uniqueness.
CREATE TYPE plan AS ENUM ('free', 'pro', 'enterprise');
CREATE TYPE "ProjectState" AS ENUM ('OPEN', 'ON_HOLD', 'closed!', '2fa', 'Self');
CREATE TABLE organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    plan plan NOT NULL DEFAULT 'free',
    seats integer NOT NULL DEFAULT 5 CHECK (seats > 0),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    email varchar(320) NOT NULL,
    type text NOT NULL DEFAULT 'member',
    "save" boolean NOT NULL DEFAULT true,
    "2fa" boolean NOT NULL DEFAULT false,
    last_seen timestamptz,
    born date,
    balance numeric(12,2) NOT NULL DEFAULT 0,
    avatar bytea,
    scores integer[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, email)
);
COMMENT ON TABLE users IS 'People.
They log in.';
COMMENT ON COLUMN users.email IS 'Where to reach them.';
CREATE INDEX users_lower_email ON users (lower(email));
CREATE TABLE projects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    owner_id uuid REFERENCES users (id) ON DELETE SET NULL,
    parent_id uuid REFERENCES projects (id),
    state "ProjectState" NOT NULL DEFAULT 'OPEN',
    slug text NOT NULL UNIQUE,
    settings jsonb NOT NULL DEFAULT '{}',
    ratio double precision NOT NULL DEFAULT 0.5,
    number bigserial,
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple', slug)) STORED
);
CREATE INDEX projects_recent ON projects (organization_id, number DESC) WHERE state = 'OPEN';
CREATE INDEX projects_search ON projects USING gin (search);
CREATE TABLE tasks (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    assignee_id uuid REFERENCES users (id),
    title text NOT NULL,
    position integer NOT NULL DEFAULT -1
);
CREATE TABLE countries (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), code character(2) NOT NULL, name text NOT NULL);
CREATE TABLE project_members (project_id uuid REFERENCES projects (id), user_id uuid REFERENCES users (id), PRIMARY KEY (project_id, user_id));
CREATE TABLE events (id bigserial PRIMARY KEY, organization_id uuid NOT NULL, body jsonb);
CREATE TABLE notes_without_key (text text);
CREATE TABLE metrics (id uuid, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE VIEW open_projects AS SELECT id, slug FROM projects WHERE state = 'OPEN';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.updated_at = now(); RETURN NEW; END$$;
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
