-- Somebody's schema in which every table can be a model; nothing of it is this library's.
CREATE TYPE plan AS ENUM ('free', 'pro');
CREATE TABLE companies (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    plan plan NOT NULL DEFAULT 'free',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE employees (
    id uuid PRIMARY KEY,
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    email varchar(320) NOT NULL,
    manager_id uuid REFERENCES employees ON DELETE SET NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (company_id, email)
);
CREATE TABLE reports (
    id uuid CONSTRAINT "Reports_PK" PRIMARY KEY DEFAULT gen_random_uuid(),
    employee_id uuid NOT NULL REFERENCES employees ON DELETE CASCADE,
    body jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX reports_by_employee ON reports (employee_id);
CREATE TABLE currencies (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), code text NOT NULL UNIQUE);
INSERT INTO companies (id, name) VALUES ('00000000-0000-0000-0000-000000000001', 'Acme');
INSERT INTO employees (id, company_id, email, updated_at)
    VALUES ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 'a@example.com', now());
INSERT INTO reports (employee_id) VALUES ('00000000-0000-0000-0000-000000000002');
