//! Device memory, through wgpu.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::mpsc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::subject::{PoolStatistics, Refusal};

/// The smallest buffer: what bindings are aligned to.
const LEAST: u64 = 256;
/// What a pool's buffers can be used for.
const USES: wgpu::BufferUsages =
    wgpu::BufferUsages::STORAGE.union(wgpu::BufferUsages::COPY_SRC).union(wgpu::BufferUsages::COPY_DST);

/// A pool of a graphics processor's memory: buffers by size, four sizes to a doubling, used again when they are given
/// back. Any number of threads may use it at once.
///
/// ```no_run
/// use bitnet_benchmarks::reference::pool::DevicePool;
///
/// let pool = DevicePool::new()?;
/// let block = pool.allocate(1 << 20)?;
/// pool.write(&block, &[1; 1 << 20])?;
/// assert_eq!(pool.read(&block)?, [1; 1 << 20]);
/// pool.deallocate(block);
/// # Ok::<(), bitnet_benchmarks::subject::Refusal>(())
/// ```
#[derive(Debug)]
pub struct DevicePool {
    device: wgpu::Device,
    queue: wgpu::Queue,
    adapter: String,
    is_software: bool,
    limit: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Released buffers, by size.
    free: BTreeMap<u64, Vec<wgpu::Buffer>>,
    requested: u64,
    allocated: u64,
    reserved: u64,
    blocks: usize,
    peak: u64,
}

/// A block of a [`DevicePool`].
#[derive(Debug)]
pub struct DeviceBlock {
    buffer: wgpu::Buffer,
    size: u64,
}

impl DeviceBlock {
    /// The buffer, which may be larger than was asked for.
    pub fn buffer(&self) -> &wgpu::Buffer {
        &self.buffer
    }

    /// Bytes that were asked for.
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl DevicePool {
    /// An empty pool on the adapter that wgpu prefers.
    ///
    /// # Errors
    /// If there is no adapter, or it gives no device.
    pub fn new() -> Result<Self, Refusal> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..wgpu::RequestAdapterOptions::default()
        };
        let adapter = at_once(instance.request_adapter(&options))?
            .map_err(|error| Refusal::new(format!("there is no graphics processor: {error}")))?;
        let wanted = wgpu::DeviceDescriptor { required_limits: adapter.limits(), ..wgpu::DeviceDescriptor::default() };
        let (device, queue) = at_once(adapter.request_device(&wanted))?
            .map_err(|error| Refusal::new(format!("the graphics processor gives no device: {error}")))?;
        let info = adapter.get_info();
        let adapter = format!("{} ({})", info.name, info.backend);
        let is_software = info.device_type == wgpu::DeviceType::Cpu;
        Ok(Self { device, queue, adapter, is_software, limit: u64::MAX, state: Mutex::default() })
    }

    /// An empty pool on the same device, that takes at most `limit` bytes from it.
    pub fn with_limit(&self, limit: u64) -> Self {
        let (device, queue, adapter) = (self.device.clone(), self.queue.clone(), self.adapter.clone());
        Self { device, queue, adapter, is_software: self.is_software, limit, state: Mutex::default() }
    }

    /// The adapter's name, with the interface that it is used through.
    pub fn adapter(&self) -> &str {
        &self.adapter
    }

    /// Whether the adapter is a program on the processor, whose memory is the host's.
    pub fn is_software(&self) -> bool {
        self.is_software
    }

    /// Hands out a block of `size` bytes.
    ///
    /// # Errors
    /// If the limit is reached, or the device's.
    pub fn allocate(&self, size: u64) -> Result<DeviceBlock, Refusal> {
        let capacity =
            capacity(size).ok_or_else(|| Refusal::new(format!("{size} bytes are more than there can be")))?;
        let mut state = self.state();
        let buffer = match state.free.get_mut(&capacity).and_then(Vec::pop) {
            Some(buffer) => buffer,
            None => self.create(&mut state, capacity)?,
        };
        state.requested += size;
        state.allocated += capacity;
        state.blocks += 1;
        state.peak = state.peak.max(state.requested);
        Ok(DeviceBlock { buffer, size })
    }

    /// Takes a block back.
    pub fn deallocate(&self, block: DeviceBlock) {
        let capacity = block.buffer.size();
        let mut state = self.state();
        state.requested -= block.size;
        state.allocated -= capacity;
        state.blocks -= 1;
        state.free.entry(capacity).or_default().push(block.buffer);
    }

    /// Gives the memory that no block uses back to the device, and says how many bytes it was.
    pub fn cleanup(&self) -> u64 {
        let mut state = self.state();
        let free = std::mem::take(&mut state.free);
        let given = free.iter().map(|(capacity, buffers)| capacity * buffers.len() as u64).sum();
        state.reserved -= given;
        free.into_values().flatten().for_each(|buffer| buffer.destroy());
        given
    }

    /// What the pool knows of itself.
    pub fn statistics(&self) -> PoolStatistics {
        let state = self.state();
        PoolStatistics {
            requested: state.requested as usize,
            allocated: state.allocated as usize,
            reserved: state.reserved as usize,
            largest_free: state.free.iter().rfind(|(_, free)| !free.is_empty()).map_or(0, |(&size, _)| size as usize),
            blocks: state.blocks,
            peak: state.peak as usize,
        }
    }

    /// Copies bytes to the start of a block, and waits until they are there.
    ///
    /// # Errors
    /// If they do not fit, are not a multiple of 4 bytes, or the device is lost.
    pub fn write(&self, block: &DeviceBlock, bytes: &[u8]) -> Result<(), Refusal> {
        if bytes.len() as u64 > block.size || !(bytes.len() as u64).is_multiple_of(wgpu::COPY_BUFFER_ALIGNMENT) {
            let (given, size) = (bytes.len(), block.size);
            return Err(Refusal::new(format!(
                "{given} bytes cannot be copied to {size}: fewer, in multiples of 4, can"
            )));
        }
        self.queue.write_buffer(&block.buffer, 0, bytes);
        self.queue.submit([]);
        self.wait()
    }

    /// Copies a block's bytes back, rounded up to a multiple of 4.
    ///
    /// # Errors
    /// If the device is lost.
    pub fn read(&self, block: &DeviceBlock) -> Result<Vec<u8>, Refusal> {
        let size = block.size.next_multiple_of(wgpu::COPY_BUFFER_ALIGNMENT);
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        let descriptor = wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false };
        let staging = self.device.create_buffer(&descriptor);
        let mut commands = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        commands.copy_buffer_to_buffer(&block.buffer, 0, &staging, 0, size);
        self.queue.submit([commands.finish()]);
        let (sender, mapped) = mpsc::channel();
        staging.map_async(wgpu::MapMode::Read, .., move |outcome| {
            let _ = sender.send(outcome);
        });
        self.wait()?;
        mapped.recv().map_err(Refusal::new)?.map_err(Refusal::new)?;
        Ok(staging.get_mapped_range(..).map_err(Refusal::new)?.to_vec())
    }

    fn wait(&self) -> Result<(), Refusal> {
        self.device.poll(wgpu::PollType::wait_indefinitely()).map(|_| ()).map_err(Refusal::new)
    }

    fn create(&self, state: &mut State, size: u64) -> Result<wgpu::Buffer, Refusal> {
        let (most, held) = (self.device.limits().max_buffer_size, state.reserved);
        if size > most {
            return Err(Refusal::new(format!("the device has no buffers of {size} bytes: {most} at most")));
        }
        if size > self.limit.saturating_sub(held) {
            let limit = self.limit;
            return Err(Refusal::new(format!(
                "the pool may hold {limit} bytes: it holds {held}, and needs {size} more"
            )));
        }
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let descriptor = wgpu::BufferDescriptor { label: None, size, usage: USES, mapped_at_creation: false };
        let buffer = self.device.create_buffer(&descriptor);
        if let Some(error) = at_once(scope.pop())? {
            return Err(Refusal::new(format!("the device has no {size} bytes: {error}")));
        }
        state.reserved += size;
        Ok(buffer)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The size that a request is rounded up to: a power of two, or 5, 6 or 7 quarters of one. What rounding adds is below
/// a quarter. `None` beyond 2⁶³.
fn capacity(size: u64) -> Option<u64> {
    let size = size.max(LEAST);
    let quarter = (1 << (size - 1).checked_ilog2()?) / 4;
    size.checked_next_multiple_of(quarter).filter(|&size| size <= 1 << 63)
}

/// What the future gives, which natively is there at once.
fn at_once<T>(future: impl Future<Output = T>) -> Result<T, Refusal> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Ok(outcome),
        Poll::Pending => Err(Refusal::new("wgpu does not answer at once here")),
    }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn capacities_hold_and_waste_little() {
        assert_eq!([1, 256, 257, 320, 321, 1 << 20].map(capacity), [256, 256, 320, 320, 384, 1 << 20].map(Some));
        for size in (256..100_000).chain([(1 << 40) + 1]) {
            let capacity = capacity(size).expect("it is small");
            assert!(capacity >= size && (capacity - size) as f64 <= 0.25 * size as f64, "{size} becomes {capacity}");
        }
        assert_eq!(capacity(u64::MAX), None);
    }

    /// The pool, or `None`, said aloud, where there is no adapter and none is required.
    fn pool() -> Option<DevicePool> {
        match DevicePool::new() {
            Ok(pool) => Some(pool),
            Err(refusal) => {
                let required = std::env::var("BITNET_BENCH_REQUIRE").unwrap_or_default();
                assert!(!required.split(',').any(|name| name == "gpu"), "{refusal}");
                eprintln!("skipped: {refusal}");
                None
            }
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let Some(pool) = pool() else { return };
        let bytes: Vec<u8> = (0..100_000).map(|byte| byte as u8).collect();
        let block = pool.allocate(bytes.len() as u64).expect("it is little");
        pool.write(&block, &bytes).expect("it fits");
        assert_eq!(pool.read(&block).expect("the device is there"), bytes);
        assert!(pool.write(&block, &bytes[..3]).is_err());
        pool.deallocate(block);
    }

    #[test]
    fn buffers_are_used_again_and_the_limit_holds() {
        let Some(pool) = pool().map(|pool| pool.with_limit(4096)) else { return };
        let blocks: Vec<_> = (0..4).map(|_| pool.allocate(1000).expect("the limit allows it")).collect();
        assert!(pool.allocate(1).unwrap_err().to_string().contains("the pool may hold 4096 bytes"));
        blocks.into_iter().for_each(|block| pool.deallocate(block));
        let PoolStatistics { requested, reserved, largest_free, peak, .. } = pool.statistics();
        assert_eq!((requested, reserved, largest_free, peak), (0, 4096, 1024, 4000));
        pool.deallocate(pool.allocate(1024).expect("a released buffer serves"));
        assert_eq!((pool.cleanup(), pool.statistics().reserved), (4096, 0));
    }
}
