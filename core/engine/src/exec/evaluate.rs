//! Expressions over a batch: a prepared tree, evaluated whole columns at a time.
//!
//! `case` and `coalesce` evaluate an operand only on the rows that need it, so that
//! `case when b <> 0 then a // b end` is safe. All other functions, `and` and `or` among them,
//! evaluate every operand on every row.

use std::collections::HashSet;

use super::batch::Batch;
use super::coded::Coded;
use super::functions::Prepared;
use super::kernels::{Datum, cast, logic, take};
use crate::bytes::scan::Level;
use crate::column::{Array, ArrayData, Bitmap, DataType, Scalar};
use crate::error::Result;
use crate::plan::expr::{Expr, ExprKind};
use crate::plan::functions::{CompareFunction, Function, LogicFunction};

/// An expression ready to run.
pub struct Node {
    kind: Kind,
    dtype: DataType,
    /// For each column of the input, whether it is looked at; shorter where the rest is not.
    wanted: Vec<bool>,
}

enum Kind {
    Column(usize),
    Literal(Scalar),
    Call { call: Box<Prepared>, args: Vec<Node> },
    Coalesce(Vec<Node>),
    InSet { input: Box<Node>, set: Set, has_null: bool },
    Case { branches: Vec<(Node, Node)>, otherwise: Box<Node> },
    Cast { input: Box<Node>, is_try: bool },
    Coded(Coded),
}

/// Literals to look values up in.
enum Set {
    Int64(Vec<i64>),
    Utf8(HashSet<String>),
}

/// Literals from which on a set is quicker than a comparison with each.
const SET_SIZE_MIN: usize = 5;

impl Node {
    /// Prepares an expression.
    pub fn prepare(expr: &Expr) -> Node {
        let kind = match &expr.kind {
            _ if let Some(coded) = Coded::prepare(expr) => Kind::Coded(coded),
            ExprKind::Column(index) => Kind::Column(*index),
            ExprKind::Literal(value) => Kind::Literal(value.clone()),
            ExprKind::Call { function, args } => {
                let nodes: Vec<Node> = args.iter().map(Node::prepare).collect();
                match function {
                    Function::Logic(LogicFunction::Coalesce) => Kind::Coalesce(nodes),
                    Function::Compare(CompareFunction::IsIn) => in_set(nodes, &expr.dtype),
                    _ => call(*function, nodes, &expr.dtype),
                }
            }
            ExprKind::Case { branches, otherwise } => Kind::Case {
                branches: branches
                    .iter()
                    .map(|(when, then)| (Node::prepare(when), Node::prepare(then)))
                    .collect(),
                otherwise: Box::new(Node::prepare(otherwise)),
            },
            ExprKind::Cast { input, is_try } => {
                Kind::Cast { input: Box::new(Node::prepare(input)), is_try: *is_try }
            }
        };
        let wanted = kind.wanted();
        Node { kind, dtype: expr.dtype.clone(), wanted }
    }

    /// The input's column at a position.
    pub fn column(index: usize, dtype: DataType) -> Node {
        let kind = Kind::Column(index);
        let wanted = kind.wanted();
        Node { kind, dtype, wanted }
    }

    /// Type of the values.
    pub fn dtype(&self) -> &DataType {
        &self.dtype
    }

    /// The input's column that this is, where it is no more than that.
    pub fn as_column(&self) -> Option<usize> {
        match self.kind {
            Kind::Column(index) => Some(index),
            _ => None,
        }
    }

    /// Marks the columns looked at.
    pub fn mark(&self, wanted: &mut [bool]) {
        for (mark, own) in wanted.iter_mut().zip(&self.wanted) {
            *mark |= own;
        }
    }

    /// The values for the rows of a batch.
    pub fn evaluate(&self, batch: &Batch, level: Level) -> Result<Datum> {
        match &self.kind {
            Kind::Column(index) => Ok(Datum::Array(batch.column(*index).clone())),
            Kind::Literal(value) => Ok(Datum::Value(value.clone())),
            Kind::Case { branches, otherwise } => self.case(branches, otherwise, batch, level),
            Kind::Coalesce(args) => self.coalesce(args, batch, level),
            Kind::Coded(coded) => coded.evaluate(batch, level),
            Kind::Call { call, args } => {
                let operands = evaluate_all(args, batch, level)?;
                self.on_rows(operands, batch.len, |operands, len| call.run(operands, len, level))
            }
            Kind::InSet { input, set, has_null } => {
                let operand = input.evaluate(batch, level)?;
                self.on_rows(vec![operand], batch.len, |operands, len| {
                    let array = operands[0].clone().into_array(&input.dtype, len);
                    Ok(Datum::Array(set.look_up(&array, *has_null)))
                })
            }
            Kind::Cast { input, is_try } => {
                let operand = input.evaluate(batch, level)?;
                self.on_rows(vec![operand], batch.len, |operands, len| {
                    let array = operands[0].clone().into_array(&input.dtype, len);
                    cast::cast(&array, &self.dtype, *is_try).map(Datum::Array)
                })
            }
        }
    }

    /// The values as an array.
    pub fn array(&self, batch: &Batch, level: Level) -> Result<Array> {
        Ok(self.evaluate(batch, level)?.into_array(&self.dtype, batch.len))
    }

    /// Runs a kernel on all rows; on one row where every operand is one value.
    fn on_rows(
        &self,
        operands: Vec<Datum>,
        len: usize,
        kernel: impl FnOnce(&[Datum], usize) -> Result<Datum>,
    ) -> Result<Datum> {
        let is_constant = operands.iter().all(|operand| matches!(operand, Datum::Value(_)));
        match is_constant {
            false => kernel(&operands, len),
            true => {
                let one = kernel(&operands, 1)?.into_array(&self.dtype, 1);
                Ok(Datum::Value(one.scalar(0)))
            }
        }
    }

    fn case(
        &self,
        branches: &[(Node, Node)],
        otherwise: &Node,
        batch: &Batch,
        level: Level,
    ) -> Result<Datum> {
        let mut choice = Choice::new(&self.dtype, batch, level);
        for (when, then) in branches {
            if choice.is_complete() {
                break;
            }
            let chosen = choice.narrow(when, logic::is_true)?;
            choice.settle(then, &chosen)?;
        }
        choice.settle_rest(otherwise)?;
        choice.finish()
    }

    fn coalesce(&self, args: &[Node], batch: &Batch, level: Level) -> Result<Datum> {
        let mut choice = Choice::new(&self.dtype, batch, level);
        for arg in args {
            if choice.is_complete() {
                break;
            }
            choice.settle_present(arg)?;
        }
        choice.settle_null()?;
        choice.finish()
    }
}

impl Kind {
    fn wanted(&self) -> Vec<bool> {
        let mut wanted = Vec::new();
        let mut add = |node: &Node| {
            if wanted.len() < node.wanted.len() {
                wanted.resize(node.wanted.len(), false);
            }
            node.mark(&mut wanted);
        };
        match self {
            Kind::Column(index) => {
                wanted.resize(index + 1, false);
                wanted[*index] = true;
            }
            Kind::Coded(coded) => {
                wanted.resize(coded.column() + 1, false);
                wanted[coded.column()] = true;
            }
            Kind::Literal(_) => {}
            Kind::Call { args, .. } | Kind::Coalesce(args) => args.iter().for_each(add),
            Kind::InSet { input, .. } | Kind::Cast { input, .. } => add(input),
            Kind::Case { branches, otherwise } => {
                for (when, then) in branches {
                    add(when);
                    add(then);
                }
                add(otherwise);
            }
        }
        wanted
    }
}

fn evaluate_all(nodes: &[Node], batch: &Batch, level: Level) -> Result<Vec<Datum>> {
    nodes.iter().map(|node| node.evaluate(batch, level)).collect()
}

/// A call of a function, its literal operands made into what its kernel takes.
fn call(function: Function, args: Vec<Node>, dtype: &DataType) -> Kind {
    let literal = |index: usize| match args.get(index).map(|node| &node.kind) {
        Some(Kind::Literal(value)) => Some(value.clone()),
        _ => None,
    };
    let declared = function.declaration().operands.iter().enumerate();
    let literals: Vec<Option<Scalar>> =
        declared.map(|(index, operand)| operand.is_literal.then(|| literal(index))?).collect();
    let types = args.iter().map(|node| node.dtype.clone()).collect();
    let call = Box::new(Prepared::new(function, types, dtype.clone(), &literals));
    Kind::Call { call, args }
}

fn in_set(mut args: Vec<Node>, result: &DataType) -> Kind {
    let dtype = args[0].dtype.clone();
    let is_literal = |node: &Node| match &node.kind {
        Kind::Literal(value) => value.dtype().is_none_or(|other| other == dtype),
        _ => false,
    };
    let has_set = !dtype.is_float()
        && !dtype.is_decimal()
        && !dtype.is_nested()
        && !matches!(dtype, DataType::Bool | DataType::UInt64);
    if args.len() <= SET_SIZE_MIN || !has_set || !args[1..].iter().all(is_literal) {
        return call(CompareFunction::IsIn.into(), args, result);
    }
    let mut has_null = false;
    let mut numbers = Vec::new();
    let mut texts = HashSet::new();
    for node in args.drain(1..) {
        match node.kind {
            Kind::Literal(
                Scalar::Int64(value) | Scalar::Timestamp(value) | Scalar::Ticks(value, _),
            ) => numbers.push(value),
            Kind::Literal(Scalar::Date(days)) => numbers.push(i64::from(days)),
            Kind::Literal(Scalar::Utf8(text)) => {
                texts.insert(text);
            }
            Kind::Literal(Scalar::Null) => has_null = true,
            Kind::Literal(value) => {
                numbers.extend(value.as_whole().and_then(|whole| i64::try_from(whole).ok()));
            }
            _ => has_null = true,
        }
    }
    numbers.sort_unstable();
    let set = if dtype == DataType::Utf8 { Set::Utf8(texts) } else { Set::Int64(numbers) };
    Kind::InSet { input: Box::new(args.remove(0)), set, has_null }
}

impl Set {
    /// True where the value is in the set; else null where the set or the row has a null.
    fn look_up(&self, array: &Array, has_null: bool) -> Array {
        let found = match (self, array.data()) {
            (Set::Int64(set), ArrayData::Int64(values)) => {
                Bitmap::from_fn(array.len(), |row| set.binary_search(&values[row]).is_ok())
            }
            (Set::Int64(set), ArrayData::Int32(values)) => Bitmap::from_fn(array.len(), |row| {
                set.binary_search(&i64::from(values[row])).is_ok()
            }),
            (Set::Int64(set), _) => {
                let wide = cast::widened(array);
                let values = wide.values::<i64>();
                Bitmap::from_fn(array.len(), |row| set.binary_search(&values[row]).is_ok())
            }
            (Set::Utf8(set), ArrayData::Utf8(text)) => {
                Bitmap::from_fn(array.len(), |row| set.contains(text.get(row)))
            }
            _ => panic!("a set of another type than {}", array.dtype()),
        };
        let validity = match (array.validity(), has_null) {
            (validity, false) => validity.cloned(),
            (None, true) => Some(found.clone()),
            (Some(valid), true) => {
                Some(Bitmap::from_words(array.len(), |word| valid.word(word) & found.word(word)))
            }
        };
        Array::new(ArrayData::Bool(found), validity)
    }
}

/// A value for each row of a batch, from one of several expressions, each of which is evaluated
/// only on the rows that still need a value.
struct Choice<'a> {
    dtype: &'a DataType,
    batch: &'a Batch,
    level: Level,
    /// Rows without a value yet; `None` stands for all.
    rest: Option<Vec<u32>>,
    arrays: Vec<Array>,
    picks: Vec<(u32, u32)>,
}

impl<'a> Choice<'a> {
    fn new(dtype: &'a DataType, batch: &'a Batch, level: Level) -> Choice<'a> {
        let picks = vec![(0, 0); batch.len];
        Choice { dtype, batch, level, rest: None, arrays: Vec::new(), picks }
    }

    fn rest_rows(&self) -> Vec<u32> {
        match &self.rest {
            Some(rows) => rows.clone(),
            None => (0..self.batch.len as u32).collect(),
        }
    }

    fn is_complete(&self) -> bool {
        self.rest.as_ref().map_or(self.batch.len == 0, Vec::is_empty)
    }

    fn on(&self, node: &Node, rows: Option<&[u32]>) -> Result<(Datum, usize)> {
        match rows {
            None => Ok((node.evaluate(self.batch, self.level)?, self.batch.len)),
            Some(rows) => {
                let mut wanted = node.wanted.clone();
                wanted.resize(self.batch.columns.len(), false);
                let part = self.batch.take(rows, &wanted)?;
                Ok((node.evaluate(&part, self.level)?, part.len))
            }
        }
    }

    /// Takes the rows that a condition chooses out of the rest.
    fn narrow(
        &mut self,
        condition: &Node,
        choose: impl Fn(&Datum, usize) -> Bitmap,
    ) -> Result<Vec<u32>> {
        let (values, len) = self.on(condition, self.rest.as_deref())?;
        let chosen = choose(&values, len);
        Ok(self.split(&chosen))
    }

    fn split(&mut self, chosen: &Bitmap) -> Vec<u32> {
        let rows = self.rest_rows();
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (index, row) in rows.into_iter().enumerate() {
            if chosen.get(index) { yes.push(row) } else { no.push(row) }
        }
        self.rest = Some(no);
        yes
    }

    fn settle(&mut self, node: &Node, rows: &[u32]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let all = rows.len() == self.batch.len;
        let (values, len) = self.on(node, (!all).then_some(rows))?;
        self.add(values.into_array(self.dtype, len), rows);
        Ok(())
    }

    fn add(&mut self, array: Array, rows: &[u32]) {
        let source = self.arrays.len() as u32;
        for (index, row) in rows.iter().enumerate() {
            self.picks[*row as usize] = (source, index as u32);
        }
        self.arrays.push(array);
    }

    fn settle_rest(&mut self, node: &Node) -> Result<()> {
        let rows = self.rest_rows();
        self.rest = Some(Vec::new());
        self.settle(node, &rows)
    }

    /// Settles the rows of the rest for which an operand has a value.
    fn settle_present(&mut self, node: &Node) -> Result<()> {
        let rows = self.rest_rows();
        let (values, len) = self.on(node, self.rest.as_deref())?;
        let array = values.into_array(self.dtype, len);
        let present = match array.validity() {
            None => Bitmap::repeat(true, len),
            Some(bits) => bits.clone(),
        };
        // Rows without a value are picked too, and picked again by what follows.
        self.add(array, &rows);
        self.split(&present);
        Ok(())
    }

    fn settle_null(&mut self) -> Result<()> {
        self.rest = Some(Vec::new());
        Ok(())
    }

    fn finish(self) -> Result<Datum> {
        if self.arrays.is_empty() {
            return Ok(Datum::Array(Array::nulls(self.dtype.clone(), self.batch.len)));
        }
        take::interleave(&self.arrays, self.dtype, &self.picks).map(Datum::Array)
    }
}
