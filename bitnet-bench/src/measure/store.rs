//! What benchmarks of one worker share: values that are expensive to make.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

type Slot = Arc<OnceLock<Arc<dyn Any + Send + Sync>>>;

/// Values by key and type, each made once in a worker.
#[derive(Default)]
pub struct Store {
    slots: Mutex<HashMap<(TypeId, String), Slot>>,
}

impl Store {
    /// The value of that key; made now if it was not before. Threads that ask at once share one.
    pub fn get<T: Any + Send + Sync>(&self, key: &str, make: impl FnOnce() -> T) -> Arc<T> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry((TypeId::of::<T>(), key.to_owned())).or_default())
        };
        // The map is not locked while the value is made, so that making one may ask for another.
        let value = Arc::clone(slot.get_or_init(|| Arc::new(make())));
        value.downcast().expect("the slot's key holds the value's type")
    }
}
