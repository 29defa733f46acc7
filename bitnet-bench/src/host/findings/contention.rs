//! Who else wants the cores.

use super::super::disturbance::Time;
use super::super::processor::Processor;
use super::super::{cgroup, cpus, virtualization};
use super::{Finding, Root, Severity};

/// Shows who uses the processor.
const WHO: &str = "top -b -n 1 -o %CPU | head -n 15";

pub(super) fn load(root: &Root) -> Option<Finding> {
    let average: f64 = root.text("proc/loadavg")?.split_whitespace().next()?.parse().ok()?;
    let cores = cpus::online(root).len();
    if cores == 0 || !average.is_finite() || average <= 0.5 * cores as f64 {
        return None;
    }
    let message = format!("on average {average} tasks wanted to run on {cores} cores over the last minute");
    let finding = Finding::note("load", message).remedy(WHO);
    let severity = if average > cores as f64 { Severity::Warning } else { Severity::Note };
    Some(Finding { severity, ..finding })
}

pub(super) fn pressure(root: &Root) -> Option<Finding> {
    let pressure = root.text("proc/pressure/cpu")?;
    let some = pressure.lines().find_map(|line| line.strip_prefix("some "))?;
    let percent: f64 = some.split_whitespace().find_map(|field| field.strip_prefix("avg10="))?.parse().ok()?;
    if !percent.is_finite() || percent <= 5.0 {
        return None;
    }
    let message = format!("tasks had to wait for a core during {percent:.0} % of the last 10 seconds");
    let finding = Finding::note("pressure", message).remedy(WHO);
    Some(Finding { severity: if percent > 20.0 { Severity::Warning } else { Severity::Note }, ..finding })
}

pub(super) fn few_cores(root: &Root) -> Option<Finding> {
    if cpus::online(root).len() == 1 {
        return Some(Finding::warning(
            "cores",
            "the machine has one core: everything else that runs takes its time from the subject",
        ));
    }
    let allowed = cpus::allowed(root);
    (allowed.len() == 1).then(|| {
        let message = format!(
            "only core {} is allowed: the harness and everything else that is bound to it take their time from the \
             subject",
            allowed[0]
        );
        Finding::warning("cores", message)
    })
}

pub(super) fn quota(root: &Root) -> Option<Finding> {
    let cores = cgroup::cpu_quota(root)?;
    // A quota that all allowed cores together cannot use up never stops anybody.
    let usable = cpus::allowed(root).len();
    if usable > 0 && cores >= usable as f64 {
        return None;
    }
    let message = format!(
        "a control group stops this process for the rest of each period once it has used {cores} cores' time \
         (a container's CPU limit)"
    );
    Some(Finding::warning("quota", message))
}

pub(super) fn virtual_machine(root: &Root) -> Option<Finding> {
    let hypervisor = virtualization::hypervisor(root, &Processor::read(root));
    let name = hypervisor.known()?.as_ref()?;
    let mut message = "the machine is a virtual one".to_owned();
    if name != "unnamed" {
        message.push_str(&format!(" ({name})"));
    }
    message.push_str(": others on the same hardware share its caches, memory and cores");
    let stolen = Time::read(root, None).and_then(Time::stolen_share).filter(|&share| share > 0.001);
    let finding = match stolen {
        Some(share) => {
            message.push_str(&format!(", and took {:.1} % of its time since it started", share * 100.0));
            Finding::warning("virtual machine", message)
        }
        None => Finding::note("virtual machine", message),
    };
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    #[test]
    fn load_is_judged_by_the_cores() {
        let root = FakeRoot::new(&[("proc/loadavg", "3.00 1 1 1/2 3"), ("sys/devices/system/cpu/online", "0-1")]);
        assert_eq!(load(&root).unwrap().severity, Severity::Warning);
        root.write("sys/devices/system/cpu/online", "0-3");
        assert_eq!(load(&root).unwrap().severity, Severity::Note);
        root.write("sys/devices/system/cpu/online", "0-7");
        assert_eq!(load(&root), None);
    }

    #[test]
    fn pressure_of_the_last_seconds() {
        let root = FakeRoot::new(&[("proc/pressure/cpu", "some avg10=31.20 avg60=0.00 total=1\nfull avg10=0.00\n")]);
        let finding = pressure(&root).unwrap();
        assert_eq!(finding.severity, Severity::Warning);
        assert!(finding.message.contains("31 %"));
        root.write("proc/pressure/cpu", "some avg10=1.20 avg60=90.00 total=1\n");
        assert_eq!(pressure(&root), None);
    }

    #[test]
    fn one_core_there_or_allowed() {
        let root =
            FakeRoot::new(&[("sys/devices/system/cpu/online", "0-3"), ("proc/self/status", "Cpus_allowed_list:\t2")]);
        assert!(few_cores(&root).unwrap().message.contains("only core 2"));
        root.write("proc/self/status", "Cpus_allowed_list:\t2-3");
        assert_eq!(few_cores(&root), None);
        root.write("sys/devices/system/cpu/online", "0");
        assert!(few_cores(&root).unwrap().message.contains("one core"));
    }

    #[test]
    fn a_quota_that_can_be_used_up() {
        let root = FakeRoot::new(&[
            ("proc/self/cgroup", "0::/\n"),
            ("proc/self/status", "Cpus_allowed_list:\t0-3"),
            ("sys/fs/cgroup/cpu.max", "150000 100000"),
        ]);
        assert!(quota(&root).unwrap().message.contains("1.5 cores"));
        root.write("sys/fs/cgroup/cpu.max", "400000 100000");
        assert_eq!(quota(&root), None);
    }

    #[test]
    fn a_guest_and_what_was_taken_from_it() {
        let root = FakeRoot::new(&[
            ("proc/cpuinfo", "flags : fpu hypervisor\n"),
            ("sys/hypervisor/type", "xen"),
            ("proc/stat", "cpu  100 0 0 800 0 0 0 0 0 0\n"),
        ]);
        let finding = virtual_machine(&root).unwrap();
        assert!(finding.message.contains("(Xen)") && finding.severity == Severity::Note);
        root.write("proc/stat", "cpu  100 0 0 800 0 0 0 100 0 0\n");
        let finding = virtual_machine(&root).unwrap();
        assert!(finding.message.contains("10.0 %") && finding.severity == Severity::Warning, "{}", finding.message);
        root.write("proc/cpuinfo", "flags : fpu\n");
        std::fs::remove_file(root.path("sys/hypervisor/type")).unwrap();
        assert_eq!(virtual_machine(&root), None);
    }
}
