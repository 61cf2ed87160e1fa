//! Which columns the steps above can use, so that a CSV file is read for just those.
//!
//! Names only, and rather too many than too few: a name that turns out not to be of this table is
//! no harm, a missing one would be.

use std::collections::BTreeSet;

use crate::plan::document::{Expression, Item, JoinKey, Named, SortItem};

/// Columns that may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Needed {
    /// Every column of the table.
    All,
    /// Columns of these names, where the table has them.
    Names(BTreeSet<String>),
}

impl Needed {
    /// What items use.
    pub(super) fn of_items<'a>(items: impl IntoIterator<Item = &'a Item>) -> Needed {
        let mut names = BTreeSet::new();
        for item in items {
            match item {
                Item::Named(Named { expr, .. }) => collect(expr, &mut names),
                Item::Text(_) => return Needed::All,
            }
        }
        Needed::Names(names)
    }

    /// And what an expression uses.
    pub(super) fn and_expression(&self, expression: &Expression) -> Needed {
        self.with(|names| collect(expression, names))
    }

    /// And what sort keys use.
    pub(super) fn and_sort(&self, by: &[SortItem]) -> Needed {
        self.with(|names| {
            for item in by {
                if let SortItem::Key(key) = item {
                    collect(&key.expr, names);
                }
            }
        })
    }

    /// And these names.
    pub(super) fn and_names<'a>(&self, more: impl IntoIterator<Item = &'a String>) -> Needed {
        self.with(|names| names.extend(more.into_iter().cloned()))
    }

    /// What both tables of a join must give: the keys, and for a name with the suffix also the
    /// name without it, on both sides, for it is their clash that makes the suffix.
    pub(super) fn through_join(&self, on: &[JoinKey], suffix: &str) -> Needed {
        self.with(|names| {
            let clashing: Vec<String> = names
                .iter()
                .filter_map(|name| name.strip_suffix(suffix))
                .map(str::to_owned)
                .collect();
            names.extend(clashing);
            names.extend(on.iter().flat_map(|key| [key.left.clone(), key.right.clone()]));
        })
    }

    fn with(&self, change: impl FnOnce(&mut BTreeSet<String>)) -> Needed {
        match self {
            Needed::All => Needed::All,
            Needed::Names(names) => {
                let mut names = names.clone();
                change(&mut names);
                Needed::Names(names)
            }
        }
    }
}

/// Adds the columns of an expression; a pile instead of recursion, for expressions may be deep.
fn collect(expression: &Expression, names: &mut BTreeSet<String>) {
    let mut pile = vec![expression];
    while let Some(expression) = pile.pop() {
        match expression {
            Expression::Col(name) => {
                names.insert(name.clone());
            }
            Expression::Lit(_) | Expression::Param(_) | Expression::Text(_) => {}
            Expression::Call(call) => pile.extend(&call.args),
            Expression::Case(case) => {
                for branch in &case.branches {
                    pile.extend([&branch.when, &branch.then]);
                }
                pile.extend(case.otherwise.as_deref());
            }
            Expression::Cast(cast) | Expression::TryCast(cast) => pile.push(&cast.input),
            Expression::Agg(aggregate) => pile.extend(aggregate.input.as_deref()),
        }
    }
}
