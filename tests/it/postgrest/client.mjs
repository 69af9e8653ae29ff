// Asks PostgREST as a browser does, with Supabase's client, and prints every answer.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { PostgrestClient } = createRequire(process.argv[2])("@supabase/postgrest-js");
const { url, tenants, tokens } = JSON.parse(readFileSync(0, "utf8"));

const as = (token) => new PostgrestClient(url, { headers: token ? { Authorization: `Bearer ${token}` } : {} });
const [a, b, visitor] = [as(tokens.a), as(tokens.b), as()];
const integration = (more) => ({ name: "I", slug: "new", auth_type: "basic", ...more });

const selectOfA = await a.from("integrations").select("id, tenant_id, slug");
const selectOfB = await b.from("integrations").select("id, tenant_id, slug");
const [ofA, ofB] = [selectOfA.data[0].id, selectOfB.data[0].id];
const action = { name: "A", slug: "x", http_method: "GET", endpoint_template: "/" };

const answers = {
  selectOfA,
  selectOfB,
  tenantsOfA: await a.from("tenants").select("id"),
  joined: await a.from("integrations").select("slug, actions(slug, tenant_id)"),
  mappingsOfA: await a.from("field_mappings").select("*"),
  counted: await a.from("integrations").select("*", { count: "exact", head: true }),
  otherTenantsRow: await a.from("integrations").select("*").eq("id", ofB),

  insertForB: await a.from("integrations").insert(integration({ tenant_id: tenants.b })).select(),
  moveToB: await a.from("integrations").update({ tenant_id: tenants.b }).eq("id", ofA).select(),
  upsertOfB: await a.from("integrations").upsert(integration({ id: ofB })).select(),
  childOfB: await a.from("actions").insert({ ...action, integration_id: ofB }).select(),
  insertOfATenant: await a.from("tenants").insert({ name: "T", email: "t", waygate_api_key_hash: "h" }).select(),
  secondTenant: await a.from("tenants").update({ id: tenants.b }).eq("id", tenants.a).select(),
  deleteOfALog: await a.from("request_logs").delete().neq("latency_ms", -1).select(),
  updateOfB: await a.from("integrations").update({ name: "stolen" }).eq("id", ofB).select(),
  deleteOfB: await a.from("integrations").delete().eq("id", ofB).select(),

  visitor: await visitor.from("integrations").select("*"),
  visitorWrites: await visitor.from("integrations").insert(integration()).select(),
  anonToken: await as(tokens.anon).from("integrations").select("*"),
  owner: await as(tokens.owner).from("integrations").select("*"),
  expired: await as(tokens.expired).from("integrations").select("*"),
  otherAudience: await as(tokens.otherAudience).from("integrations").select("*"),
  forged: await as(`${tokens.a.slice(0, -4)}AAAA`).from("integrations").select("*"),
  withoutTenant: await as(tokens.withoutTenant).from("integrations").select("*"),
  withoutTenantWrites: await as(tokens.withoutTenant).from("integrations").insert(integration()).select(),
  editable: await as(tokens.editable).from("integrations").select("*"),
  garbage: await as(tokens.garbage).from("integrations").select("*"),
  hiddenSchema: await a.schema("waygate").from("data_keys").select("*"),
  hiddenFunction: await a.rpc("tenant_for_key", { key_hash: "h" }),
  service: await as(tokens.service).from("integrations").select("*"),

  inserted: await a.from("integrations").insert(integration()).select(),
  updated: await a.from("integrations").update({ name: "renamed" }).eq("slug", "new").select(),
};
console.log(JSON.stringify(answers));
