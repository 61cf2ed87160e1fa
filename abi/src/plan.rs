//! Plans: questions behind handles, parsed once, asked as often as one likes. Immutable.
//!
//! What walks down a plan recurses, and a host's thread may have a small stack. The engine takes
//! its walks to a deep one (`plan::stack`); the last drop of a plan, a walk too, is done here.

use std::ffi::c_char;
use std::mem;
use std::sync::Arc;

use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::error::{Error, ErrorKind, Result};
use pardox_engine::plan::document::{self, Document, FrameNode, Node, SqlNode};
use pardox_engine::plan::files::Given;
use pardox_engine::plan::stack::on_deep_stack;

use crate::bytes;
use crate::frame::schema_json;
use crate::guard::{self, Out};
use crate::handle::{self, Object};
use crate::status::pardox_error;

/// Length of a document below which it cannot nest deep enough to trouble a small stack.
const SHALLOW_BYTES_MAX: usize = 4 << 10;

/// Engine version that a plan made of a statement asks for: the first one has the `sql` node.
const SQL_ENGINE: &str = "0.1";

/// A plan behind a handle.
pub(crate) struct Plan {
    document: Document,
    text_bytes: usize,
}

impl Plan {
    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    pub(crate) fn size_bytes(&self) -> usize {
        self.text_bytes
    }
}

impl Drop for Plan {
    fn drop(&mut self) {
        if self.text_bytes > SHALLOW_BYTES_MAX {
            let nothing = Node::Frame(FrameNode { index: 0 });
            let plan = mem::replace(&mut self.document.plan, nothing);
            // Without a thread the closure, and the plan with it, is dropped here after all.
            let _ = on_deep_stack(|| {
                drop(plan);
                Ok(())
            });
        }
    }
}

fn give(document: Document, text_bytes: usize) -> Result<u64> {
    handle::insert(Object::Plan(Arc::new(Plan { document, text_bytes })))
}

/// The frames and feeds behind handles that the caller lends.
///
/// Errors: `InvalidArgument` for a null pointer or a negative count; those of a handle.
///
/// # Safety
/// - `frames` is valid for reads of `frame_count` handles until the export returns.
pub(crate) unsafe fn frames(frames: *const u64, frame_count: i64) -> Result<Vec<Given>> {
    let frame_count = guard::length(frame_count, "frame_count")?;
    if frames.is_null() && frame_count > 0 {
        return Err(guard::null("frames"));
    }
    (0..frame_count)
        .map(|index| {
            // SAFETY: within the count; the caller's duty.
            let number = unsafe { frames.add(index).read_unaligned() };
            handle::given(number)
        })
        .collect()
}

/// As [`frames`], for a call that answers at once: it cannot wait for a feed.
///
/// Errors: as [`frames`]; `Busy` for a feed that is not finished.
///
/// # Safety
/// - As [`frames`].
unsafe fn settled_frames(frames: *const u64, frame_count: i64) -> Result<Vec<Given>> {
    // SAFETY: the caller's duty is the same.
    let given = unsafe { self::frames(frames, frame_count)? };
    for one in &given {
        if let Given::Feed(feed) = one
            && !feed.is_settled()
        {
            return Err(Error::new(ErrorKind::Busy, "the feed is still being written")
                .in_file(feed.name())
                .hint("finish the feed first, or collect: an operation waits for it"));
        }
    }
    Ok(given)
}

/// A document of one `sql` node whose table i is the frame at position i.
fn sql_document(query: &str, tables: &str) -> Result<Document> {
    let names: Vec<String> = match tables.is_empty() {
        true => Vec::new(),
        false => serde_json::from_str(tables).map_err(|error| {
            let summary = format!("expected tables as a JSON array of names, found {error}");
            Error::new(ErrorKind::InvalidOption, summary)
        })?,
    };
    let mut node = SqlNode { query: query.to_owned(), tables: Default::default() };
    for (index, name) in names.into_iter().enumerate() {
        let frame = Node::Frame(FrameNode { index });
        if node.tables.insert(name.clone(), frame).is_some() {
            let summary = format!("table name {name:?} occurs twice");
            return Err(Error::new(ErrorKind::InvalidOption, summary));
        }
    }
    let schema = document::DOCUMENT_SCHEMA;
    Ok(Document { schema, engine: SQL_ENGINE.to_owned(), plan: Node::Sql(node) })
}

/// Parses a plan document (plan.schema.json) into a plan, which is immutable.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_plan_parse(
    json: *const c_char,
    json_length: i64,
    plan: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(plan, "plan") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let json = guard::text(json, json_length, "json")?;
            out.set(give(document::parse(json)?, json.len())?);
            Ok(())
        })
    }
}

/// Makes a plan of one `select` statement. `tables` is a JSON array of names: table i is the frame
/// handed in at position i.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_plan_from_sql(
    sql: *const c_char,
    sql_length: i64,
    tables: *const c_char,
    tables_length: i64,
    plan: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(plan, "plan") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let sql = guard::text(sql, sql_length, "sql")?;
            let tables = guard::text(tables, tables_length, "tables")?;
            out.set(give(sql_document(sql, tables)?, sql.len() + tables.len())?);
            Ok(())
        })
    }
}

/// Gives the plan document in canonical form, all text expanded to nodes, in a bytes handle.
/// `frames` are `frame_count` handles of frames and of feeds, NULL where there is none.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_plan_canonical(
    plan: u64,
    frames: *const u64,
    frame_count: i64,
    bytes: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(bytes, "bytes") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let plan = handle::plan(plan)?;
            let frames = settled_frames(frames, frame_count)?;
            let canonical = engine::canonical(plan.document(), &frames, &Context::default())?;
            let text = document::to_json(&canonical)?;
            out.set(bytes::give(text.into_bytes())?);
            Ok(())
        })
    }
}

/// Gives the result's schema without running the plan, as `pardox_frame_schema` gives it. `params`
/// is a JSON object of literals by name, or empty. A feed among `frames` must be finished.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_plan_schema(
    plan: u64,
    frames: *const u64,
    frame_count: i64,
    params: *const c_char,
    params_length: i64,
    bytes: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(bytes, "bytes") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let plan = handle::plan(plan)?;
            let frames = settled_frames(frames, frame_count)?;
            let params = guard::text(params, params_length, "params")?;
            let params = document::parse_params(params)?;
            let schema = engine::schema(plan.document(), &frames, &params, &Context::default())?;
            out.set(bytes::give(schema_json(&schema).into_bytes())?);
            Ok(())
        })
    }
}

/// Tells in text how the plan would run, in a bytes handle.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_plan_explain(
    plan: u64,
    frames: *const u64,
    frame_count: i64,
    params: *const c_char,
    params_length: i64,
    bytes: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(bytes, "bytes") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let plan = handle::plan(plan)?;
            let frames = settled_frames(frames, frame_count)?;
            let params = guard::text(params, params_length, "params")?;
            let params = document::parse_params(params)?;
            let text = engine::explain(plan.document(), &frames, &params, &Context::default())?;
            out.set(bytes::give(text.into_bytes())?);
            Ok(())
        })
    }
}
