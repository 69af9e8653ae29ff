//! What is wrong with the database at a file's end and was not before: what a later statement of the file may mend.

use std::collections::BTreeMap;

use super::super::finding::Rule;
use super::super::world::{Oid, World};
use super::{FOREIGN_KEY_WITHOUT_INDEX, NO_OWNER_POLICY, NO_ROW_SECURITY, OWNERS_DEFINER, POLICY_FOR_EVERYBODY};

/// What is wrong, by rule and object: the table, why, and the safe form.
pub(in crate::migrate::lint) type Standing = BTreeMap<(&'static str, Oid), Fault>;

pub(in crate::migrate::lint) struct Fault {
    pub(in crate::migrate::lint) rule: Rule,
    pub(in crate::migrate::lint) table: Option<Oid>,
    pub(in crate::migrate::lint) why: String,
    pub(in crate::migrate::lint) instead: String,
}

/// What is wrong in this database.
pub(in crate::migrate::lint) fn standing(world: &World) -> Standing {
    let faults = tables(world).into_iter().chain(keys(world)).chain(definers(world));
    faults.map(|(oid, fault)| ((fault.rule.name, oid), fault)).collect()
}

fn tables(world: &World) -> Vec<(Oid, Fault)> {
    let mut faults = Vec::new();
    for (oid, table) in world.tables.iter().filter(|(_, table)| table.is_table() && !table.is_partition) {
        let mut fault = |rule: Rule, why: String, instead: String| {
            faults.push((*oid, Fault { rule, table: Some(*oid), why, instead }));
        };
        let name = &table.name;
        let policy = format!(
            "CREATE POLICY {}_owner ON {} TO waygate_owner USING (true) WITH CHECK (true);",
            table.bare(),
            table.sql
        );
        if !table.is_secured || !table.is_forced {
            let why = if table.is_secured {
                format!("row security of {name} does not bind its owner")
            } else {
                format!("{name} has no row security: whoever may read it reads every tenant's rows")
            };
            let enable = format!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;", table.sql);
            fault(
                NO_ROW_SECURITY,
                why,
                format!("{enable}\nand a policy for each role, the owner's among them:\n{policy}"),
            );
        } else if !table.serves_owner() {
            let why =
                format!("no policy of {name} is for waygate_owner: its backfills see no row, and say that all is well");
            fault(NO_OWNER_POLICY, why, policy);
        }
        for (policy, roles) in &table.policies {
            if roles.iter().any(|role| role == "PUBLIC") {
                let why = format!("the policy {policy} of {name} is for every role, the service's too");
                fault(POLICY_FOR_EVERYBODY, why, "name the role: CREATE POLICY … TO waygate_app".to_owned());
            }
        }
    }
    faults
}

fn keys(world: &World) -> Vec<(Oid, Fault)> {
    let mut faults = Vec::new();
    for (oid, key) in world.constraints.iter().filter(|(_, one)| one.kind == 'f' && !world.serves(one)) {
        let (Some(table), Some(parent)) = (world.tables.get(&key.table), world.tables.get(&key.parent)) else {
            continue;
        };
        let columns = key.columns.iter().filter_map(|number| table.columns.get(number));
        let columns: Vec<&str> = columns.map(|column| column.sql.as_str()).collect();
        let why = format!(
            "the foreign key {} has no index of its own columns: each DELETE of a row of {} reads all of {}",
            key.name, parent.name, table.name
        );
        let instead =
            format!("-- waygate:step autocommit\nCREATE INDEX CONCURRENTLY ON {} ({});", table.sql, columns.join(", "));
        faults.push((*oid, Fault { rule: FOREIGN_KEY_WITHOUT_INDEX, table: Some(key.table), why, instead }));
    }
    faults
}

fn definers(world: &World) -> Vec<(Oid, Fault)> {
    let fault = |(oid, function): (&Oid, &String)| {
        let why = format!("{function} runs with the rights of waygate_owner, who sees every tenant's rows");
        let instead =
            "SECURITY INVOKER; or give it to a role that may do this alone: ALTER FUNCTION … OWNER TO …".to_owned();
        (*oid, Fault { rule: OWNERS_DEFINER, table: None, why, instead })
    };
    world.definers.iter().map(fault).collect()
}
