//! Which scans of a question need not hold their rows: those below a step that keeps few of them,
//! or puts them away, with no step between that holds them all.

use std::collections::HashSet;

use crate::plan::document::{JoinHow, Node, ScanCsvNode};

/// The scans that may be read while the question runs, by their place in it.
pub(super) fn scans(node: &Node) -> HashSet<*const ScanCsvNode> {
    let mut found = HashSet::new();
    let mut pile = vec![(node, false)];
    while let Some((node, is_streamed)) = pile.pop() {
        match node {
            Node::Frame(_)
            | Node::Values(_)
            | Node::CountCsv(_)
            | Node::ScanPrdx(_)
            | Node::SniffCsv(_) => {}
            Node::ScanCsv(scan) => {
                if is_streamed {
                    found.insert(std::ptr::from_ref(scan));
                }
            }
            Node::Filter(_)
            | Node::Aggregate(_)
            | Node::Limit(_)
            | Node::Tail(_)
            | Node::Distinct(_)
            | Node::WriteCsv(_)
            | Node::WritePrdx(_) => pile.extend(node.inputs().iter().map(|input| (*input, true))),
            // As many rows as below: what the step above does decides.
            Node::Select(_)
            | Node::WithColumns(_)
            | Node::Union(_)
            | Node::Rename(_)
            | Node::Drop(_) => {
                pile.extend(node.inputs().iter().map(|input| (*input, is_streamed)));
            }
            Node::Join(join) => {
                let keeps_few = matches!(join.how, JoinHow::Semi | JoinHow::Anti);
                pile.push((&join.left, is_streamed || keeps_few));
                pile.push((&join.right, false));
            }
            // They hold all rows.
            Node::Sort(_) | Node::Describe(_) => {
                pile.extend(node.inputs().iter().map(|input| (*input, false)));
            }
            // Texts are expanded before names resolve; `bind` says so.
            Node::Sql(_) => {}
        }
    }
    found
}
