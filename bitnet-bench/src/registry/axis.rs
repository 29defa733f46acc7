//! Axes and points: the named lists of values that a benchmark is measured at.

use std::any::Any;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::Arc;

/// A value that an axis can have. Every type that can be cloned, shown with [`Debug`] and shared
/// between threads is one; its label in case ids is its `Debug` text, without quotes and blanks.
pub trait AxisValue: Any + Clone + Debug + Send + Sync {}

impl<T: Any + Clone + Debug + Send + Sync> AxisValue for T {}

/// What `sizes = …` may list: `usize`, or arrays and tuples of it, of any rank.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a size",
    note = "a size is a `usize`, an array such as `[usize; 2]`, or a tuple of `usize`"
)]
pub trait Size: AxisValue {}

impl Size for usize {}
impl<const RANK: usize> Size for [usize; RANK] {}
impl Size for (usize, usize) {}
impl Size for (usize, usize, usize) {}
impl Size for (usize, usize, usize, usize) {}

/// A named list of values.
#[derive(Clone)]
pub struct Axis {
    pub(super) name: &'static str,
    pub(super) values: Arc<[Value]>,
}

/// One value of an axis, with the label that stands for it in case ids.
pub(super) struct Value {
    pub(super) label: String,
    value: Box<dyn Any + Send + Sync>,
}

impl Axis {
    pub(super) fn new<T: AxisValue>(name: &'static str, values: impl IntoIterator<Item = T>) -> Self {
        let values = values.into_iter().map(|value| Value { label: label(&value), value: Box::new(value) });
        Self { name, values: values.collect() }
    }

    /// An axis whose values are their own labels: types, devices.
    pub(super) fn of_labels(name: &'static str, labels: impl IntoIterator<Item = String>) -> Self {
        let values = labels.into_iter().map(|label| Value { label: label.clone(), value: Box::new(label) });
        Self { name, values: values.collect() }
    }

    /// The axis' name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The labels of its values, in the order in which they were listed.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = &str> {
        self.values.iter().map(|value| value.label.as_str())
    }
}

/// The text that stands for a value in case ids: its `Debug` text without quotes and blanks,
/// a list written as `2560x6912`, and without the characters that case ids give a meaning to.
fn label(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let inner = text.strip_prefix(['[', '(']).and_then(|text| text.strip_suffix([']', ')']));
    let text = inner.map_or_else(|| text.clone(), |inner| inner.replace(", ", "x"));
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '"')
        .map(|c| if matches!(c, '[' | ']' | ',' | '=' | '@') { '.' } else { c })
        .collect()
}

/// The handle to a typed axis of a [`Definition`](super::Definition): with it, a
/// [`Point`] gives back the axis' value.
pub struct Key<T> {
    pub(super) position: usize,
    value: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    pub(super) fn at(position: usize) -> Self {
        Self { position, value: PhantomData }
    }
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

/// One value of each axis of a benchmark: what a case is measured at.
#[derive(Clone)]
pub struct Point {
    pub(super) axes: Arc<[Axis]>,
    pub(super) indices: Vec<usize>,
}

impl Point {
    /// The value of an axis at this point.
    pub fn at<T: AxisValue>(&self, key: Key<T>) -> T {
        self.at_ref(key).clone()
    }

    /// The value of an axis at this point, borrowed.
    ///
    /// # Panics
    /// If the key is another definition's.
    pub fn at_ref<T: AxisValue>(&self, key: Key<T>) -> &T {
        let value = &self.axes[key.position].values[self.indices[key.position]].value;
        value.downcast_ref().expect("a key reads the axis of its own definition")
    }

    /// The place of an axis' value in its list.
    pub fn index<T>(&self, key: Key<T>) -> usize {
        self.indices[key.position]
    }

    /// The names of the axes with the labels of their values at this point.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.axes.iter().zip(&self.indices).map(|(axis, &index)| (axis.name, axis.values[index].label.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[derive(Debug)]
    #[allow(dead_code, reason = "read through Debug")]
    struct Shape {
        rows: usize,
    }

    #[test]
    fn labels_read_well_and_stay_out_of_the_id_s_syntax() {
        assert_eq!(label(&[2560_usize, 6912]), "2560x6912");
        assert_eq!(label(&(1_usize, 2_usize)), "1x2");
        assert_eq!(label(&1.58_f32), "1.58");
        assert_eq!(label(&"a b=c@d"), "ab.c.d");
        assert_eq!(label(&Some(3)), "Some(3)");
        assert_eq!(label(&Shape { rows: 2 }), "Shape{rows:2}");
        assert_eq!(label(&[[1, 2], [3, 4]]), ".1x2.x.3x4.");
    }
}
