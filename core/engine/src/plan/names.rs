//! Names of a step's columns without their types: what `*`, an alias and a join in text need.

use std::sync::Arc;

use super::document::{Item, JoinHow, Node};
use super::files::{Files, Given};
use super::node::{counted_schema, described_schema, written_schema};
use crate::bytes::feed::Feed;
use crate::column::{Frame, Schema};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// Where names come from: frames handed in, and files whose heads are read.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// What is handed in beside the question.
    pub given: &'a [Given],
    /// Opens the files of the question.
    pub files: &'a dyn Files,
    /// What the question carries along.
    pub context: &'a Context,
}

impl Names<'_> {
    /// The names of a step without texts, in order.
    ///
    /// Errors: those of opening files, and `InvalidPlan` for a frame that is not there. Names that
    /// a step takes for granted are not checked here; `bind` does.
    pub fn of(self, node: &Node) -> Result<Vec<String>> {
        Ok(match node {
            Node::Frame(frame) => schema_names(frame_at(self.given, frame.index)?.schema()),
            Node::Values(values) => {
                values.columns.iter().map(|column| column.name.clone()).collect()
            }
            Node::ScanCsv(scan) => super::bind::csv_names(scan, self)?,
            Node::CountCsv(_) => schema_names(&counted_schema()),
            Node::ScanPrdx(scan) => schema_names(self.files.prdx(&scan.path)?.schema()),
            Node::SniffCsv(_) => schema_names(&self.files.csv_sniffed_schema()),
            Node::Sql(_) => {
                return Err(Error::new(ErrorKind::Internal, "a sql text was not expanded"));
            }
            Node::Select(select) => item_names(&select.columns),
            Node::WithColumns(with) => {
                let mut names = self.of(&with.input)?;
                for name in item_names(&with.columns) {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                names
            }
            Node::Filter(filter) => self.of(&filter.input)?,
            Node::Sort(sort) => self.of(&sort.input)?,
            Node::Limit(limit) => self.of(&limit.input)?,
            Node::Tail(tail) => self.of(&tail.input)?,
            Node::Distinct(distinct) => self.of(&distinct.input)?,
            Node::Aggregate(aggregate) => {
                let mut names = item_names(&aggregate.keys);
                names.extend(item_names(&aggregate.aggregates));
                names
            }
            Node::Join(join) => {
                let mut names = self.of(&join.left)?;
                if matches!(join.how, JoinHow::Inner | JoinHow::Left) {
                    let left_count = names.len();
                    for name in self.of(&join.right)? {
                        let is_merged =
                            join.on.iter().any(|key| key.left == name && key.right == name);
                        let is_taken = names[..left_count].contains(&name);
                        match (is_merged, is_taken) {
                            (true, _) => {}
                            (false, true) => names.push(format!("{name}{}", join.suffix)),
                            (false, false) => names.push(name),
                        }
                    }
                }
                names
            }
            Node::Union(union) => match union.inputs.first() {
                Some(first) => self.of(first)?,
                None => Vec::new(),
            },
            Node::Rename(rename) => {
                let mut names = self.of(&rename.input)?;
                let old = names.clone();
                for renaming in &rename.columns {
                    if let Some(index) = old.iter().position(|name| *name == renaming.from) {
                        names[index].clone_from(&renaming.to);
                    }
                }
                names
            }
            Node::Drop(drop) => {
                let mut names = self.of(&drop.input)?;
                names.retain(|name| !drop.columns.contains(name));
                names
            }
            Node::Describe(_) => schema_names(&described_schema()),
            Node::WriteCsv(_) | Node::WritePrdx(_) => schema_names(&written_schema()),
        })
    }
}

/// The frame at a position.
///
/// Errors: `InvalidPlan` when fewer were handed in, or a feed stands there.
pub fn frame_at(given: &[Given], index: usize) -> Result<&Frame> {
    match given_at(given, index, "frame")? {
        Given::Frame(frame) => Ok(frame),
        Given::Feed(_) => Err(other_kind("frame", index, "a feed")
            .hint("a feed is read by scan_csv, which names it by its position")),
    }
}

/// The feed at a position.
///
/// Errors: `InvalidPlan` when fewer were handed in, or a frame stands there.
pub fn feed_at(given: &[Given], index: usize) -> Result<&Arc<Feed>> {
    match given_at(given, index, "feed")? {
        Given::Feed(feed) => Ok(feed),
        Given::Frame(_) => Err(other_kind("feed", index, "a frame")
            .hint("hand in the feed among the frames, at the position that scan_csv names")),
    }
}

fn given_at<'a>(given: &'a [Given], index: usize, wanted: &str) -> Result<&'a Given> {
    given.get(index).ok_or_else(|| {
        let counted = match given.len() {
            1 => "1 frame".to_owned(),
            count => format!("{count} frames"),
        };
        other_kind(wanted, index, &counted)
            .hint("hand in every frame that the plan names, in its order")
    })
}

fn other_kind(wanted: &str, index: usize, found: &str) -> Error {
    Error::mismatch(ErrorKind::InvalidPlan, format!("a {wanted} at index {index}"), found)
}

fn schema_names(schema: &Schema) -> Vec<String> {
    schema.columns().iter().map(|column| column.name.clone()).collect()
}

fn item_names(items: &[Item]) -> Vec<String> {
    let name = |item: &Item| match item {
        Item::Named(named) => Some(named.name.clone()),
        Item::Text(_) => None,
    };
    items.iter().filter_map(name).collect()
}
