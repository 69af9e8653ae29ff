//! The throw-away databases of a proposal.

use std::sync::Arc;

use super::super::file::Migration;
use super::Ground;
use crate::catalog::Catalog;
use crate::environment::Environment;
use crate::error::Result;
use crate::local::{Cluster, Scratch};
use crate::session::Maintenance;
use crate::sql::schema_sql;
