#[model(table = "field_mappings", tenant(through = action_id, owner = tenant_id), append_only)]
struct FieldMapping {
    #[model(key)]
    id: Id<FieldMapping>,
    #[model(belongs_to(Action, on_delete = cascade))]
    action_id: Id<Action>,
    tenant_id: Option<TenantId>,
    #[model(unique)]
    source_path: String,
}
