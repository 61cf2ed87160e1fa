//! The whole path of a question, top to bottom: document -> nodes -> names and types -> rewritten
//! plan -> rows. Start reading here.

mod files;

use std::sync::Arc;

use crate::column::{Faults, Frame, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::exec;
use crate::plan::bind::bind;
use crate::plan::document::{DOCUMENT_SCHEMA, Document, Params};
use crate::plan::explain::explain as explain_plan;
use crate::plan::files::Given;
use crate::plan::names::Names;
use crate::plan::rewrite::rewrite;
use crate::plan::stack::on_deep_stack;
use crate::sql;

pub use files::SystemFiles;
use files::may_depend_on_types;

/// Answers a question.
///
/// Shape: `given` are the tables that `{"frame":{"index":0}}` names by position, and the feeds that
/// `scan_csv` names so; `params` holds a value for each `:name`. The answer carries what was
/// set aside by the readers of its files, and of those that its tables were made of.
/// Errors: every user's mistake that [`bind`] finds, before work starts; then those of files and of
/// values (`Overflow`, `DivisionByZero`, `BadCast`), and `Cancelled`.
pub fn run(
    document: &Document,
    given: &[Given],
    params: &Params,
    context: &Context,
) -> Result<Frame> {
    run_over(SystemFiles::default(), document, given, params, context)
}

/// As [`run`], over files read some other way: for tests.
#[doc(hidden)]
pub fn run_over(
    files: SystemFiles,
    document: &Document,
    given: &[Given],
    params: &Params,
    context: &Context,
) -> Result<Frame> {
    on_deep_stack(|| {
        let node = sql::expand(&document.plan, names(given, &files, context))?;
        let answer = with_certain_types(&files, context, || {
            // What was set aside by an attempt before this one is set aside again.
            files.take_faults()?;
            exec::run(&rewrite(bind(&node, given, &files, params, context)?), context)
        })?;
        let mut faults = carried(given);
        faults.extend(files.take_faults()?);
        Ok(answer.with_faults(Faults::join(&faults)?))
    })
}

/// What was set aside while the tables handed in were made, each once: an answer that is computed
/// step by step carries what one of a whole plan does.
fn carried(given: &[Given]) -> Vec<Arc<Faults>> {
    let mut all: Vec<Arc<Faults>> = Vec::new();
    for one in given {
        let Given::Frame(frame) = one else { continue };
        let Some(faults) = frame.faults() else { continue };
        if !all.iter().any(|known| Arc::ptr_eq(known, faults)) {
            all.push(faults.clone());
        }
    }
    all
}

/// Runs work over files whose types are learned while it runs, and again where it failed and the
/// types were others than it took them for: so its answer, or its error, is that of all values.
fn with_certain_types<T>(
    files: &SystemFiles,
    context: &Context,
    work: impl Fn() -> Result<T>,
) -> Result<T> {
    loop {
        match work() {
            Err(error) if files.is_interrupted() || may_depend_on_types(&error) => {
                if !files.settle(context)? {
                    return Err(error);
                }
            }
            outcome => return outcome,
        }
    }
}

/// The names and types of a question's answer, without computing it. A CSV file without a full
/// schema is read, for its types are those of all its values.
///
/// Errors: every user's mistake that [`bind`] finds.
pub fn schema(
    document: &Document,
    given: &[Given],
    params: &Params,
    context: &Context,
) -> Result<SchemaRef> {
    on_deep_stack(|| {
        let files = SystemFiles::default();
        let node = sql::expand(&document.plan, names(given, &files, context))?;
        let resolved = || Ok(bind(&node, given, &files, params, context)?.schema);
        let first = with_certain_types(&files, context, resolved)?;
        match files.settle(context)? {
            true => resolved(),
            false => Ok(first),
        }
    })
}

/// The plan as it would run, as text: one step a line, inputs below, with columns and types. Those
/// of a file that is read while the question runs are what its first records show.
///
/// Errors: as [`schema`].
pub fn explain(
    document: &Document,
    given: &[Given],
    params: &Params,
    context: &Context,
) -> Result<String> {
    on_deep_stack(|| {
        let files = SystemFiles::default();
        let node = sql::expand(&document.plan, names(given, &files, context))?;
        let resolved = || bind(&node, given, &files, params, context);
        Ok(explain_plan(&rewrite(with_certain_types(&files, context, resolved)?)))
    })
}

/// The question without texts: the nodes that a builder would have sent, byte for byte.
///
/// Errors: those of [`sql::expand`].
pub fn canonical(document: &Document, given: &[Given], context: &Context) -> Result<Document> {
    on_deep_stack(|| {
        context.check()?;
        let plan = sql::expand(&document.plan, names(given, &SystemFiles::default(), context))?;
        Ok(Document { schema: DOCUMENT_SCHEMA, engine: document.engine.clone(), plan })
    })
}

/// Where the names of a question's tables come from.
fn names<'a>(given: &'a [Given], files: &'a SystemFiles, context: &'a Context) -> Names<'a> {
    Names { given, files, context }
}
