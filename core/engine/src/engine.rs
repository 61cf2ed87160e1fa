//! The whole path of a question, top to bottom: document -> nodes -> names and types -> rewritten
//! plan -> rows. Start reading here.

use crate::column::{Frame, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::exec;
use crate::format::csv::{CsvReadOptions, read_csv, read_csv_names};
use crate::format::prdx::open_prdx;
use crate::plan::bind::bind;
use crate::plan::document::{DOCUMENT_SCHEMA, Document, Params};
use crate::plan::explain::explain as explain_plan;
use crate::plan::files::Files;
use crate::plan::names::Names;
use crate::plan::node::Plan;
use crate::plan::rewrite::rewrite;
use crate::plan::stack::on_deep_stack;
use crate::sql;

/// Answers a question.
///
/// Shape: `frames` are the tables that `{"frame":{"index":0}}` names by position; `params` holds a
/// value for each `:name`.
/// Errors: every user's mistake that [`bind`] finds, before work starts; then those of files and of
/// values (`Overflow`, `DivisionByZero`, `BadCast`), and `Cancelled`.
pub fn run(
    document: &Document,
    frames: &[Frame],
    params: &Params,
    context: &Context,
) -> Result<Frame> {
    on_deep_stack(|| exec::run(&prepare(document, frames, params, context)?, context))
}

/// The plan that answers a question: texts expanded, names and types resolved, rewritten.
///
/// Deep plans recurse: call it on a deep stack, as `run` does.
fn prepare(
    document: &Document,
    frames: &[Frame],
    params: &Params,
    context: &Context,
) -> Result<Plan> {
    let node = sql::expand(&document.plan, names(frames))?;
    let plan = bind(&node, frames, &SystemFiles, params, context)?;
    Ok(rewrite(plan))
}

/// The names and types of a question's answer, without computing it. A CSV file without a full
/// schema is read, for its types are those of all its values.
///
/// Errors: every user's mistake that [`bind`] finds.
pub fn schema(
    document: &Document,
    frames: &[Frame],
    params: &Params,
    context: &Context,
) -> Result<SchemaRef> {
    on_deep_stack(|| {
        let node = sql::expand(&document.plan, names(frames))?;
        Ok(bind(&node, frames, &SystemFiles, params, context)?.schema)
    })
}

/// The plan as it would run, as text: one step a line, inputs below, with columns and types.
///
/// Errors: as [`schema`].
pub fn explain(
    document: &Document,
    frames: &[Frame],
    params: &Params,
    context: &Context,
) -> Result<String> {
    on_deep_stack(|| Ok(explain_plan(&prepare(document, frames, params, context)?)))
}

/// The question without texts: the nodes that a builder would have sent, byte for byte.
///
/// Errors: those of [`sql::expand`].
pub fn canonical(document: &Document, frames: &[Frame], context: &Context) -> Result<Document> {
    on_deep_stack(|| {
        context.check()?;
        let plan = sql::expand(&document.plan, names(frames))?;
        Ok(Document { schema: DOCUMENT_SCHEMA, engine: document.engine.clone(), plan })
    })
}

/// The files of the system this process runs on.
#[derive(Clone, Copy, Debug)]
pub struct SystemFiles;

impl Files for SystemFiles {
    fn csv(&self, path: &str, options: &CsvReadOptions, context: &Context) -> Result<Frame> {
        read_csv(path, options, context)
    }

    fn csv_names(&self, path: &str, options: &CsvReadOptions) -> Result<Vec<String>> {
        read_csv_names(path, options)
    }

    fn prdx(&self, path: &str) -> Result<Frame> {
        open_prdx(path)
    }
}

/// Where the names of a question's tables come from.
fn names(frames: &[Frame]) -> Names<'_> {
    Names { frames, files: &SystemFiles }
}
