-- Pairs of schemas between which a plan has to find a way, both ways.
-- What stands above `-- from` both have; what stands below it or below `-- to` one of them has.

-- == a column's type, under views upon views, a rule, a policy, triggers and statistics
CREATE SCHEMA s;
CREATE FUNCTION s.nothing() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;
-- from
CREATE TABLE s.t (id bigint PRIMARY KEY, a varchar(10) DEFAULT 'x' NOT NULL, b text, CHECK (a <> b));
-- to
CREATE TABLE s.t (id bigint PRIMARY KEY, a text DEFAULT 'y' NOT NULL, b text, CHECK (a <> b));
-- both
CREATE INDEX t_a_idx ON s.t (a, lower(b)) WHERE a <> '';
CREATE STATISTICS s.t_stat ON a, b FROM s.t;
CREATE STATISTICS s.t_expressions ON lower(a), b FROM s.t;
CREATE VIEW s.v AS SELECT id, a FROM s.t;
CREATE VIEW s.w WITH (security_invoker = true) AS SELECT v.id, v.a || 'x' AS ax FROM s.v;
COMMENT ON VIEW s.w IS 'upon a view'; COMMENT ON COLUMN s.w.ax IS 'longer';
GRANT SELECT ON s.w TO torture_reader;
CREATE MATERIALIZED VIEW s.m AS SELECT a, count(*) AS n FROM s.w JOIN s.t USING (id) GROUP BY a WITH NO DATA;
CREATE UNIQUE INDEX m_a_idx ON s.m (a);
COMMENT ON INDEX s.m_a_idx IS 'of the kept rows';
CREATE RULE r AS ON UPDATE TO s.t WHERE new.a = 'no' DO INSTEAD NOTHING;
COMMENT ON RULE r ON s.t IS 'a rule';
CREATE TRIGGER instead INSTEAD OF DELETE ON s.v FOR EACH ROW EXECUTE FUNCTION s.nothing();
COMMENT ON TRIGGER instead ON s.v IS 'a trigger';
CREATE TRIGGER watched AFTER UPDATE OF a ON s.t FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a) EXECUTE FUNCTION s.nothing();
ALTER TABLE s.t DISABLE TRIGGER watched;
ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON s.t USING (a = current_user);
COMMENT ON POLICY p ON s.t IS 'a policy';
CREATE TABLE s.u (id bigint PRIMARY KEY);
CREATE POLICY q ON s.u USING (EXISTS (SELECT FROM s.t WHERE t.id = u.id AND t.a <> ''));

-- == a column's type, under a generated column with an index, a right, a comment and a check
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (id bigint PRIMARY KEY, a integer, g bigint GENERATED ALWAYS AS (a * 2) STORED);
-- to
CREATE TABLE s.t (id bigint PRIMARY KEY, a bigint, g bigint GENERATED ALWAYS AS (a * 2) STORED);
-- both
CREATE INDEX t_g_idx ON s.t (g);
ALTER TABLE s.t ADD CONSTRAINT t_g_check CHECK (g > 0);
COMMENT ON COLUMN s.t.g IS 'twice'; COMMENT ON CONSTRAINT t_g_check ON s.t IS 'positive';
GRANT SELECT (g) ON s.t TO torture_reader;
CREATE VIEW s.v AS SELECT g FROM s.t;

-- == another expression of a generated column
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (id bigint PRIMARY KEY, a integer, g bigint GENERATED ALWAYS AS (a * 2) STORED NOT NULL);
-- to
CREATE TABLE s.t (id bigint PRIMARY KEY, a integer, g bigint GENERATED ALWAYS AS (a * 3) STORED NOT NULL);
-- both
CREATE UNIQUE INDEX t_g_idx ON s.t (g, a);
CREATE VIEW s.v AS SELECT g FROM s.t;

-- == a column that is generated on one side and plain on the other
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (id bigint PRIMARY KEY, a integer, g bigint DEFAULT 5);
-- to
CREATE TABLE s.t (id bigint PRIMARY KEY, a integer, g bigint GENERATED ALWAYS AS (a * 3) STORED);
-- both
CREATE INDEX t_g_idx ON s.t (g);

-- == labels that went and came, under everything that names them
CREATE SCHEMA s;
-- from
CREATE TYPE s.mood AS ENUM ('sad', 'fine', 'glad');
-- to
CREATE TYPE s.mood AS ENUM ('glad', 'sad', 'great');
-- both
COMMENT ON TYPE s.mood IS 'how it is'; REVOKE USAGE ON TYPE s.mood FROM PUBLIC; GRANT USAGE ON TYPE s.mood TO torture_reader;
CREATE TABLE s.t (id bigint PRIMARY KEY, a s.mood DEFAULT 'sad' NOT NULL, b s.mood[] DEFAULT ARRAY['sad'::s.mood], c text,
    g boolean GENERATED ALWAYS AS (a = 'sad') STORED, CHECK (a <> 'glad' OR c IS NULL), UNIQUE (a, c));
CREATE INDEX t_a_idx ON s.t (a);
CREATE INDEX t_sad_idx ON s.t (id) WHERE a = 'sad';
CREATE INDEX t_expression_idx ON s.t ((a = 'glad'));
CREATE VIEW s.v AS SELECT id, a FROM s.t WHERE a > 'sad';
CREATE FUNCTION s.is_sad(m s.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT m = 'sad' $$;
CREATE FUNCTION s.first() RETURNS s.mood LANGUAGE sql IMMUTABLE AS $$ SELECT 'sad'::s.mood $$;
ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON s.t USING (a = 'sad' OR s.is_sad(a));
CREATE TRIGGER watched BEFORE UPDATE ON s.t FOR EACH ROW WHEN (new.a = 'glad') EXECUTE FUNCTION suppress_redundant_updates_trigger();

-- == a new label in front, in the middle and at the end
CREATE SCHEMA s;
-- from
CREATE TYPE s.mood AS ENUM ('b', 'd');
-- to
CREATE TYPE s.mood AS ENUM ('a', 'a2', 'b', 'c', 'd', 'e', 'f');
-- both
CREATE TABLE s.t (id bigint PRIMARY KEY, a s.mood DEFAULT 'b');

-- == a new label that a default, a check, a partial index and a new table use at once
CREATE SCHEMA s;
-- from
CREATE TYPE s.mood AS ENUM ('a');
CREATE TABLE s.t (id bigint PRIMARY KEY, a s.mood DEFAULT 'a');
-- to
CREATE TYPE s.mood AS ENUM ('a', 'b');
CREATE TABLE s.t (id bigint PRIMARY KEY, a s.mood DEFAULT 'b', CONSTRAINT c CHECK (a <> 'b' OR id > 0));
CREATE INDEX t_idx ON s.t (id) WHERE a = 'b';
CREATE TABLE s.u (a s.mood DEFAULT 'b');

-- == tables that refer to each other and to themselves
CREATE SCHEMA s;
-- from
-- to
CREATE TABLE s.a (id bigint PRIMARY KEY, b bigint, up bigint REFERENCES s.a);
CREATE TABLE s.b (id bigint PRIMARY KEY, a bigint REFERENCES s.a DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE s.a ADD FOREIGN KEY (b) REFERENCES s.b ON DELETE SET NULL (b);
COMMENT ON CONSTRAINT a_b_fkey ON s.a IS 'round';

-- == a table that goes while another that referred to it stays
CREATE SCHEMA s;
-- from
CREATE TABLE s.a (id bigint PRIMARY KEY);
CREATE TABLE s.b (id bigint PRIMARY KEY, a bigint REFERENCES s.a);
CREATE VIEW s.v AS SELECT b.id FROM s.b JOIN s.a ON a.id = b.a;
-- to
CREATE TABLE s.b (id bigint PRIMARY KEY, a bigint);

-- == a column that several indexes, a check and a foreign key name
CREATE SCHEMA s;
CREATE TABLE s.p (a bigint, b bigint, PRIMARY KEY (a, b));
-- from
CREATE TABLE s.t (id bigint PRIMARY KEY, a bigint, b bigint, CHECK (a < b), FOREIGN KEY (a, b) REFERENCES s.p, UNIQUE (a, b));
CREATE INDEX t_idx ON s.t (a, b); CREATE INDEX t_partial_idx ON s.t (id) WHERE b > 0;
CREATE INDEX t_include_idx ON s.t (id) INCLUDE (b);
-- to
CREATE TABLE s.t (id bigint PRIMARY KEY, a bigint);
CREATE INDEX t_idx ON s.t (a);

-- == another primary key, under foreign keys
CREATE SCHEMA s;
-- from
CREATE TABLE s.p (tenant bigint NOT NULL, id bigint NOT NULL, CONSTRAINT p_pkey PRIMARY KEY (id));
CREATE TABLE s.c (id bigint PRIMARY KEY, tenant bigint, p bigint, CONSTRAINT c_fkey FOREIGN KEY (p) REFERENCES s.p (id));
-- to
CREATE TABLE s.p (tenant bigint NOT NULL, id bigint NOT NULL, CONSTRAINT p_pkey PRIMARY KEY (tenant, id));
CREATE TABLE s.c (id bigint PRIMARY KEY, tenant bigint, p bigint, CONSTRAINT c_fkey FOREIGN KEY (tenant, p) REFERENCES s.p (tenant, id));

-- == a foreign key that hangs on an index here and on a constraint there
CREATE SCHEMA s;
-- from
CREATE TABLE s.p (id bigint PRIMARY KEY, code text NOT NULL);
CREATE UNIQUE INDEX p_code_key ON s.p (code);
-- to
CREATE TABLE s.p (id bigint PRIMARY KEY, code text NOT NULL, CONSTRAINT p_code_key UNIQUE (code));
-- both
CREATE TABLE s.c (id bigint PRIMARY KEY, code text REFERENCES s.p (code));

-- == a primary key that a table has and has not
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (a bigint, b text);
-- to
CREATE TABLE s.t (a bigint PRIMARY KEY, b text);

-- == a primary key of another name, under a foreign key
CREATE SCHEMA s;
-- from
CREATE TABLE s.p (id bigint CONSTRAINT old_pkey PRIMARY KEY, CONSTRAINT old_check CHECK (id > 0));
CREATE INDEX old_idx ON s.p (id) WHERE id > 5;
CREATE TABLE s.c (p bigint CONSTRAINT old_fkey REFERENCES s.p);
CREATE POLICY old_policy ON s.p USING (true);
CREATE TRIGGER old_trigger BEFORE UPDATE ON s.p FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- to
CREATE TABLE s.p (id bigint CONSTRAINT new_pkey PRIMARY KEY, CONSTRAINT new_check CHECK (id > 0));
CREATE INDEX new_idx ON s.p (id) WHERE id > 5;
CREATE TABLE s.c (p bigint CONSTRAINT new_fkey REFERENCES s.p);
CREATE POLICY new_policy ON s.p USING (true);
CREATE TRIGGER new_trigger BEFORE UPDATE ON s.p FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();

-- == indexes whose names are exchanged, and the marks that they carry
CREATE SCHEMA s;
CREATE TABLE s.t (a bigint NOT NULL, b bigint NOT NULL);
-- from
CREATE UNIQUE INDEX one ON s.t (a); CREATE UNIQUE INDEX two ON s.t (b);
ALTER TABLE s.t REPLICA IDENTITY USING INDEX one; ALTER TABLE s.t CLUSTER ON two;
-- to
CREATE UNIQUE INDEX one ON s.t (b); CREATE UNIQUE INDEX two ON s.t (a);
ALTER TABLE s.t REPLICA IDENTITY USING INDEX two; ALTER TABLE s.t CLUSTER ON one;

-- == a replica identity that goes with its index, and one that stays where the index is made anew
CREATE SCHEMA s;
CREATE TABLE s.t (a bigint NOT NULL, b bigint NOT NULL); CREATE TABLE s.u (a bigint NOT NULL, b bigint NOT NULL);
CREATE TABLE s.w (a bigint CONSTRAINT w_pkey PRIMARY KEY, b bigint NOT NULL);
-- from
CREATE UNIQUE INDEX t_idx ON s.t (a); ALTER TABLE s.t REPLICA IDENTITY USING INDEX t_idx;
CREATE UNIQUE INDEX u_idx ON s.u (a); ALTER TABLE s.u REPLICA IDENTITY USING INDEX u_idx; ALTER TABLE s.u CLUSTER ON u_idx;
ALTER TABLE s.w REPLICA IDENTITY USING INDEX w_pkey;
-- to
ALTER TABLE s.t REPLICA IDENTITY FULL;
CREATE UNIQUE INDEX u_idx ON s.u (b); ALTER TABLE s.u REPLICA IDENTITY USING INDEX u_idx; ALTER TABLE s.u CLUSTER ON u_idx;

-- == a table here, a view of the same name there
CREATE SCHEMA s;
CREATE TABLE s.base (id bigint PRIMARY KEY, a text);
-- from
CREATE TABLE s.t (id bigint PRIMARY KEY, a text);
-- to
CREATE VIEW s.t AS SELECT id, a FROM s.base;

-- == a view here, a materialized one there, with a view upon it
CREATE SCHEMA s;
CREATE TABLE s.base (id bigint PRIMARY KEY, a text);
-- from
CREATE VIEW s.v AS SELECT id, a FROM s.base;
-- to
CREATE MATERIALIZED VIEW s.v AS SELECT id, a FROM s.base WITH NO DATA;
-- both
CREATE VIEW s.w AS SELECT id FROM s.v;

-- == a view whose columns change, with everything upon it
CREATE SCHEMA s;
CREATE TABLE s.t (id bigint PRIMARY KEY, a text, b text);
-- from
CREATE VIEW s.v WITH (security_barrier = true) AS SELECT id, a AS x FROM s.t;
-- to
CREATE VIEW s.v WITH (check_option = local) AS SELECT id, b AS y, a AS x FROM s.t;
-- both
GRANT SELECT ON s.v TO torture_reader WITH GRANT OPTION; COMMENT ON VIEW s.v IS 'a view';
CREATE VIEW s.w AS SELECT x FROM s.v;
ALTER VIEW s.w ALTER COLUMN x SET DEFAULT 'none';

-- == the default that a view gives
CREATE SCHEMA s; CREATE TABLE s.t (id bigint PRIMARY KEY, a text, b text); CREATE VIEW s.v AS SELECT id, a, b FROM s.t;
-- from
ALTER VIEW s.v ALTER COLUMN a SET DEFAULT 'one'; COMMENT ON COLUMN s.v.b IS 'said';
-- to
ALTER VIEW s.v ALTER COLUMN b SET DEFAULT 'two';

-- == what a function returns, under a default, a policy, an index, a check, a generated column and a view
CREATE SCHEMA s;
-- from
CREATE FUNCTION s.f(a text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;
-- to
CREATE FUNCTION s.f(a text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT 1::bigint $$;
-- both
REVOKE EXECUTE ON FUNCTION s.f FROM PUBLIC; GRANT EXECUTE ON FUNCTION s.f TO torture_reader; COMMENT ON FUNCTION s.f IS 'one';
CREATE TABLE s.t (id bigint DEFAULT s.f('x') PRIMARY KEY, a text, g bigint GENERATED ALWAYS AS (s.f(a)) STORED, CHECK (s.f(a) > 0));
CREATE INDEX t_idx ON s.t (s.f(a));
CREATE POLICY p ON s.t USING (s.f(a) = 1);
CREATE VIEW s.v AS SELECT s.f(a) > 0 AS ok FROM s.t;

-- == a function of other arguments, which a policy follows
CREATE SCHEMA s;
CREATE TABLE s.t (id bigint PRIMARY KEY, a text);
-- from
CREATE FUNCTION s.f(a text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT true $$;
CREATE POLICY p ON s.t USING (s.f(a));
-- to
CREATE FUNCTION s.f(a text, b bigint DEFAULT 3) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT true $$;
CREATE POLICY p ON s.t USING (s.f(a, id));

-- == a function whose arguments have other names and defaults
CREATE SCHEMA s;
-- from
CREATE FUNCTION s.f(a text, b integer DEFAULT 1) RETURNS text LANGUAGE sql AS $$ SELECT a $$;
CREATE PROCEDURE s.p(INOUT a integer) LANGUAGE plpgsql AS $$BEGIN a := 1; END$$;
-- to
CREATE FUNCTION s.f(x text, y integer) RETURNS text LANGUAGE sql AS $$ SELECT x $$;
CREATE PROCEDURE s.p(INOUT b integer) LANGUAGE plpgsql AS $$BEGIN b := 1; END$$;
COMMENT ON PROCEDURE s.p IS 'a procedure';

-- == functions whose bodies the server parsed, over tables and each other
CREATE SCHEMA s;
-- from
-- to
CREATE TABLE s.t (id bigint PRIMARY KEY, a text);
CREATE FUNCTION s.f(i bigint) RETURNS text STABLE BEGIN ATOMIC SELECT a FROM s.t WHERE id = i; END;
CREATE FUNCTION s.all() RETURNS SETOF s.t STABLE BEGIN ATOMIC SELECT * FROM s.t; END;
CREATE FUNCTION s.g(r s.t) RETURNS text LANGUAGE sql AS $$ SELECT s.f(r.id) $$;
CREATE TABLE s.u (id bigint PRIMARY KEY, a text DEFAULT s.f(1));
CREATE VIEW s.v AS SELECT * FROM s.all();
CREATE FUNCTION s.of_view() RETURNS SETOF s.v LANGUAGE sql AS $$ SELECT * FROM s.v $$;

-- == numbers by a sequence here, by an identity there
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (id bigserial PRIMARY KEY, n serial, m integer GENERATED ALWAYS AS IDENTITY);
-- to
CREATE TABLE s.t (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n integer NOT NULL, m integer NOT NULL);

-- == an identity's type, numbers and sequence's name
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (id integer GENERATED ALWAYS AS IDENTITY, n bigint GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME s.one START 5));
-- to
CREATE TABLE s.t (id bigint GENERATED BY DEFAULT AS IDENTITY (INCREMENT 5), n bigint GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME s.other));

-- == a constraint of another name over a column of another type
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (a integer, b integer, g integer GENERATED ALWAYS AS (a + 1) STORED, CONSTRAINT one CHECK (g > 0), CONSTRAINT k UNIQUE (g));
-- to
CREATE TABLE s.t (a integer, b integer, g integer GENERATED ALWAYS AS (a + 2) STORED, CONSTRAINT two CHECK (g > 0), CONSTRAINT l UNIQUE (g));

-- == parts with defaults of their own, of a whole whose default, type and NOT NULL change
CREATE SCHEMA s;
-- from
CREATE TYPE s.e AS ENUM ('a', 'b', 'c');
CREATE TABLE s.t (at integer NOT NULL, a varchar(9) DEFAULT 'x', b text DEFAULT 'b' NOT NULL, e s.e DEFAULT 'a') PARTITION BY RANGE (at);
-- to
CREATE TYPE s.e AS ENUM ('a', 'b');
CREATE TABLE s.t (at integer NOT NULL, a text DEFAULT 'y', b text, e s.e DEFAULT 'a') PARTITION BY RANGE (at);
-- both
CREATE TABLE s.t_1 PARTITION OF s.t FOR VALUES FROM (0) TO (10);
ALTER TABLE s.t_1 ALTER a SET DEFAULT 'own', ALTER b SET DEFAULT 'own', ALTER b SET NOT NULL, ALTER e SET DEFAULT 'b';
CREATE TABLE s.t_2 PARTITION OF s.t FOR VALUES FROM (10) TO (20) PARTITION BY LIST (at);
CREATE TABLE s.t_2_1 PARTITION OF s.t_2 FOR VALUES IN (11);
ALTER TABLE s.t_2_1 ALTER a DROP DEFAULT, ALTER b SET NOT NULL;

-- == a column's type, under a function that the server parsed and what calls it
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (id bigint PRIMARY KEY, a integer);
-- to
CREATE TABLE s.t (id bigint PRIMARY KEY, a bigint);
-- both
CREATE FUNCTION s.f() RETURNS bigint STABLE BEGIN ATOMIC SELECT sum(a)::bigint FROM s.t; END;
GRANT EXECUTE ON FUNCTION s.f TO torture_reader;
CREATE VIEW s.v AS SELECT s.f() AS sum;
CREATE TABLE s.u (n bigint DEFAULT s.f());

-- == an extension that goes, under columns, an index, a default and a view that stay
CREATE SCHEMA s;
-- from
CREATE EXTENSION citext SCHEMA s; CREATE EXTENSION pg_trgm SCHEMA s;
CREATE TABLE s.t (a s.citext DEFAULT 'x', b text); CREATE INDEX t_idx ON s.t USING gin (b s.gin_trgm_ops);
-- to
CREATE TABLE s.t (a text DEFAULT 'x', b text); CREATE INDEX t_idx ON s.t (b);
-- both
CREATE VIEW s.v AS SELECT a FROM s.t;

-- == a type that another kind of type takes the name of, with its columns
CREATE SCHEMA s;
-- from
CREATE TYPE s.k AS ENUM ('a'); CREATE TABLE s.t (id bigint, a s.k); CREATE FUNCTION s.f(a s.k) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
-- to
CREATE DOMAIN s.k AS text; CREATE TABLE s.t (id bigint, b s.k); CREATE FUNCTION s.f(a s.k) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;

-- == a sequence with numbers, rights, a comment and an owner that change
CREATE SCHEMA s;
-- from
CREATE SEQUENCE s.q AS integer START 5 INCREMENT 2 MINVALUE 3 MAXVALUE 99 CACHE 4 CYCLE;
CREATE TABLE s.t (id bigint DEFAULT nextval('s.q'), other bigint);
ALTER SEQUENCE s.q OWNED BY s.t.id; GRANT USAGE ON SEQUENCE s.q TO torture_reader; COMMENT ON SEQUENCE s.q IS 'numbers';
-- to
CREATE SEQUENCE s.q AS bigint START 50 INCREMENT -1 MINVALUE -5 MAXVALUE 5000;
CREATE TABLE s.t (id bigint, other bigint DEFAULT nextval('s.q'));
ALTER SEQUENCE s.q OWNED BY s.t.other;

-- == a sequence that another table's default still takes from
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (id bigserial); CREATE TABLE s.u (id bigint DEFAULT nextval('s.t_id_seq'));
-- to
CREATE SEQUENCE s.t_id_seq; CREATE TABLE s.u (id bigint DEFAULT nextval('s.t_id_seq'));

-- == a partitioned table with all that its parts can have of their own
CREATE SCHEMA s;
CREATE TABLE s.p (id bigint PRIMARY KEY);
-- from
-- to
CREATE TABLE s.t (at date NOT NULL, id bigint NOT NULL, a text DEFAULT 'x', p bigint REFERENCES s.p, PRIMARY KEY (at, id), CHECK (id > 0))
    PARTITION BY RANGE (at);
CREATE TABLE s.t_2025 PARTITION OF s.t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (id);
CREATE TABLE s.t_2025_1 PARTITION OF s.t_2025 (CONSTRAINT own CHECK (a <> 'z')) FOR VALUES IN (1);
CREATE TABLE s.t_2025_def PARTITION OF s.t_2025 DEFAULT;
CREATE TABLE s.t_def PARTITION OF s.t DEFAULT WITH (fillfactor = 70);
ALTER TABLE s.t_def ALTER COLUMN a SET DEFAULT 'y', ALTER COLUMN a SET NOT NULL;
COMMENT ON TABLE s.t_def IS 'the rest'; COMMENT ON COLUMN s.t_def.a IS 'of the rest';
GRANT SELECT ON s.t_def TO torture_reader; GRANT INSERT (a) ON s.t_2025_1 TO torture_reader;
CREATE INDEX t_a_idx ON s.t (a); CREATE INDEX own_idx ON s.t_def (lower(a));
CREATE TRIGGER watched BEFORE UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE s.t_def ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON s.t_def USING (true);

-- == parts that come, go and hold other rows
CREATE SCHEMA s;
CREATE TABLE s.t (at integer NOT NULL, a text, PRIMARY KEY (at)) PARTITION BY RANGE (at);
CREATE INDEX t_a_idx ON s.t (a);
-- from
CREATE TABLE s.t_1 PARTITION OF s.t FOR VALUES FROM (0) TO (10);
CREATE TABLE s.t_2 PARTITION OF s.t FOR VALUES FROM (10) TO (20);
CREATE TABLE s.t_3 PARTITION OF s.t FOR VALUES FROM (20) TO (30);
-- to
CREATE TABLE s.t_1 PARTITION OF s.t FOR VALUES FROM (0) TO (15);
CREATE TABLE s.t_2 PARTITION OF s.t FOR VALUES FROM (15) TO (25);
CREATE TABLE s.t_4 PARTITION OF s.t FOR VALUES FROM (25) TO (35);

-- == a column, an index and a key that a partitioned table gets, with its parts
CREATE SCHEMA s;
CREATE TABLE s.p (id bigint PRIMARY KEY);
-- from
CREATE TABLE s.t (at integer NOT NULL, a text) PARTITION BY RANGE (at);
-- to
CREATE TABLE s.t (at integer NOT NULL, a text, b bigint DEFAULT 5 REFERENCES s.p, CHECK (b > 0), UNIQUE (at, b)) PARTITION BY RANGE (at);
-- both
CREATE TABLE s.t_1 PARTITION OF s.t FOR VALUES FROM (0) TO (10);
CREATE TABLE s.t_2 PARTITION OF s.t FOR VALUES FROM (10) TO (20);

-- == the type of a partitioned table's column
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (at integer NOT NULL, a varchar(5)) PARTITION BY RANGE (at);
-- to
CREATE TABLE s.t (at integer NOT NULL, a text) PARTITION BY RANGE (at);
-- both
CREATE TABLE s.t_1 PARTITION OF s.t FOR VALUES FROM (0) TO (10);
CREATE INDEX t_a_idx ON s.t (a); CREATE VIEW s.v AS SELECT a FROM s.t_1;

-- == heirs of several parents
CREATE SCHEMA s;
-- from
CREATE TABLE s.a (x integer CHECK (x > 0), y text); CREATE TABLE s.b (x integer, z text);
-- to
CREATE TABLE s.a (x integer CHECK (x > 1), y text DEFAULT 'y', n integer); CREATE TABLE s.b (x integer, z text);
-- both
CREATE TABLE s.c (own text) INHERITS (s.a, s.b);
CREATE TABLE s.d (x integer) INHERITS (s.a);

-- == a domain's check, default and NOT NULL, under columns and another domain
CREATE SCHEMA s;
-- from
CREATE DOMAIN s.d AS text DEFAULT 'a' CONSTRAINT short CHECK (length(VALUE) < 5) CONSTRAINT same CHECK (VALUE <> '');
-- to
CREATE DOMAIN s.d AS text NOT NULL CONSTRAINT short CHECK (length(VALUE) < 9) CONSTRAINT same CHECK (VALUE <> '');
ALTER DOMAIN s.d ADD CONSTRAINT later CHECK (VALUE <> 'later') NOT VALID;
-- both
CREATE DOMAIN s.e AS s.d CONSTRAINT more CHECK (VALUE <> 'x');
COMMENT ON DOMAIN s.e IS 'a domain'; REVOKE USAGE ON DOMAIN s.e FROM PUBLIC;
CREATE TABLE s.t (a s.d, b s.e);

-- == types that nothing needs, changed as no statement can
CREATE SCHEMA s;
-- from
CREATE DOMAIN s.d AS text COLLATE "C"; CREATE TYPE s.c AS (a text, b integer); CREATE TYPE s.r AS RANGE (subtype = float8);
CREATE COLLATION s.k (provider = icu, locale = 'de'); CREATE TYPE s.x AS ENUM ('a');
-- to
CREATE DOMAIN s.d AS integer; CREATE TYPE s.c AS (n integer, b bigint, a text); CREATE TYPE s.r AS RANGE (subtype = text, collation = "C");
CREATE COLLATION s.k (provider = icu, locale = 'sv', deterministic = false); CREATE DOMAIN s.x AS text;

-- == types in types
CREATE SCHEMA s;
-- from
-- to
CREATE COLLATION s.k (provider = icu, locale = 'de');
CREATE TYPE s.c AS (a text COLLATE s.k, b integer[]);
CREATE TYPE s.cc AS (c s.c, many s.c[]);
CREATE DOMAIN s.positive AS integer CHECK (VALUE > 0);
CREATE TYPE s.r AS RANGE (subtype = s.positive, multirange_type_name = s.many_r);
CREATE TABLE s.t (c s.cc, r s.r, m s.many_r, k text COLLATE s.k);
CREATE TABLE s.u (t s.t, ts s.t[]);
COMMENT ON TYPE s.r IS 'a range'; COMMENT ON TYPE s.c IS 'parts'; COMMENT ON COLLATION s.k IS 'an order';
GRANT USAGE ON TYPE s.c TO torture_reader WITH GRANT OPTION;

-- == rights of every kind that come, go and may be passed on
CREATE SCHEMA s;
CREATE TABLE s.t (a text, b text); CREATE VIEW s.v AS SELECT a FROM s.t; CREATE SEQUENCE s.q;
CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$; CREATE TYPE s.c AS (a text);
-- from
GRANT USAGE ON SCHEMA s TO torture_reader, PUBLIC;
GRANT SELECT, INSERT, UPDATE ON s.t TO torture_reader WITH GRANT OPTION; GRANT SELECT (a), UPDATE (b) ON s.t TO PUBLIC;
GRANT ALL ON s.v TO torture_reader; GRANT SELECT ON SEQUENCE s.q TO torture_reader;
REVOKE ALL ON FUNCTION s.f FROM PUBLIC;
-- to
GRANT CREATE, USAGE ON SCHEMA s TO torture_reader WITH GRANT OPTION;
GRANT SELECT ON s.t TO torture_reader; GRANT UPDATE (a, b), SELECT (b) ON s.t TO torture_reader WITH GRANT OPTION; GRANT SELECT (a) ON s.t TO PUBLIC;
GRANT SELECT ON s.v TO PUBLIC; GRANT USAGE ON SEQUENCE s.q TO torture_reader WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION s.f TO torture_reader WITH GRANT OPTION; REVOKE ALL ON TYPE s.c FROM PUBLIC;

-- == the rights that new objects start with, and objects that were made before and after
CREATE SCHEMA s; CREATE SCHEMA r;
-- from
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO torture_reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE TABLE s.with_them (a text); CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
-- to
CREATE TABLE s.without_them (a text); CREATE FUNCTION s.g() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
ALTER DEFAULT PRIVILEGES IN SCHEMA r GRANT USAGE ON SEQUENCES TO torture_reader WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
CREATE SEQUENCE r.q; CREATE TYPE s.e AS ENUM ('a');

-- == publications
CREATE SCHEMA s; CREATE SCHEMA r;
CREATE TABLE s.t (id bigint PRIMARY KEY, a text); CREATE TABLE s.u (id bigint PRIMARY KEY);
-- from
CREATE PUBLICATION one FOR TABLE s.t (id) WHERE (id > 5), s.u; CREATE PUBLICATION two FOR TABLE s.t; CREATE PUBLICATION three;
-- to
CREATE PUBLICATION one FOR TABLE s.t WITH (publish = 'insert, delete', publish_via_partition_root = true);
CREATE PUBLICATION two; CREATE PUBLICATION three FOR TABLE s.u; CREATE PUBLICATION four; COMMENT ON PUBLICATION four IS 'empty';

-- == the type of a column that a publication's condition reads, and a table of one that goes
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (id integer PRIMARY KEY); CREATE TABLE s.u (id bigint); CREATE PUBLICATION one FOR TABLE s.t WHERE (id > 5), s.u;
-- to
CREATE TABLE s.t (id bigint PRIMARY KEY); CREATE PUBLICATION one FOR TABLE s.t WHERE (id > 5);

-- == how columns and tables are kept
CREATE SCHEMA s;
-- from
CREATE UNLOGGED TABLE s.t (a text COLLATE "C", b integer, c text) WITH (fillfactor = 50, autovacuum_enabled = false);
ALTER TABLE s.t ALTER a SET STORAGE EXTERNAL, ALTER a SET COMPRESSION pglz, ALTER b SET STATISTICS 5, ALTER c SET (n_distinct = 9);
CREATE INDEX t_idx ON s.t (a) WITH (fillfactor = 60); CREATE STATISTICS s.st ON a, b FROM s.t; ALTER STATISTICS s.st SET STATISTICS 3;
-- to
CREATE TABLE s.t (a text, b integer, c text) WITH (autovacuum_enabled = true, autovacuum_vacuum_threshold = 9);
ALTER TABLE s.t ALTER c SET STORAGE MAIN, ALTER c SET (n_distinct = -0.5), ALTER c SET COMPRESSION pglz;
CREATE INDEX t_idx ON s.t (a) WITH (deduplicate_items = off); CREATE STATISTICS s.st (mcv) ON a, b FROM s.t;

-- == checks and foreign keys that were never validated
CREATE SCHEMA s;
CREATE TABLE s.p (id bigint PRIMARY KEY);
-- from
CREATE TABLE s.t (a bigint, CONSTRAINT same CHECK (a > 0));
ALTER TABLE s.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.p NOT VALID, ADD CONSTRAINT c CHECK (a > 1) NOT VALID;
-- to
CREATE TABLE s.t (a bigint, CONSTRAINT same CHECK (a > 0), CONSTRAINT c CHECK (a > 1),
    CONSTRAINT f FOREIGN KEY (a) REFERENCES s.p DEFERRABLE INITIALLY DEFERRED);

-- == an extension, with columns, an index and a function of its types
-- from
-- to
CREATE SCHEMA s; CREATE EXTENSION citext SCHEMA s; CREATE EXTENSION pg_trgm SCHEMA s;
CREATE TABLE s.t (a s.citext DEFAULT 'x', b text, CHECK (a <> 'y'));
CREATE INDEX t_idx ON s.t USING gin (b s.gin_trgm_ops);
CREATE FUNCTION s.f(a s.citext) RETURNS s.citext LANGUAGE sql AS $$ SELECT a $$;
COMMENT ON EXTENSION citext IS 'texts';

-- == a column of another type of the same text
CREATE SCHEMA s; CREATE EXTENSION citext SCHEMA s; CREATE TYPE s.mood AS ENUM ('a', 'b');
-- from
CREATE TABLE s.t (a text DEFAULT 'a', b varchar(20) NOT NULL, c text[] DEFAULT '{}', d integer, e timestamp, f json, g text, CHECK (a <> b));
-- to
CREATE TABLE s.t (a s.citext DEFAULT 'a', b s.mood NOT NULL, c varchar(5)[] DEFAULT '{}', d text, e timestamptz, f jsonb, g uuid);

-- == numbers, times and truth
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (a integer, b numeric(9,2) DEFAULT 1.5, c timestamp(3) with time zone, d boolean DEFAULT true, e integer[], f text);
-- to
CREATE TABLE s.t (a bigint, b integer DEFAULT 2, c date, d integer DEFAULT 1, e bigint[], f boolean);

-- == names that have to be quoted
-- from
CREATE SCHEMA "S.s"; CREATE TABLE "S.s"."T ""t" ("Col 1" integer CONSTRAINT "C 1" CHECK ("Col 1" > 0), "select" text);
-- to
CREATE SCHEMA "S.s"; CREATE TABLE "S.s"."T ""t" ("Col 1" bigint CONSTRAINT "C 2" CHECK ("Col 1" > 0) PRIMARY KEY, "or" text DEFAULT 'it''s');
CREATE INDEX "I i" ON "S.s"."T ""t" ("or"); CREATE POLICY "P p" ON "S.s"."T ""t" USING ("or" <> 'a;b');
CREATE FUNCTION "S.s"."F f"("A a" text) RETURNS text LANGUAGE sql AS $_$ SELECT $1 $_$; COMMENT ON FUNCTION "S.s"."F f" IS E'a\nb';
CREATE TRIGGER "G g" BEFORE UPDATE ON "S.s"."T ""t" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TYPE "S.s"."E e" AS ENUM ('A', 'b c', 'it''s'); CREATE SEQUENCE "S.s"."Q q";

-- == a table of another schema, and a schema that goes
-- from
CREATE SCHEMA a; CREATE TYPE a.e AS ENUM ('x'); CREATE TABLE a.t (id bigserial PRIMARY KEY, e a.e); CREATE VIEW a.v AS SELECT id FROM a.t;
CREATE TABLE a.u (t bigint REFERENCES a.t);
-- to
CREATE SCHEMA b; CREATE TYPE b.e AS ENUM ('x'); CREATE TABLE b.t (id bigserial PRIMARY KEY, e b.e); CREATE VIEW b.v AS SELECT id FROM b.t;
CREATE TABLE b.u (t bigint REFERENCES b.t);

-- == relations of one name, of other tables and kinds
CREATE SCHEMA s; CREATE TABLE s.a (x integer); CREATE TABLE s.b (x integer);
-- from
CREATE INDEX one ON s.a (x); CREATE TABLE s.two (x integer); CREATE SEQUENCE s.three;
-- to
CREATE INDEX one ON s.b (x); CREATE INDEX two ON s.b (x) WHERE x > 0; CREATE TABLE s.three (x integer);

-- == exclusions
CREATE SCHEMA s;
-- from
CREATE TABLE s.t (a int4range, b integer, CONSTRAINT e EXCLUDE USING gist (a WITH &&));
-- to
CREATE TABLE s.t (a int4range, b integer, CONSTRAINT e EXCLUDE USING gist (a WITH &&) WHERE (b > 0) DEFERRABLE);

-- == unlogged tables that refer to each other
CREATE SCHEMA s;
-- from
CREATE TABLE s.p (id bigint PRIMARY KEY); CREATE TABLE s.c (p bigint REFERENCES s.p);
-- to
CREATE UNLOGGED TABLE s.p (id bigint PRIMARY KEY); CREATE UNLOGGED TABLE s.c (p bigint REFERENCES s.p);
