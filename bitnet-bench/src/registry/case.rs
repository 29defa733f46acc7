//! Cases: a benchmark at one point, on one device.

use std::fmt;
use std::sync::Arc;

use super::axis::{Axis, Point};
use super::definition::{Definition, Group, Source};
use crate::config::Overrides;
use crate::measure::{Amount, Bencher, Failure};

/// A benchmark at one point, on one device: the unit that is measured, stored and compared.
#[derive(Clone)]
pub struct Case {
    definition: Arc<Definition>,
    group: Option<Arc<Group>>,
    group_name: Arc<str>,
    point: Point,
    device: Arc<str>,
    threads: usize,
    id: String,
}

impl Case {
    /// `group/name[axis=value,…]@device`: stable, unique, and the key of every store.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The group.
    pub fn group(&self) -> &str {
        &self.group_name
    }

    /// The benchmark's name.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// The axes' names and the labels of their values here.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.point.labels()
    }

    /// The name of the device.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Threads that run the subject at once.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// The tags of the benchmark and of its group.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        let group = self.group.iter().flat_map(|group| &group.tags);
        self.definition.tags.iter().chain(group).map(String::as_str)
    }

    /// Why the case is left out unless it is asked for; may be empty.
    pub fn ignored(&self) -> Option<&str> {
        let group = self.group.as_ref().and_then(|group| group.ignored.as_deref());
        self.definition.ignored.as_deref().or(group)
    }

    /// Where the benchmark is defined.
    pub fn source(&self) -> Source {
        self.definition.source
    }

    /// The settings that the benchmark overrides.
    pub fn overrides(&self) -> &Overrides {
        &self.definition.overrides
    }

    /// The settings that the benchmark's group overrides, and where it does.
    pub fn group_overrides(&self) -> Option<(&Overrides, Source)> {
        self.group.as_ref().map(|group| (&group.overrides, group.source))
    }

    /// What one iteration of one thread processes, as far as it was declared with the benchmark.
    pub fn amounts(&self) -> impl Iterator<Item = (Amount, f64)> {
        self.definition.amounts.iter().map(|(amount, of)| (*amount, of(&self.point)))
    }

    /// Runs the benchmark's body at this point.
    ///
    /// # Errors
    /// What the body returns, or that there is none.
    pub fn run(&self, bencher: &mut Bencher<'_>) -> Result<(), Failure> {
        let body = self.definition.body.as_ref();
        let body =
            body.ok_or_else(|| Failure::misused("the benchmark has no body: give it one with `Definition::body`"))?;
        body(bencher, &self.point)
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Case").field(&self.id).finish()
    }
}

/// The cases of a benchmark: the product of its axes, less the points that are skipped.
pub(super) fn cases_of(mut definition: Definition, group: Option<Arc<Group>>) -> Vec<Case> {
    let inherited = group.as_ref().and_then(|group| group.threads.clone());
    if let (None, Some(threads)) = (&definition.threads, inherited) {
        definition.threads(threads);
    }
    let devices = definition.devices.clone().or_else(|| group.as_ref().and_then(|group| group.devices.clone()));
    let devices: Vec<Arc<str>> =
        devices.unwrap_or_else(|| vec!["cpu".to_owned()]).iter().map(|d| d.as_str().into()).collect();
    let group_name: Arc<str> = group_name(&definition, group.as_deref()).into();
    let axes: Arc<[Axis]> = definition.axes.clone().into();
    let definition = Arc::new(definition);

    let points = product(&axes).filter(|point| definition.skip.as_ref().is_none_or(|skip| !skip(point)));
    points
        .flat_map(|point| devices.iter().map(move |device| (point.clone(), Arc::clone(device))))
        .map(|(point, device)| Case {
            id: id(&group_name, &definition.name, &point, &device),
            threads: threads_at(&definition, &point),
            definition: Arc::clone(&definition),
            group: group.clone(),
            group_name: Arc::clone(&group_name),
            point,
            device,
        })
        .collect()
}

/// The attribute's own group, else that of the module, else the module's path.
fn group_name(definition: &Definition, group: Option<&Group>) -> String {
    match (&definition.group, group) {
        (Some(name), _) => name.clone(),
        (None, Some(group)) => group.name.clone(),
        (None, None) => definition.source.module.replace("::", "/"),
    }
}

fn threads_at(definition: &Definition, point: &Point) -> usize {
    match (definition.threads_at, &definition.threads) {
        (Some(position), Some(threads)) => threads[point.indices[position]],
        _ => 1,
    }
}

/// How many points the axes have; `None` if that cannot be counted.
pub(super) fn points(axes: &[Axis]) -> Option<usize> {
    axes.iter().try_fold(1_usize, |count, axis| count.checked_mul(axis.values.len()))
}

/// Every combination of the axes' values; the last axis changes fastest.
fn product(axes: &Arc<[Axis]>) -> impl Iterator<Item = Point> {
    let count = points(axes).unwrap_or(0);
    let axes = Arc::clone(axes);
    (0..count).map(move |mut number| {
        let mut indices = vec![0; axes.len()];
        for (index, axis) in indices.iter_mut().zip(axes.iter()).rev() {
            *index = number % axis.values.len();
            number /= axis.values.len();
        }
        Point { axes: Arc::clone(&axes), indices }
    })
}

fn id(group: &str, name: &str, point: &Point, device: &str) -> String {
    let labels: Vec<String> = point.labels().map(|(axis, label)| format!("{axis}={label}")).collect();
    let labels = if labels.is_empty() { String::new() } else { format!("[{}]", labels.join(",")) };
    format!("{group}/{name}{labels}@{device}")
}
