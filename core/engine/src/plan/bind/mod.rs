//! Resolves a question: wire nodes, frames and parameters in, a [`Plan`] with every name and type
//! known out. Every mistake of the user surfaces here, with its kind and what to try.
//!
//! Texts are expanded before (`sql::expand`); files are opened here (through [`Files`]), CSV with
//! just the columns that the steps above can use.

mod aggregate;
mod expression;
mod needed;
mod options;
mod source;
mod step;
mod streamed;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::document::{Node, Params, ScanCsvNode};
use super::files::{Files, Given};
use super::literal;
use super::node::Plan;
use crate::column::Scalar;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::limits::PLAN_DEPTH_MAX;
use needed::Needed;

pub use source::csv_names;

/// Resolves a tree of steps without texts.
///
/// Errors: every kind of a user's mistake, and those of opening and reading files.
pub fn bind(
    node: &Node,
    given: &[Given],
    files: &dyn Files,
    params: &Params,
    context: &Context,
) -> Result<Plan> {
    let binder = Binder::new(node, given, files, params, context)?;
    match binder.whole(node) {
        // A hint may only name columns that were read: read all before giving it.
        Err(error) if error.kind() == ErrorKind::UnknownColumn && binder.has_left_out.get() => {
            let binder = Binder::new(node, given, files, params, context)?;
            Binder { is_selective: false, ..binder }.whole(node)
        }
        result => result,
    }
}

/// What the steps of one question share while they are resolved.
struct Binder<'a> {
    given: &'a [Given],
    files: &'a dyn Files,
    context: &'a Context,
    /// The scans whose rows need not be held, by their place in the question.
    streamed: HashSet<*const ScanCsvNode>,
    params: BTreeMap<&'a str, Scalar>,
    params_used: RefCell<BTreeSet<String>>,
    depth: Cell<usize>,
    /// Whether files are read for the columns that may be asked for only.
    is_selective: bool,
    /// Whether a file's columns were left out so.
    has_left_out: Cell<bool>,
}

impl<'a> Binder<'a> {
    fn new(
        node: &Node,
        given: &'a [Given],
        files: &'a dyn Files,
        params: &'a Params,
        context: &'a Context,
    ) -> Result<Binder<'a>> {
        let values = params
            .iter()
            .map(|(name, value)| {
                let value = literal::scalar(value).map_err(|error| {
                    let summary = format!("parameter {name:?}: {}", error.summary());
                    Error::new(ErrorKind::Parameter, summary)
                })?;
                Ok((name.as_str(), value))
            })
            .collect::<Result<_>>()?;
        Ok(Binder {
            given,
            files,
            context,
            streamed: streamed::scans(node),
            params: values,
            params_used: RefCell::default(),
            depth: Cell::new(0),
            is_selective: true,
            has_left_out: Cell::new(false),
        })
    }

    fn whole(&self, node: &Node) -> Result<Plan> {
        let plan = self.node(node, &Needed::All)?;
        self.check_params_used()?;
        Ok(plan)
    }

    fn node(&self, node: &Node, needed: &Needed) -> Result<Plan> {
        let _level = self.descend()?;
        match node {
            Node::Frame(frame) => self.frame(frame),
            Node::Values(values) => self.values(values),
            Node::ScanCsv(scan) => self.scan_csv(scan, needed),
            Node::CountCsv(count) => self.count_csv(count),
            Node::ScanPrdx(scan) => self.scan_prdx(scan),
            Node::SniffCsv(sniff) => self.sniff_csv(sniff),
            Node::Select(select) => self.select(select),
            Node::WithColumns(with) => self.with_columns(with, needed),
            Node::Filter(filter) => self.filter(filter, needed),
            Node::Aggregate(aggregate) => self.aggregate(aggregate),
            Node::Join(join) => self.join(join, needed),
            Node::Sort(sort) => self.sort(sort, needed),
            Node::Limit(limit) => self.limit(limit, needed),
            Node::Tail(tail) => self.tail(tail, needed),
            Node::Distinct(distinct) => self.distinct(distinct, needed),
            Node::Union(union) => self.union(union, needed),
            Node::Rename(rename) => self.rename(rename, needed),
            Node::Drop(drop) => self.drop_columns(drop, needed),
            Node::Describe(describe) => self.describe(describe),
            Node::WriteCsv(write) => self.write_csv(write),
            Node::WritePrdx(write) => self.write_prdx(write),
            Node::Sql(_) => Err(text_left("sql")),
        }
    }

    /// Counts one level of nesting until the guard is dropped.
    fn descend(&self) -> Result<Level<'_>> {
        let depth = self.depth.get() + 1;
        if depth > PLAN_DEPTH_MAX {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("steps and operands nest more than {PLAN_DEPTH_MAX} levels"),
            )
            .hint("collect a part first, or use `in` instead of a chain of `or`"));
        }
        self.depth.set(depth);
        Ok(Level { depth: &self.depth })
    }

    fn param(&self, name: &str) -> Result<Scalar> {
        if let Some(value) = self.params.get(name) {
            self.params_used.borrow_mut().insert(name.to_owned());
            return Ok(value.clone());
        }
        let summary = format!("parameter {name:?} is used but not given");
        let error = Error::new(ErrorKind::Parameter, summary);
        Err(match nearest(name, self.params.keys().copied()) {
            Some(near) => error.hint(format!("did you mean {near:?}?")),
            None => error.hint(format!("pass a value for {name:?}")),
        })
    }

    fn check_params_used(&self) -> Result<()> {
        let used = self.params_used.borrow();
        match self.params.keys().find(|name| !used.contains(**name)) {
            None => Ok(()),
            Some(name) => {
                let summary = format!("parameter {name:?} is given but not used");
                Err(Error::new(ErrorKind::Parameter, summary)
                    .hint(format!("write it as :{name} in the text, or leave it out")))
            }
        }
    }
}

/// A level of nesting that is being resolved.
struct Level<'a> {
    depth: &'a Cell<usize>,
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.depth.set(self.depth.get() - 1);
    }
}

fn text_left(what: &str) -> Error {
    Error::new(ErrorKind::Internal, format!("a {what} text was not expanded before names resolve"))
}

fn invalid(summary: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidPlan, summary)
}
