-- For Citus, on its coordinator: the tenants' rows are spread over the nodes, each tenant's on one of them.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_proc WHERE proname = 'create_distributed_table') THEN
        RAISE EXCEPTION 'this database has no Citus: the function create_distributed_table is missing'
            USING ERRCODE = 'feature_not_supported', HINT = 'Run CREATE EXTENSION citus in it, on every node.';
    END IF;
END
$$;

-- One connection to each node: in one transaction Citus would else refuse to change a copied table, or to refer to it,
-- once it has changed spread ones over several.
SET LOCAL citus.multi_shard_modify_mode = 'sequential';
