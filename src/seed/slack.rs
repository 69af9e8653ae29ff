//! The five actions of the mock Slack integration, with the JSON Schemas of their inputs and outputs.

use serde_json::{Value, json};
use uuid::{Uuid, uuid};
use waygate_db::{Id, Result, TenantScope};

use crate::models::{Action, HttpMethod, Integration};

/// All five.
pub(super) const ACTIONS: [&SlackAction; 5] = [&SEND_MESSAGE, &LIST_CHANNELS, &LIST_USERS, &USER_INFO, &UPLOAD_FILE];

/// Posts a message.
pub(super) const SEND_MESSAGE: SlackAction = SlackAction {
    id: uuid!("01900000-0000-7000-8000-000000000011"),
    name: "Send Message",
    slug: "sendMessage",
    description: "Posts a message to a channel",
    method: HttpMethod::Post,
    endpoint: "/chat.postMessage",
    input: send_message_input,
    output: send_message_output,
    paged: false,
    cached_for: None,
};

const LIST_CHANNELS: SlackAction = SlackAction {
    id: uuid!("01900000-0000-7000-8000-000000000012"),
    name: "List Channels",
    slug: "listChannels",
    description: "Lists the channels of the workspace",
    method: HttpMethod::Get,
    endpoint: "/conversations.list",
    input: page_input,
    output: channels_output,
    paged: true,
    cached_for: Some(300),
};

const LIST_USERS: SlackAction = SlackAction {
    id: uuid!("01900000-0000-7000-8000-000000000013"),
    name: "List Users",
    slug: "listUsers",
    description: "Lists the members of the workspace",
    method: HttpMethod::Get,
    endpoint: "/users.list",
    input: page_input,
    output: users_output,
    paged: true,
    cached_for: Some(300),
};

const USER_INFO: SlackAction = SlackAction {
    id: uuid!("01900000-0000-7000-8000-000000000014"),
    name: "Get User Info",
    slug: "getUserInfo",
    description: "Reads one member's profile",
    method: HttpMethod::Get,
    endpoint: "/users.info",
    input: user_info_input,
    output: user_info_output,
    paged: false,
    cached_for: Some(60),
};

const UPLOAD_FILE: SlackAction = SlackAction {
    id: uuid!("01900000-0000-7000-8000-000000000015"),
    name: "Upload File",
    slug: "uploadFile",
    description: "Uploads a file to channels",
    method: HttpMethod::Post,
    endpoint: "/files.upload",
    input: upload_input,
    output: upload_output,
    paged: false,
    cached_for: None,
};

/// One action of the mock integration.
pub(super) struct SlackAction {
    id: Uuid,
    name: &'static str,
    slug: &'static str,
    description: &'static str,
    method: HttpMethod,
    endpoint: &'static str,
    input: fn() -> Value,
    output: fn() -> Value,
    paged: bool,
    cached_for: Option<i32>,
}

impl SlackAction {
    pub(super) fn id(&self) -> Id<Action> {
        Id::from_uuid(self.id)
    }

    /// Inserts this action unless it is there.
    pub(super) async fn seed(&self, integration: Id<Integration>, tenant: &TenantScope) -> Result<Option<Action>> {
        let pagination =
            json!({"type": "cursor", "cursorParam": "cursor", "cursorPath": "$.response_metadata.next_cursor"});
        Action::create()
            .id(self.id())
            .integration_id(integration)
            .name(self.name)
            .slug(self.slug)
            .description(self.description)
            .http_method(self.method)
            .endpoint_template(self.endpoint)
            .input_schema((self.input)())
            .output_schema((self.output)())
            .pagination_config(self.paged.then_some(waygate_db::Json(pagination)))
            .retry_config(json!({"maxRetries": 3, "backoff": "exponential"}))
            .cacheable(self.cached_for.is_some())
            .cache_ttl_seconds(self.cached_for)
            .insert_if_absent(tenant)
            .await
    }
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required})
}

fn send_message_input() -> Value {
    object(
        &json!({
            "channel": {"type": "string", "description": "The channel's id or name"},
            "text": {"type": "string", "maxLength": 40000},
            "thread_ts": {"type": "string", "description": "The message to answer"},
        }),
        &["channel", "text"],
    )
}

fn send_message_output() -> Value {
    object(&json!({"ok": {"type": "boolean"}, "channel": {"type": "string"}, "ts": {"type": "string"}}), &["ok"])
}

fn page_input() -> Value {
    object(
        &json!({
            "cursor": {"type": "string"},
            "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
        }),
        &[],
    )
}

fn channels_output() -> Value {
    let channel = object(
        &json!({"id": {"type": "string"}, "name": {"type": "string"}, "is_private": {"type": "boolean"}}),
        &["id", "name"],
    );
    object(&json!({"ok": {"type": "boolean"}, "channels": {"type": "array", "items": channel}}), &["ok", "channels"])
}

fn users_output() -> Value {
    object(&json!({"ok": {"type": "boolean"}, "members": {"type": "array", "items": user()}}), &["ok", "members"])
}

fn user_info_input() -> Value {
    object(&json!({"user": {"type": "string", "description": "The member's id"}}), &["user"])
}

fn user_info_output() -> Value {
    object(&json!({"ok": {"type": "boolean"}, "user": user()}), &["ok", "user"])
}

fn user() -> Value {
    object(
        &json!({"id": {"type": "string"}, "name": {"type": "string"}, "is_bot": {"type": "boolean"}}),
        &["id", "name"],
    )
}

fn upload_input() -> Value {
    object(
        &json!({
            "channels": {"type": "array", "items": {"type": "string"}},
            "filename": {"type": "string"},
            "content": {"type": "string", "contentEncoding": "base64"},
        }),
        &["channels", "filename", "content"],
    )
}

fn upload_output() -> Value {
    let file = object(&json!({"id": {"type": "string"}, "permalink": {"type": "string"}}), &["id"]);
    object(&json!({"ok": {"type": "boolean"}, "file": file}), &["ok", "file"])
}
