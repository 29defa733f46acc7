use std::time::Duration;

use super::*;

/// A set that has counted the given program once.
fn counted(program: impl FnOnce()) -> Counters {
    counted_with(CounterSet::open(), program)
}

fn counted_with(mut set: CounterSet, program: impl FnOnce()) -> Counters {
    set.enable();
    program();
    set.disable();
    set.read(1)
}

/// A set that perf has refused everything, as in a container.
fn without_perf() -> CounterSet {
    let names = events::of_software().into_iter().map(|event| event.name).filter(|name| Accounts::keep(name));
    CounterSet {
        groups: Vec::new(),
        accounted: names.collect(),
        opened: None,
        gained: Accounts::default(),
        missing: Vec::new(),
    }
}

/// Works for so long, by the thread's own clock: what others take away does not count.
fn work(time: Duration) {
    let clock = || Accounts::read().unwrap().get("task-clock").unwrap();
    let end = clock() + u64::try_from(time.as_nanos()).unwrap();
    while clock() < end {}
}

/// Touches so many pages that no one has touched before.
fn touch_fresh_pages(pages: usize) {
    // SAFETY: asks for the size of a page; reads nothing of ours.
    let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap();
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping that overlaps nothing, without a file behind it.
    let start = unsafe { libc::mmap(std::ptr::null_mut(), pages * page, protection, flags, -1, 0) };
    assert_ne!(start, libc::MAP_FAILED);
    // SAFETY: the range is the new mapping; with huge pages there would be fewer faults.
    unsafe { libc::madvise(start, pages * page, libc::MADV_NOHUGEPAGE) };
    for index in 0..pages {
        // SAFETY: the address lies within the mapping, which may be written.
        unsafe { start.cast::<u8>().add(index * page).write_volatile(1) };
    }
    // SAFETY: the range is the mapping, and nothing refers to it any longer.
    unsafe { libc::munmap(start, pages * page) };
}

#[test]
fn fresh_pages_are_faults() {
    for set in [CounterSet::open(), without_perf()] {
        let counters = counted_with(set, || touch_fresh_pages(1000));
        let faults = counters.get("page-faults").unwrap();
        assert!((1000.0..1100.0).contains(&faults), "{faults}");
        let (minor, major) = (counters.get("minor-faults").unwrap(), counters.get("major-faults").unwrap());
        assert_eq!(minor + major, faults);
    }
}

#[test]
fn the_task_clock_grows_with_work_and_not_with_sleep() {
    for open in [CounterSet::open, without_perf] {
        let clock = |program: fn()| counted_with(open(), program).get("task-clock").unwrap();
        let short = clock(|| work(Duration::from_millis(5)));
        let long = clock(|| work(Duration::from_millis(20)));
        let sleeping = clock(|| std::thread::sleep(Duration::from_millis(20)));
        // Perf leaves out some microseconds at each switch, which the thread's own clock counts.
        assert!(short > 4e6 && long > 16e6 && long > 2.0 * short, "{short} {long}");
        assert!(sleeping < short / 2.0, "{sleeping} {short}");
    }
}

#[test]
fn sleeps_are_context_switches() {
    for set in [CounterSet::open(), without_perf()] {
        let sleep = || (0..20).for_each(|_| std::thread::sleep(Duration::from_millis(1)));
        let switches = counted_with(set, sleep).get("context-switches").unwrap();
        // On a busy machine a sleep can be over before the kernel comes to switch.
        assert!(switches >= 15.0, "{switches}");
    }
}

#[test]
fn what_happens_while_counting_is_off_is_not_counted() {
    for mut set in [CounterSet::open(), without_perf()] {
        touch_fresh_pages(500);
        for _ in 0..10 {
            set.enable();
            touch_fresh_pages(10);
            set.disable();
            touch_fresh_pages(500);
        }
        let faults = set.read(10).get("page-faults").unwrap();
        assert!((10.0..20.0).contains(&faults), "{faults}");
    }
}

#[test]
fn a_reset_forgets() {
    for mut set in [CounterSet::open(), without_perf()] {
        set.enable();
        touch_fresh_pages(500);
        set.disable();
        set.reset();
        assert_eq!(set.read(1).get("page-faults"), Some(0.0));
        set.enable();
        touch_fresh_pages(10);
        set.disable();
        let counters = set.read(1);
        assert!((10.0..100.0).contains(&counters.get("page-faults").unwrap()));
        assert!(counters.get("task-clock").unwrap() > 0.0);
    }
}

#[test]
fn other_threads_are_not_counted() {
    let faults = counted(|| {
        std::thread::scope(|scope| scope.spawn(|| touch_fresh_pages(5000)).join().unwrap());
    });
    assert!(faults.get("page-faults").unwrap() < 1000.0);
}

#[test]
fn every_event_is_counted_or_explained() {
    let counters = counted(|| work(Duration::from_millis(1)));
    for event in events::of_software().iter().chain(&events::of_hardware()) {
        let missing = counters.missing.iter().find(|missing| missing.name == event.name);
        assert_ne!(counters.get(event.name).is_some(), missing.is_some(), "{}", event.name);
        assert!(missing.is_none_or(|missing| !missing.reason.is_empty()));
    }
    // A processor that counts cycles has counted some.
    assert!(counters.get("cycles").is_none_or(|cycles| cycles > 0.0));
}

#[test]
fn accounts_and_perf_agree() {
    let mut perf = CounterSet::open();
    if perf.accounted.contains(&"page-faults") {
        eprintln!("skipped: perf_event_open is not permitted here");
        return;
    }
    let mut accounts = without_perf();
    accounts.enable();
    perf.enable();
    touch_fresh_pages(300);
    (0..10).for_each(|_| std::thread::sleep(Duration::from_micros(50)));
    perf.disable();
    accounts.disable();
    let (perf, accounts) = (perf.read(1), accounts.read(1));
    for (name, tolerance) in [("page-faults", 5.0), ("context-switches", 2.0), ("task-clock", 2e6)] {
        let (perf, accounts) = (perf.get(name).unwrap(), accounts.get(name).unwrap());
        assert!((perf - accounts).abs() <= tolerance, "{name}: {perf} {accounts}");
    }
}

#[test]
fn a_counter_that_took_turns_is_scaled() {
    let reading = |count, time_enabled, time_running| CountAndTime { count, time_enabled, time_running };
    assert_eq!(scaled(&reading(10, 100, 100), &reading(30, 300, 150)), Some((80.0, Some(0.25))));
    assert_eq!(scaled(&reading(10, 100, 50), &reading(30, 300, 250)), Some((20.0, None)));
    assert_eq!(scaled(&reading(0, 0, 0), &reading(0, 100, 0)), None, "never zero in place of missing");
    assert_eq!(scaled(&reading(5, 10, 10), &reading(5, 10, 10)), Some((0.0, None)), "never switched on");
}
