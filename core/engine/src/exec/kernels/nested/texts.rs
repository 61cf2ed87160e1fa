//! Lists of texts: joined, and made of texts.

use crate::column::bitmap::intersect;
use crate::column::nested::require_room;
use crate::column::{Array, ArrayData, DataType, ListValues, TextAppender, Values};
use crate::error::Result;
use crate::exec::kernels::Datum;

/// The texts of each list, with a separator between two; nulls among them are left out.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn join(array: &Array, separator: &Datum) -> Result<Array> {
    let lists = array.lists();
    let (child, texts) = (lists.child(), lists.child().as_text());
    let validity = intersect(array.validity(), separator.validity());
    let mut builder = TextAppender::new(array.len());
    let mut joined = String::new();
    for row in 0..array.len() {
        joined.clear();
        if validity.as_ref().is_none_or(|bits| bits.get(row)) {
            let mut is_first = true;
            for index in lists.range(row).filter(|index| child.is_valid(*index)) {
                if !std::mem::take(&mut is_first) {
                    joined.push_str(separator.text(row));
                }
                joined.push_str(texts.get(index));
            }
        }
        builder.push(&joined)?;
    }
    Ok(Array::new(ArrayData::Utf8(builder.finish()), validity))
}

/// The parts of each text between separators.
///
/// Errors: `LimitExceeded` when the parts do not fit one array.
pub fn split(array: &Array, separator: &Datum) -> Result<Array> {
    let validity = intersect(array.validity(), separator.validity());
    let mut lists = TextLists::new(array.len());
    let text = array.as_text();
    for row in 0..array.len() {
        if validity.as_ref().is_none_or(|bits| bits.get(row)) {
            match separator.text(row) {
                "" => lists.push(text.get(row))?,
                separator => {
                    text.get(row).split(separator).try_for_each(|part| lists.push(part))?;
                }
            }
        }
        lists.end();
    }
    Ok(lists.finish(validity))
}

/// Lists of texts under construction.
pub struct TextLists {
    offsets: Vec<i32>,
    texts: TextAppender,
    count: usize,
}

impl TextLists {
    /// With room for so many lists.
    pub fn new(capacity: usize) -> TextLists {
        let mut offsets = Vec::with_capacity(capacity + 1);
        offsets.push(0);
        TextLists { offsets, texts: TextAppender::new(capacity), count: 0 }
    }

    /// Appends a text to the list that `end` will end.
    ///
    /// Errors: `LimitExceeded`.
    pub fn push(&mut self, text: &str) -> Result<()> {
        require_room(self.count + 1)?;
        self.count += 1;
        self.texts.push(text)
    }

    /// Ends a list.
    pub fn end(&mut self) {
        self.offsets.push(self.count as i32);
    }

    /// The lists as an array.
    pub fn finish(self, validity: Option<crate::column::Bitmap>) -> Array {
        let texts = Array::new(ArrayData::Utf8(self.texts.finish()), None);
        let data = ArrayData::List(ListValues::new(Values::from(self.offsets), texts));
        let dtype = DataType::List(std::sync::Arc::new(DataType::Utf8));
        Array::typed(dtype, data, validity)
    }
}
