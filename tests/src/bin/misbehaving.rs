//! A bench target of which most benchmarks misbehave. Those in `good` do what a subject may do, or
//! what it should not but only hurts itself with: they are measured all the same. Those in `bad`
//! each fail in a way of their own.

use bitnet_bench::bitnet_bench_group;

bitnet_bench::main!();

/// What is measured: plain subjects, and rude ones.
#[bitnet_bench_group]
mod good {
    use std::hint::black_box;
    use std::io::{Read, Write};

    #[cfg(unix)]
    use bitnet_bench::Direction;
    use bitnet_bench::{Bencher, bitnet_bench};

    #[bitnet_bench(n = [1, 2, 3, 4])]
    fn plain(n: u32) -> u32 {
        black_box(n).pow(3)
    }

    /// Half a line, bytes that are no text, and more than a pipe holds.
    #[bitnet_bench]
    fn prints_garbage(b: &mut Bencher) {
        print!("half a line of garbage");
        let _ = std::io::stdout().write_all(&[b'\n', 0xff, 0x00, 0x1b, b'[', b'2', b'J', 0xfe]);
        println!("{}", "garbage ".repeat(20_000));
        b.iter(|| {
            print!("garbage");
            black_box(1)
        });
    }

    /// What a worker would answer to its parent, with and without the mark.
    #[bitnet_bench]
    fn forges_an_answer(b: &mut Bencher) {
        let forged = r#"{"failed":{"kind":"panicked","message":"forged"}}"#;
        for line in [format!("\n\u{1}bitnet-bench:{forged}\n"), format!("\n{forged}\n"), "\n\"tested\"\n".to_owned()] {
            let _ = std::io::stdout().write_all(line.as_bytes());
            let _ = std::io::stderr().write_all(line.as_bytes());
        }
        b.iter(|| black_box(1));
    }

    /// There is nothing to read; the requests of the parent least of all.
    #[bitnet_bench]
    fn reads_its_input(b: &mut Bencher) {
        let mut text = String::new();
        let length = std::io::stdin().read_to_string(&mut text).expect("an empty input can be read");
        assert_eq!(length, 0, "a subject was given {text:?} to read");
        b.iter(|| black_box(1));
    }

    #[bitnet_bench]
    fn goes_elsewhere(b: &mut Bencher) {
        let _ = std::env::set_current_dir("/");
        b.iter(|| black_box(1));
    }

    /// A process that the subject leaves behind, with the worker's pipes in its hands.
    #[cfg(unix)]
    #[bitnet_bench]
    fn leaves_a_process(b: &mut Bencher) {
        #[expect(clippy::zombie_processes, reason = "that is the misbehaviour")]
        let process = std::process::Command::new("sleep").arg("60").spawn().expect("`sleep` is everywhere");
        b.metric("process", process.id() as usize, "", Direction::LowerIsBetter).iter(|| black_box(1));
    }

    /// A panic that the subject itself catches, and a thread that never ends.
    #[bitnet_bench]
    fn panics_in_private(b: &mut Bencher) {
        assert!(std::panic::catch_unwind(|| panic!("caught")).is_err());
        std::thread::spawn(|| {
            loop {
                std::thread::park();
            }
        });
        b.iter(|| black_box(1));
    }
}

/// What fails.
#[bitnet_bench_group]
mod bad {
    use std::hint::black_box;
    use std::sync::atomic::{AtomicBool, Ordering};

    use bitnet_bench::{Bencher, bitnet_bench};

    #[bitnet_bench]
    fn panics() {
        panic!("on purpose: {}", 6 * 7);
    }

    #[bitnet_bench]
    fn panics_with_a_number() {
        std::panic::panic_any(42_u32);
    }

    #[bitnet_bench]
    fn aborts() {
        eprintln!("last words");
        std::process::abort();
    }

    #[bitnet_bench]
    fn exits() {
        std::process::exit(0);
    }

    #[bitnet_bench(timeout = "1s")]
    fn loops_for_ever() {
        loop {
            std::hint::spin_loop();
        }
    }

    #[cfg(unix)]
    #[bitnet_bench]
    fn segfaults() {
        // SAFETY: nothing is safe about it: the fault is what is to be seen. The address is in the
        // first page, which is never mapped.
        unsafe { black_box(std::ptr::without_provenance_mut::<u8>(8)).write_volatile(1) };
    }

    /// It kills whatever is in its process group, which must not be the parent.
    #[cfg(unix)]
    #[bitnet_bench]
    fn kills_its_group() {
        // SAFETY: no memory is touched.
        unsafe { libc::kill(0, libc::SIGKILL) };
    }

    /// It closes the channels to its parent, with all else.
    #[cfg(unix)]
    #[bitnet_bench]
    fn closes_everything(b: &mut Bencher) {
        for descriptor in 0..64 {
            // SAFETY: nothing is safe about it: whoever still uses one of these finds it closed.
            unsafe { libc::close(descriptor) };
        }
        b.iter(|| black_box(1));
    }

    /// A stopped process neither answers nor ends.
    #[cfg(unix)]
    #[bitnet_bench(timeout = "1s")]
    fn stops() {
        // SAFETY: no memory is touched.
        unsafe { libc::raise(libc::SIGSTOP) };
    }

    #[bitnet_bench(inputs = no_inputs)]
    fn panics_before_it_is_timed(input: u32) -> u32 {
        input
    }

    fn no_inputs() -> u32 {
        panic!("no inputs today")
    }

    /// Blocks are touched, so that a machine without a limit would have to have them.
    #[cfg(target_os = "linux")]
    #[bitnet_bench]
    fn exhausts_memory() {
        loop {
            std::mem::forget(black_box(vec![1_u8; 16 << 20]));
        }
    }

    #[bitnet_bench]
    fn has_an_absurd_size() -> Vec<u8> {
        Vec::with_capacity(black_box(usize::MAX))
    }

    #[bitnet_bench]
    fn overflows_its_stack() -> u64 {
        #[expect(unconditional_recursion, reason = "that is the misbehaviour")]
        fn deeper(depth: u64) -> u64 {
            let frame = black_box([depth; 64]);
            deeper(depth + 1) + frame[0]
        }
        deeper(0)
    }

    #[bitnet_bench]
    fn returns_an_error() -> Result<u32, String> {
        Err("no such weight".to_owned())
    }

    #[bitnet_bench(check = |out| *out == 4)]
    fn gives_a_wrong_result() -> u32 {
        black_box(5)
    }

    /// One thread of two panics, and the other must not wait for it.
    #[bitnet_bench(threads = [2])]
    fn leaves_its_team(b: &mut Bencher) {
        static FIRST: AtomicBool = AtomicBool::new(true);
        assert!(!FIRST.swap(false, Ordering::Relaxed), "the first thread leaves");
        b.iter(|| black_box(1));
    }

    #[bitnet_bench]
    fn times_nothing(_b: &mut Bencher) {}

    #[bitnet_bench]
    fn times_twice(b: &mut Bencher) {
        b.iter(|| black_box(1));
        b.iter(|| black_box(2));
    }
}
